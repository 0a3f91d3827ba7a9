import numpy as np
import polars as pl
import pytest

from features.alias import RARE_CROWD, Alias
from features.pairs import Pairs
from tests.builders import CorpusBuilder
from world.handles import look_alike, new_handle, renamed


def corpus_of(*handles):
    """One account on a market of its own for each handle; row i is handle i."""
    builder = CorpusBuilder()
    for number, handle in enumerate(handles):
        builder.account(f"market {number:05}", handle)
    return builder.build()


def level(left, right, *others):
    corpus = corpus_of(left, right, *others)
    feature = Alias()
    survey = feature.survey(corpus)
    outcome = feature.compare(feature.read(corpus, survey), survey, Pairs.of([0], [1]))
    return feature.levels[outcome.level[0] - 1].name if outcome.level[0] else None


def met(*handles):
    corpus = corpus_of(*handles)
    feature = Alias()
    survey = feature.survey(corpus)
    pairs = feature.meet(feature.read(corpus, survey), survey)
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def explained(left, right, *others):
    corpus = corpus_of(left, right, *others)
    feature = Alias()
    survey = feature.survey(corpus)
    return feature.explain(feature.read(corpus, survey), survey, (0, 1))


def test_one_handle_that_nobody_else_bears():
    assert level("Mapledesk", "Mapledesk") == "same_handle_unique"


def test_a_handle_that_some_others_bear_is_rare_and_one_that_many_bear_common():
    assert level("mapledesk", "mapledesk", "mapledesk") == "same_handle_rare"
    others = [f"mapledesk{number}" for number in range(RARE_CROWD - 2)]
    assert level("mapledesk", "mapledesk", *others) == "same_handle_rare"
    assert level("mapledesk", "mapledesk", *others, "mapledes") == "same_handle_common"


def test_a_short_handle_is_never_rare():
    assert level("oak", "oak") == "same_handle_common"


@pytest.mark.parametrize("other", ["MAPLEDESK", "maple-desk", "M4pl3d3sk", "m\u00e0p1edesk"])
def test_a_handle_in_other_dress_is_the_same_once_folded(other):
    assert level("mapledesk", other) == "same_folded_handle_unique"


@pytest.mark.parametrize(
    "other",
    ["mapledesk_official", "TheMapledesk", "mapledesk-on-market", "MapleDesk_2019", "v2_mapledesk"],
)
def test_what_people_put_around_a_handle_makes_no_other_name(other):
    assert level("mapledesk", other, "on").startswith("same_words")


def test_the_order_of_words_makes_no_other_name():
    assert level("maple_desk", "DeskMaple") == "same_words_unique"
    assert level("mapledesk", "desk.maple") == "same_words_unique"


@pytest.mark.parametrize(
    "other", ["mapledsk", "mapldeesk", "mapledeskk", "mapelxdesk", "maplexesk"]
)
def test_a_handle_an_edit_or_two_apart_is_edited(other):
    assert level("mapledesk", other) == "edited_handle_unique"


@pytest.mark.parametrize("other", ["mapledeskfarm", "mapledesque", "oldermapledesk"])
def test_a_handle_with_much_in_common_is_similar(other):
    assert level("mapledesk", other) == "similar_handle_unique"


def test_letters_of_another_script_that_look_the_same_are_a_level_of_their_own():
    assert level("mapledesk", "m\u0430pledesk") == "look_alike_letters"
    assert level("mapledesk", "m\u0430pledesk_official") == "look_alike_letters"
    assert level("m\u0430pledesk", "M\u0430pledesk") == "same_folded_handle_unique"


def test_unlike_handles_speak_against_and_only_they():
    assert level("mapledesk", "ironkettle") == "unlike_handles"
    assert [lvl.name for lvl in Alias.levels if lvl.speaks == "against"] == ["unlike_handles"]


def test_a_masked_handle_is_nothing_to_compare():
    corpus = corpus_of("mapledesk", "mapledesk")
    hidden = corpus.accounts.with_columns(handle=pl.lit(None, pl.String))
    masked = type(corpus)(**{**vars(corpus), "accounts": hidden})
    feature = Alias()
    survey = feature.survey(masked)
    traits = feature.read(masked, survey)
    assert feature.compare(traits, survey, Pairs.of([0], [1])).level.tolist() == [0]
    assert len(feature.meet(traits, survey)) == 0
    assert feature.explain(traits, survey, (0, 1)).level is None


def test_a_handle_that_cannot_be_seen_is_nothing_to_compare():
    assert level("\u200b\u2060", "\u200b\u2060\u200b") is None
    assert met("\u200b\u2060", "\u2060\u200b", "mapledesk") == set()


def test_handles_made_from_each_other_meet_and_strangers_do_not():
    handles = ["mapledesk", "Maple-Desk", "mapledesk99", "mapledsk", "ironkettle", "DeskMaple"]
    assert met(*handles) >= {(0, 1), (0, 2), (0, 3), (1, 5)}
    assert not any(4 in pair for pair in met(*handles))


def test_pairs_that_meet_are_never_unlike():
    corpus = corpus_of("mapledesk", "mapledust", "mapleoak", "oakmaple", "desk", "deskmaple")
    feature = Alias()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    unlike = len(feature.levels)
    pairs = feature.meet(traits, survey)
    assert len(pairs) > 0
    assert (feature.compare(traits, survey, pairs).level < unlike).all()


def test_nearly_all_variants_of_an_invented_world_meet():
    rng = np.random.default_rng(5)
    handles = [new_handle(rng) for _ in range(1_500)]
    variants = [(renamed, look_alike)[at % 2](rng, handle) for at, handle in enumerate(handles)]
    pairs = met(*handles, *variants)
    found = sum((at, at + len(handles)) in pairs for at in range(len(handles)))
    assert found >= 0.99 * len(handles)


def test_a_handle_in_fashion_is_borne_by_all_and_brings_together_nobody_too_often():
    handles = ["pharmacist"] * 1_200 + ["mapledesk", "mapledesk"]
    corpus = CorpusBuilder()
    for number, handle in enumerate(handles):
        corpus.account(f"market {number:04}", handle)
    feature = Alias()
    survey = feature.survey(corpus.build())
    pairs = feature.meet(feature.read(corpus.build(), survey), survey)
    assert len(pairs) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 100_000,
        "a" + "\u0301" * 100_000,
        "👨\u200d" * 30_000,
        "🦊🦊🦊",
        "\u202e\u200b",
        "A1-" * 30_000,
    ],
)
def test_a_hostile_handle_is_read_compared_and_explained_like_any_other(hostile):
    finding = explained(hostile, hostile + "b", "mapledesk")
    assert finding.sentence
    assert len(finding.sentence) < 1_000


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("MAPLEDESK", "differ in case;"),
        ("maple-desk", "separators and signs"),
        ("m4pl3d3sk", "digits written for letters"),
        ("mapl\u00e9desk", "accents"),
        ("mapldeesk", "two neighbouring letters swapped"),
        ("mapledeskk", "one letter more"),
        ("maplexesk", "one letter;"),
        ("maplexxsk", "2 edits of letters"),
        ("mapledesk_official", "“…official”"),
        ("deskmaple", "the order of the words"),
        ("DeskOfficialMaple", "titles, suffixes or the order of words"),
        (
            "m\u0430pledesk",
            "CYRILLIC SMALL LETTER A for a); letters of another script are put there to",
        ),
        ("mapledesk", "both bear the handle"),
        ("ironkettle", "little in common"),
    ],
)
def test_the_explanation_says_what_makes_one_handle_of_the_other(other, said):
    assert said in explained("mapledesk", other).sentence


def test_the_explanation_shows_both_handles_how_rare_they_are_and_where_they_stand():
    finding = explained("M4ple-Desk", "mapledesk", "mapledesks")
    assert "“M4ple-Desk” and “mapledesk”" in finding.sentence
    assert "3 accounts have such a handle, or one like it" in finding.sentence
    assert [citation.place for citation in finding.citations] == [
        "accounts line 1",
        "accounts line 2",
    ]


@pytest.mark.parametrize(
    ("handle", "marks"), [("дуб_и_ясень", ("a Cyrillic handle",)), ("Mapledesk", ()), ("7411", ())]
)
def test_chance_was_counted_on_latin_handles_and_others_say_so(handle, marks):
    assert explained("Mapledesk", handle).not_validated == marks
