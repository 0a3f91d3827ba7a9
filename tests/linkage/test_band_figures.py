import polars as pl
import pytest

from evidence.rulings import DECISIONS
from linkage.band_figures import band_figures, outcomes_by_kind
from linkage.bootstrap import Draws
from linkage.entities import entities_of
from linkage.truth import Known

TRUTH = pl.DataFrame(
    {
        "left": ["a:1", "b:2", "a:3"],
        "right": ["b:1", "a:2", "b:3"],
        "same": [True, True, False],
        "kind": ["moved", "moved", "impostor"],
    }
)


HERE = pl.DataFrame({"account_id": ["a:1", "b:1", "b:2", "a:2"], "handle": [None] * 4})


def figures(links, truth=TRUTH):
    here = HERE.cast(pl.String)
    entities = entities_of(here, truth, DECISIONS.empty())
    known = Known.of(truth, entities, here["account_id"])
    return band_figures(links, known, Draws.of(known.entity_count))


def links(*rows):
    names = ["left", "right", "verdict", "band"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def test_precision_and_recall_count_a_band_with_those_above_it():
    proposed = links(
        ("a:1", "b:1", "same", "proved"),
        ("a:2", "b:2", "same", "lead"),
        ("a:3", "b:3", "same", "lead"),
    )
    lead, strong, proved = figures(proposed)
    assert lead.precision.value == pytest.approx(2 / 3)
    assert lead.recall.value == 1
    assert strong.precision.value == proved.precision.value == 1
    assert strong.recall.value == 0.5
    assert strong.f1.value == pytest.approx(2 / 3)


def test_a_pair_of_named_accounts_that_the_truth_does_not_list_counts_as_different():
    lead = figures(links(("a:1", "b:2", "same", "lead")))[0]
    assert lead.precision.value == 0


def test_accounts_that_the_truth_does_not_name_are_not_judged():
    lead = figures(links(("a:1", "z:9", "same", "lead")))[0]
    assert lead.proposed_count == 0
    assert lead.precision is None
    assert lead.recall.value == 0


def test_a_copies_verdict_proposes_nobody():
    assert figures(links(("a:3", "b:3", "copies", None)))[0].proposed_count == 0


def test_every_kind_of_pair_is_followed_to_its_outcome():
    found = outcomes_by_kind(
        links(("a:2", "b:2", "same", "lead"), ("a:3", "b:3", "copies", None)), TRUTH
    )
    assert found.rows() == [
        ("impostor", False, "copies", 1),
        ("moved", True, "lead", 1),
        ("moved", True, "no link", 1),
    ]
