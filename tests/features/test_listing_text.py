from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from evidence.corpus import Corpus
from features.feature import Finding
from features.listing_text import ListingText
from features.pairs import Pairs
from features.titles.markets import GROUP_MIN
from tests.builders import CorpusBuilder

LEVEL = {level.name: number for number, level in enumerate(ListingText.levels, 1)}
ALIKE, REPEATED, TAKEN = (
    LEVEL[name] for name in ("titles_alike", "titles_repeated", "titles_taken")
)
WORDS = ("fine", "quality", "sample", "pack", "best", "offer", "quick", "post", "large", "small")


def shops(accounts: int, titles: int = 4) -> CorpusBuilder:
    """Accounts with titles of common words, on two markets by turns."""
    rng = np.random.default_rng(1)
    builder = CorpusBuilder()
    for number in range(accounts):
        for _ in range(titles):
            title = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.integers(100)} pcs"
            builder.listing("quay" if number % 2 else "harbour", f"shop{number:02}", title)
    return builder


def with_odd_ones(accounts: int = 60, **values: object) -> Corpus:
    """Two of them, of one name, share a way of naming things and a string nobody else has."""
    builder = shops(accounts)
    for market in ("harbour", "quay"):
        for thing in ("kettle", "lantern", "saddle"):
            title = f"*~{market[0]}~* Marvellissimo {thing} (({market}))"
            builder.listing(market, "odd", title, **values)
        builder.listing(market, "odd", f"{market} old copper whistle of yore", **values)
    return builder.build()


@cache
def read(corpus_of=with_odd_ones):
    corpus = corpus_of()
    feature = ListingText({})
    survey = feature.survey(corpus)
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    return feature, survey, feature.read(corpus, survey), rows


def compared(corpus: Corpus, left: str, right: str) -> tuple[int, float]:
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    feature = ListingText({})
    survey = feature.survey(corpus)
    pair = Pairs.of([rows[left]], [rows[right]])
    outcome = feature.compare(feature.read(corpus, survey), survey, pair)
    return int(outcome.level[0]), float(outcome.value[0])


def explained(left: str, right: str) -> Finding:
    feature, survey, traits, rows = read()
    pair = sorted((rows[left], rows[right]))
    return feature.explain(traits, survey, (pair[0], pair[1]))


def test_a_way_of_naming_things_is_found_again():
    corpus = with_odd_ones()
    level, likeness = compared(corpus, "harbour:odd", "quay:odd")
    assert level == ALIKE
    assert likeness > compared(corpus, "harbour:odd", "quay:shop01")[1] + 2


def test_who_shares_rare_words_meets():
    feature, survey, traits, rows = read()
    met = feature.meet(traits, survey)
    pairs = set(zip(met.left.tolist(), met.right.tolist(), strict=True))
    assert tuple(sorted((rows["harbour:odd"], rows["quay:odd"]))) in pairs


def test_the_terms_of_an_explanation_sum_to_the_score():
    _, survey, traits, _ = read()
    left, right = np.triu_indices(len(survey.titles.accounts), 1)
    scores = traits.read.scores(left[::37], right[::37])
    for pair, score in zip(zip(left[::37], right[::37], strict=True), scores, strict=True):
        terms = traits.terms((int(pair[0]), int(pair[1])))
        assert sum(term.amount for term in terms) == pytest.approx(score, abs=1e-3)


def test_the_explanation_names_strings_that_nobody_else_uses_and_where_they_stand():
    finding = explained("harbour:odd", "quay:odd")
    assert "“old copper whistle of” (nobody else on either market)" in finding.sentence
    assert {h.side for h in finding.highlights if "whistle" in h.text} == {"left", "right"}
    assert len(finding.citations) == len(finding.highlights)


@pytest.mark.parametrize(("accounts", "level"), [(2 * GROUP_MIN - 4, 0), (2 * GROUP_MIN, ALIKE)])
def test_among_few_shops_nobody_can_say_how_near_is_near(accounts, level):
    assert compared(with_odd_ones(accounts), "harbour:odd", "quay:odd")[0] == level


def test_a_likeness_is_worth_less_after_years():
    def moved(year: int) -> float:
        builder = shops(30)
        for market, when in (("harbour", 2014), ("quay", year)):
            for thing in ("kettle", "lantern"):
                at = np.datetime64(f"{when}-06-01T00:00:00", "us").item()
                builder.listing(market, "odd", f"Marvellissimo {thing}", stated_at=at)
        return compared(builder.build(), "harbour:odd", "quay:odd")[1]

    at_once, after_four_years = moved(2014), moved(2018)
    assert after_four_years == pytest.approx(at_once / 2, rel=0.01)


def test_one_title_is_no_way_of_naming():
    corpus = shops(30).listing("quay", "newcomer", "Marvellissimo kettle").build()
    assert compared(corpus, "harbour:shop00", "quay:newcomer")[0] == 0


@pytest.mark.parametrize(("title", "level"), [("KETTLE of brass!", TAKEN), ("kettles", 0)])
def test_whose_only_title_is_another_s_shows_nothing_of_his_own(title, level):
    builder = shops(30).listing("harbour", "ada", "a spoon of horn")
    corpus = builder.listing("harbour", "ada", "Kettle of brass").listing("quay", "bob", title)
    feature, survey, traits, rows = read(corpus.build)
    pair = (rows["harbour:ada"], rows["quay:bob"])
    assert compared(corpus.build(), "harbour:ada", "quay:bob")[0] == level
    finding = feature.explain(traits, survey, pair)
    assert finding.level == ("titles_taken" if level else None)
    if level:
        assert [h.text for h in finding.highlights] == ["Kettle of brass", title]
        assert len(finding.citations) == 2


def test_a_single_title_that_many_show_is_nobody_s_to_be_taken():
    builder = shops(30)
    for number in range(6):
        builder.listing("quay", f"other{number}", "a kettle")
    corpus = builder.listing("harbour", "ada", "a kettle").build()
    assert compared(corpus, "harbour:ada", "quay:other0")[0] == 0


def test_titles_in_another_script_than_was_measured_say_so():
    builder = shops(60)
    for market, title in (("harbour", "kettle"), ("quay", "чайник медный")):
        for number in range(3):
            builder.listing(market, "odd", f"{title} {number}")
    feature, survey, traits, rows = read(builder.build)
    pair = (rows["harbour:odd"], rows["quay:odd"])
    assert feature.explain(traits, survey, pair).not_validated == ("Cyrillic titles",)
    assert explained("harbour:odd", "quay:odd").not_validated == ()


def with_a_copyist(*, own: str) -> Corpus:
    """One shop's titles stand with another, which names its other goods in the manner given."""
    builder = shops(60)
    copied = [f"*~ fine quality {thing} ~*" for thing in ("kettle", "lantern", "saddle")]
    ours = [f"*~ fine quality {thing} ~*" for thing in ("spoon", "anvil", "stool")]
    for title in (*copied, *ours):
        builder.listing("harbour", "victim", title)
    for title in (*copied, *(own.format(thing) for thing in ("quill", "whistle", "bucket"))):
        builder.listing("quay", "other", title)
    return builder.build()


def test_titles_repeated_beside_unlike_ones_speak_of_a_copyist():
    level, likeness = compared(with_a_copyist(own="{} 4 pcs"), "harbour:victim", "quay:other")
    assert level == REPEATED
    assert likeness < 0


def test_a_copied_line_of_which_another_amount_was_seen_is_still_copied():
    builder = shops(60)
    for amount in (1, 5, 25):
        builder.listing("harbour", "victim", f"*~ {amount}g marvellissimo kettle ~*")
    for thing in ("spoon", "anvil"):
        builder.listing("harbour", "victim", f"*~ fine quality {thing} ~*")
    for amount in (5, 10):
        builder.listing("quay", "other", f"*~ {amount}g marvellissimo kettle ~*")
    for thing in ("quill", "bucket"):
        builder.listing("quay", "other", f"{thing} 4 pcs")
    assert compared(builder.build(), "harbour:victim", "quay:other")[0] == REPEATED


def test_who_takes_titles_along_and_names_new_goods_as_before_is_no_copyist():
    corpus = with_a_copyist(own="*~ fine quality {} ~*")
    assert compared(corpus, "harbour:victim", "quay:other")[0] == ALIKE


def with_a_sibling(*, copied_at: datetime | None) -> Corpus:
    """Who copied a shop's titles, and another shop of that hand, whose titles he did not copy."""
    builder = shops(60)
    for thing in ("kettle", "lantern", "saddle"):
        title = f"*~ fine quality {thing} ~*"
        builder.listing("harbour", "victim", title, stated_at=datetime(2017, 1, 1, tzinfo=UTC))
        builder.listing("quay", "copier", title, stated_at=copied_at)
    for thing in ("spoon", "anvil", "stool"):
        builder.listing("harbour", "sibling", f"*~ fine quality {thing} ~*")
    for thing in ("quill", "whistle", "bucket"):
        builder.listing("quay", "copier", f"{thing} 4 pcs")
    return builder.build()


@pytest.mark.parametrize("copied_at", [datetime(2017, 6, 1, tzinfo=UTC), None])
def test_who_copies_one_account_of_a_hand_is_not_like_its_others_by_what_he_copied(copied_at):
    corpus = with_a_sibling(copied_at=copied_at)
    assert compared(corpus, "harbour:sibling", "quay:copier")[0] == REPEATED


def test_titles_that_an_account_had_before_all_others_stay_its_own():
    corpus = with_a_sibling(copied_at=datetime(2016, 6, 1, tzinfo=UTC))
    assert compared(corpus, "harbour:sibling", "quay:copier")[0] == ALIKE


def test_where_every_title_is_repeated_nothing_is_left_to_tell_by():
    builder = shops(60)
    for market in ("harbour", "quay"):
        for thing in ("kettle", "lantern", "saddle"):
            builder.listing(market, "odd", f"*~ fine quality {thing} ~*")
    corpus = builder.build()
    assert compared(corpus, "harbour:odd", "quay:odd")[0] == TAKEN
    feature = ListingText({})
    survey = feature.survey(corpus)
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    pair = (rows["harbour:odd"], rows["quay:odd"])
    assert feature.explain(feature.read(corpus, survey), survey, pair).level == "titles_taken"


def test_the_explanation_names_what_is_repeated_and_that_the_rest_is_unlike():
    corpus = with_a_copyist(own="{} 4 pcs")
    feature = ListingText({})
    survey = feature.survey(corpus)
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    pair = (rows["harbour:victim"], rows["quay:other"])
    finding = feature.explain(feature.read(corpus, survey), survey, pair)
    assert finding.level == "titles_repeated"
    assert finding.sentence.startswith("3 titles stand word for word in both")
