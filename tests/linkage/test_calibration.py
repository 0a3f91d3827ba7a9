import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.calibration import Scored, cllr, fit_curve, min_cllr
from linkage.model import on_log_scale

LIMITS = (-6.0, 13.0)


def a_scored_test(distance: float, pairs: int = 20_000) -> Scored:
    """Scores of variance 1 around -distance and distance: the log odds are 2 * distance * s."""
    rng = np.random.default_rng(0)
    same = np.arange(pairs) % 4 == 0
    value = rng.normal(np.where(same, distance, -distance))
    return Scored(value, np.full(pairs, 5_000), same)


def test_bits_that_say_nothing_cost_one_bit():
    same = np.array([True, False, False])
    assert cllr(np.zeros(3), same) == pytest.approx(1)


def test_bits_that_are_sure_and_right_cost_nothing():
    same = np.array([True, False])
    assert cllr(np.array([60.0, -60.0]), same) == pytest.approx(0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-10, 10), st.booleans()), min_size=4, max_size=40))
def test_no_map_does_better_than_the_best_one(pairs):
    bits = np.array([float(bit) for bit, _ in pairs])
    same = np.array([one for _, one in pairs])
    if same.all() or not same.any():
        return
    least = min_cllr(bits, same)
    assert least <= cllr(bits, same) + 1e-9
    assert min_cllr(bits * 3 + 1, same) == pytest.approx(least)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-10, 10), st.booleans()), min_size=4, max_size=40))
def test_no_map_within_limits_does_better_than_the_best_one_of_those(pairs):
    bits = np.array([float(bit) for bit, _ in pairs])
    same = np.array([one for _, one in pairs])
    if same.all() or not same.any():
        return
    least = min_cllr(bits, same, (-3.0, 2.0))
    assert min_cllr(bits, same) <= least + 1e-9
    for scale in (0.3, 1.0, 3.0):
        assert least <= cllr(np.clip(bits * scale, -3.0, 2.0), same) + 1e-9


def test_equal_scores_are_one_score_to_the_best_map():
    bits = np.zeros(4)
    assert min_cllr(bits, np.array([True, False, True, False])) == pytest.approx(1)


@pytest.mark.parametrize("distance", [0.5, 1.0, 1.5])
def test_the_fitted_curve_finds_the_true_odds(distance):
    curve = fit_curve(a_scored_test(distance), LIMITS, by_count=False)
    assert curve.value == pytest.approx(2 * distance, rel=0.06)
    assert curve.intercept == pytest.approx(0, abs=0.1)
    assert curve.log_count == 0


def test_how_many_pairs_are_of_one_hand_does_not_move_the_curve():
    scored = a_scored_test(1.0)
    few = ~scored.same | (np.arange(len(scored.same)) % 40 == 0)
    part = Scored(scored.value[few], scored.count[few], scored.same[few])
    whole, rare = (fit_curve(s, LIMITS, by_count=False) for s in (scored, part))
    assert rare.intercept == pytest.approx(whole.intercept, abs=0.25)


def test_more_text_makes_the_same_score_worth_more():
    rng = np.random.default_rng(1)
    count = np.where(np.arange(20_000) % 2 == 0, 1_000, 20_000)
    same = rng.random(20_000) < 0.5
    distance = np.where(count == 1_000, 0.5, 2.0)
    value = rng.normal(np.where(same, distance, -distance))
    curve = fit_curve(Scored(value, count, same), LIMITS)
    little, much = curve.bits(np.full(2, 2.0, np.float32), np.array([1_000, 20_000], np.int32))
    assert much > little + 2


def test_a_curve_claims_no_more_than_was_established():
    curve = fit_curve(a_scored_test(2.0), LIMITS, by_count=False)
    bits = curve.bits(np.array([-100, 100], np.float32), np.array([1, 1], np.int32))
    assert bits.tolist() == list(LIMITS)


@given(st.floats(0.5, 50), st.floats(0, 1e4), st.floats(0, 1e4))
def test_a_scale_with_a_knee_keeps_order_and_signs_and_is_even_near_nothing(knee, one, other):
    low, high = sorted([one, other])
    scaled = on_log_scale(np.array([low, high, -high, knee / 1000]), knee)
    assert scaled[0] <= scaled[1] == -scaled[2]
    assert scaled[3] == pytest.approx(1 / 1000, rel=1e-3)


def test_far_beyond_the_knee_twice_as_much_says_the_same_more():
    curve = fit_curve(a_scored_test(1.0), (-400.0, 400.0), by_count=False, knee=2.0)
    values = np.array([1e4, 2e4, 4e4], np.float32)
    once, again = np.diff(curve.bits(values, np.ones(3, np.int32)))
    assert once == pytest.approx(curve.value, rel=1e-3)
    assert again == pytest.approx(once, rel=1e-3)
