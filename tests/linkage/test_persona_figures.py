import polars as pl
import pytest

from evidence.rulings import DECISIONS
from linkage.bootstrap import Draws
from linkage.entities import entities_of
from linkage.persona_figures import persona_figures
from linkage.truth import Known

HANDS = (("a1", "a2", "a3", "a4", "a5"), ("b1", "b2"), ("c1", "c2", "c3", "c4", "c5"))
A, B, C = HANDS


def a_truth(hands=HANDS, alone=()):
    rows = [(hand[0], other, True) for hand in hands for other in hand[1:]]
    rows += [(hands[0][0], account, False) for account in alone]
    return pl.DataFrame(rows, schema=["left", "right", "same"], orient="row")


def found(personas, truth=None, here=None):
    truth = a_truth() if truth is None else truth
    accounts = pl.DataFrame({"account_id": here or [a for hand in HANDS for a in hand]})
    accounts = accounts.with_columns(handle=pl.lit(None, pl.String))
    known = Known.of(truth, entities_of(accounts, truth, DECISIONS.empty()), accounts["account_id"])
    return persona_figures(personas, known, Draws.of(known.entity_count, 50))


def test_the_examples_of_bagga_and_baldwin_come_out_as_printed():
    """MUC-7 1998, figure 1: a small wrong merge costs less than a large one."""
    small = found([A, (*B, *C)]).b_cubed
    assert small.precision.value == pytest.approx(16 / 21)
    assert small.recall.value == 1
    large = found([(*A, *C), B]).b_cubed
    assert large.precision.value == pytest.approx(7 / 12)
    assert large.recall.value == 1


def test_hands_that_are_found_whole_are_perfect():
    figures = found(HANDS)
    assert (figures.hand_count, figures.persona_count) == (3, 3)
    for quality in (figures.b_cubed, figures.pairwise):
        assert quality.precision.value == quality.recall.value == quality.f_half.value == 1
    assert figures.false_merge_share.value == 0


def test_accounts_left_alone_are_precise_and_find_nothing():
    figures = found([])
    assert figures.b_cubed.precision.value == 1
    assert figures.b_cubed.recall.value == pytest.approx(3 / 12)
    assert figures.pairwise.precision is None
    assert figures.pairwise.recall.value == 0
    assert figures.false_merge_share is None


def test_one_merge_of_two_hands_is_one_of_the_personas():
    figures = found([A[:3], A[3:], (*B, *C[:2])])
    assert figures.persona_count == 3
    assert figures.false_merge_share.value == pytest.approx(1 / 3)
    assert figures.false_merge_share.low == 0


def test_who_the_truth_does_not_name_or_who_is_not_here_counts_nowhere():
    here = [*A, *B, *C[:4], "x1", "x2", "x3"]
    figures = found([(*A, "x1"), (*B, "x2", "x3"), C[:4]], here=here)
    assert (figures.account_count, figures.persona_count) == (11, 3)
    assert figures.b_cubed.precision.value == figures.b_cubed.recall.value == 1


def test_an_account_that_is_named_without_a_partner_is_a_hand_of_its_own():
    truth = a_truth(alone=("d1",))
    here = [*A, *B, *C, "d1"]
    figures = found([(*B, "d1")], truth, here)
    assert figures.account_count == 13
    assert figures.false_merge_share.value == 1
    assert figures.pairwise.precision.value == pytest.approx(1 / 3)
