import numpy as np
import polars as pl
import pytest

from evidence.masking import mask
from features.pairs import Pairs
from features.places.regions import region_of, routes_of
from features.shipping import Shipping
from tests.builders import CorpusBuilder


@pytest.mark.parametrize(
    ("stated", "region"),
    [
        ("USA", "United States"),
        ("united states ", "United States"),
        ("Europe (EU)", "Europe"),
        ("The Netherlands", "Netherlands"),
        ("Worldwide", None),
        ("undeclared", None),
        ("Digital / Service", None),
        ("", None),
    ],
)
def test_a_place_is_one_region_however_it_is_spelled(stated, region):
    assert region_of(stated) == region


def test_a_route_is_an_origin_and_a_destination():
    routes = routes_of(pl.Series(["From: Germany To: EU", "Germany", "From: World", None]))
    assert routes["origin"].to_list() == ["Germany", "Germany", None, None]
    assert routes["destination"].to_list() == ["Europe", None, None, None]


def corpus_of(*, left: str, right: str):
    builder = CorpusBuilder()
    for number in range(40):
        for market in ("harbour", "quay"):
            builder.listing(market, f"shop{number:02}", "a kettle", ships_from="USA")
    builder.listing("harbour", "ada", "a kettle", ships_from=left)
    builder.listing("quay", "ada", "a kettle", ships_from=right)
    return builder.build()


def compared(left: str, right: str):
    corpus = corpus_of(left=left, right=right)
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    shipping = Shipping()
    survey = shipping.survey(corpus)
    traits = shipping.read(corpus, survey)
    pair = (rows["harbour:ada"], rows["quay:ada"])
    outcome = shipping.compare(traits, survey, Pairs.of(*([row] for row in pair)))
    return int(outcome.level[0]), float(outcome.value[0]), shipping.explain(traits, survey, pair)


def test_a_rare_origin_says_more_than_a_common_one():
    rare, common, unlike = (
        compared(*sides)[1] for sides in (("Peru", "peru"), ("USA", "us"), ("Peru", "USA"))
    )
    assert unlike < 0 < rare
    assert unlike < common < rare


@pytest.mark.parametrize("unknown", ["worldwide", "Torland", ""])
def test_what_names_no_place_is_nothing_to_compare(unknown):
    level, value, finding = compared("Peru", unknown)
    assert (level, np.isnan(value), finding.level) == (0, True, None)


def test_the_explanation_says_how_usual_an_origin_is():
    finding = compared("Peru", "Peru")[2]
    assert "both ship from Peru" in finding.sentence
    assert "of these markets" in finding.sentence
    assert [h.text for h in finding.highlights] == ["Peru", "Peru"]
    assert len(finding.citations) == 2


def test_a_shop_of_one_seller_is_beyond_the_markets_that_were_measured():
    assert compared("Peru", "peru")[2].not_validated == ()
    builder = CorpusBuilder()
    for place in ("harbour", "shop"):
        builder.listing(place, "ada", f"a kettle on {place}", ships_from="Peru")
    corpus, shipping = (
        builder.listing("harbour", "bob", "a pan", ships_from="Peru").build(),
        Shipping(),
    )
    survey = shipping.survey(corpus)
    finding = shipping.explain(shipping.read(corpus, survey), survey, (0, 2))
    assert len(finding.not_validated) == 1
    assert "nobody else states an origin" in finding.not_validated[0]


def copied(*, own: str | None, masked=()):
    """One account's listing stands with another, which may have one of its own as well."""
    builder = CorpusBuilder()
    builder.listing("harbour", "ada", "kettle of brass", ships_from="Peru")
    builder.listing("quay", "bob", "Kettle of brass!", ships_from="Peru")
    builder.listing("harbour", "ada", "spoon of horn", ships_from="Peru")
    if own:
        builder.listing("quay", "bob", "an anvil", ships_from=own)
    corpus = mask(builder.build(), masked)
    shipping = Shipping()
    survey = shipping.survey(corpus)
    traits = shipping.read(corpus, survey)
    outcome = shipping.compare(traits, survey, Pairs.of([0], [1]))
    return outcome, shipping.explain(traits, survey, (0, 1))


@pytest.mark.parametrize("masked", [(), ("handle", "key")])
def test_the_origin_of_a_copied_listing_came_along_with_it(masked):
    outcome, finding = copied(own=None, masked=masked)
    assert outcome.level[0] == 0
    assert "came along" in finding.sentence


def test_who_copies_a_listing_betrays_himself_by_the_origin_of_his_own():
    outcome, finding = copied(own="Japan")
    assert outcome.value[0] < 0
    assert outcome.count[0] == 1
    assert "no origin is shared" in finding.sentence
    assert [highlight.text for highlight in finding.highlights] == ["Peru", "Japan"]
