import polars as pl
import pytest

from linkage.band_figures import band_figures, outcomes_by_kind

TRUTH = pl.DataFrame(
    {
        "left": ["a:1", "b:2", "a:3"],
        "right": ["b:1", "a:2", "b:3"],
        "same": [True, True, False],
        "kind": ["moved", "moved", "impostor"],
    }
)


def links(*rows):
    names = ["left", "right", "verdict", "band"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def test_precision_and_recall_count_a_band_with_those_above_it():
    proposed = links(
        ("a:1", "b:1", "same", "proved"),
        ("a:2", "b:2", "same", "lead"),
        ("a:3", "b:3", "same", "lead"),
    )
    lead, strong, proved = band_figures(proposed, TRUTH)
    assert lead.precision == pytest.approx(2 / 3)
    assert lead.recall == 1
    assert strong.precision == proved.precision == 1
    assert strong.recall == 0.5
    assert strong.f1 == pytest.approx(2 / 3)


def test_a_pair_of_named_accounts_that_the_truth_does_not_list_counts_as_different():
    lead = band_figures(links(("a:1", "b:2", "same", "lead")), TRUTH)[0]
    assert lead.precision == 0


def test_accounts_that_the_truth_does_not_name_are_not_judged():
    lead = band_figures(links(("a:1", "z:9", "same", "lead")), TRUTH)[0]
    assert lead.proposed_count == 0
    assert lead.precision is None
    assert lead.recall == 0


def test_a_copies_verdict_proposes_nobody():
    assert band_figures(links(("a:3", "b:3", "copies", None)), TRUTH)[0].proposed_count == 0


def test_every_kind_of_pair_is_followed_to_its_outcome():
    found = outcomes_by_kind(
        links(("a:2", "b:2", "same", "lead"), ("a:3", "b:3", "copies", None)), TRUTH
    )
    assert found.rows() == [
        ("impostor", False, "copies", 1),
        ("moved", True, "lead", 1),
        ("moved", True, "no link", 1),
    ]
