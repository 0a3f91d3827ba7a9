import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.q_values import Chance, expected_among, expected_wrong, q_values, wrong_shares
from linkage.scoring import Scores

NOTHING = Chance(np.empty(0), np.empty(0))
BITS = st.lists(st.integers(-4, 20).map(float), min_size=1, max_size=12)


def scores(bits, copying=None):
    bits = np.array(bits, float)
    taken = np.zeros(len(bits)) if copying is None else np.array(copying, float)
    return Scores(bits * 0, bits, {}, {}, {}, bits * 0, taken, bits * 0)


def chance(*bits, links=1.0):
    return Chance(np.array(bits, float), np.full(len(bits), links))


def test_without_decoys_a_list_is_as_wrong_as_its_probabilities_say():
    found = scores([3.0, 1.0, 0.0])
    assert q_values(found, NOTHING)[2] == pytest.approx(np.mean(1 - found.probability), abs=1e-6)


@settings(max_examples=40)
@given(BITS, st.lists(st.floats(-5, 21), max_size=6))
def test_better_proposals_have_no_larger_q_and_equal_ones_the_same(bits, decoys):
    found = q_values(scores(bits), chance(*decoys))
    assert ((found >= 0) & (found <= 1)).all()
    for one, q in zip(bits, found, strict=True):
        assert all(q <= other for worse, other in zip(bits, found, strict=True) if worse <= one)


def test_decoys_count_where_they_show_more_than_the_score_says():
    found = scores([9.0, 8.0, 1.0])
    said = expected_wrong(found, NOTHING)
    shown = expected_wrong(found, chance(8.5, links=0.5))
    assert shown[0] == said[0]
    assert shown[1] == 0.5
    assert shown[2] == max(0.5, said[2])


def test_whom_a_copier_aims_at_counts_beside_chance():
    found = scores([2.0, 2.0], copying=[0.0, -3.0])
    by_chance, by_copying = wrong_shares(found)
    assert (by_chance + by_copying).tolist() == pytest.approx((1 - found.probability).tolist())
    assert by_copying[0] == 0
    assert by_chance[1] == pytest.approx(by_chance[0] / 8)
    assert expected_wrong(found, chance(5.0))[0] == pytest.approx(1 + by_copying[1])


def test_more_wrong_than_there_are_proposals_is_all_of_them():
    assert q_values(scores([1.0]), chance(*[2.0] * 9)).tolist() == [1.0]


def test_a_list_is_expected_to_hold_its_share_of_the_last_q_value():
    assert expected_among(pl.Series([0.1, 0.25, None, 0.05])) == pytest.approx(0.75)
    assert expected_among(pl.Series([None], dtype=pl.Float64)) == 0


def test_of_no_proposals_none_is_wrong():
    assert len(q_values(scores([]), chance(3.0))) == 0
