import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.alias import Alias
from features.handles.keys import GRAM, Letters
from features.pairs import Pairs
from tests.builders import CorpusBuilder


def corpus_of(*handles):
    """One account on a market of its own for each handle; row i is handle i."""
    builder = CorpusBuilder()
    for number, handle in enumerate(handles):
        builder.account(f"market {number:03}", handle)
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


def test_one_rare_handle_on_two_markets():
    assert level("Mapledesk", "Mapledesk") == "same_handle_rare"


def test_a_handle_that_many_bear_as_a_word_is_common():
    others = [f"mapledesk_{word}" for word in ("oak", "elm", "ash", "fir", "yew")]
    assert level("mapledesk", "mapledesk", *others) == "same_handle_common"


def test_a_short_handle_is_never_rare():
    assert level("oak", "oak") == "same_handle_common"


@pytest.mark.parametrize("other", ["MAPLEDESK", "maple-desk", "M4pl3d3sk", "m\u0430\u04401edesk"])
def test_a_handle_in_other_dress_is_the_same_once_folded(other):
    assert level("mapledesk", other) == "same_folded_handle_rare"


@pytest.mark.parametrize("other", ["mapledesk7", "TheMapledesk", "mapledsk", "mapldeesk"])
def test_a_handle_made_from_a_rare_one_is_similar(other):
    assert level("mapledesk", other) == "similar_handle_rare"


def test_the_order_of_words_does_not_matter():
    assert level("maple_desk", "DeskMaple").startswith("similar_handle")


def test_similar_handles_of_a_family_of_many_are_common():
    others = [f"mapledesk{tree}" for tree in ("oak", "elm", "ash", "fir", "yew", "bay")]
    assert level("mapledeskman", "mapledeskfox", *others) == "similar_handle_common"


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


def test_the_explanation_shows_both_forms_and_where_they_stand():
    corpus = corpus_of("M4ple-Desk", "mapledesk")
    feature = Alias()
    survey = feature.survey(corpus)
    finding = feature.explain(feature.read(corpus, survey), survey, (0, 1))
    assert "“M4ple-Desk” and “mapledesk”" in finding.sentence
    assert "folded “mapledesk”" in finding.sentence
    assert [citation.place for citation in finding.citations] == [
        "accounts line 1",
        "accounts line 2",
    ]


def by_row(keys):
    rows, hashes = keys
    return {row: set(hashes[rows == row].tolist()) for row in np.unique(rows).tolist()}


@settings(max_examples=50)
@given(st.lists(st.text("abcd", min_size=1, max_size=9), min_size=2, max_size=6))
def test_pieces_have_one_key_exactly_where_they_are_one_text(forms):
    letters = Letters.of(pl.Series("form", forms, pl.String))
    grams = by_row(letters.grams())
    deletions = by_row(letters.deletions())
    for i, left in enumerate(forms):
        for j, right in enumerate(forms):
            shared = pieces(left) & pieces(right)
            assert len(grams.get(i, set()) & grams.get(j, set())) == len(shared)
            assert len(deletions[i] & deletions[j]) == len(shorter(left) & shorter(right))


def pieces(form):
    framed = f"<{form}>"
    return {framed[at : at + GRAM] for at in range(len(framed) - GRAM + 1)}


def shorter(form):
    return {form} | {form[:at] + form[at + 1 :] for at in range(len(form))}
