import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.bootstrap import BLOCK_ROWS, Draws, Figure, Quality, difference, ratio


def test_the_first_draw_is_the_sample_and_every_other_one_is_as_large():
    draws = Draws.of(30, 40)
    assert draws.weights.shape == (30, 41)
    assert (draws.weights[:, 0] == 1).all()
    assert (draws.weights.sum(axis=0) == 30).all()
    assert (Draws.of(30, 40).weights == draws.weights).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_weighted_sum_is_the_sum_of_what_was_drawn(seed):
    rng = np.random.default_rng(seed)
    draws = Draws.of(5, 20)
    entity, place, value = rng.integers(0, 5, 30), rng.integers(0, 3, 30), rng.random(30)
    sums = draws.sums(place, entity, value, 3)
    draw = int(rng.integers(0, 21))
    plain = [
        sum(
            v * draws.weights[e, draw]
            for p, e, v in zip(place, entity, value, strict=True)
            if p == at
        )
        for at in range(3)
    ]
    assert sums[:, draw] == pytest.approx(plain)


def test_what_lies_between_two_entities_is_drawn_as_often_as_both_and_within_one_as_it():
    draws = Draws.of(4, 20)
    rng = np.random.default_rng(2)
    left, right = rng.integers(0, 4, BLOCK_ROWS + 50), rng.integers(0, 4, BLOCK_ROWS + 50)
    place = np.zeros(len(left), np.int64)
    found = draws.pair_sums(place, (left, right), np.ones(len(left)), 1)[0]
    weights = draws.weights
    expected = sum(
        weights[a] if a == b else weights[a] * weights[b] for a, b in zip(left, right, strict=True)
    )
    assert found == pytest.approx(expected)


def test_the_interval_of_a_mean_is_as_wide_as_its_standard_error_says():
    rng = np.random.default_rng(0)
    value = rng.normal(0, 1, 400)
    draws = Draws.of(400)
    place, entity = np.zeros(400, np.int64), np.arange(400)
    total, count = (draws.sums(place, entity, v, 1)[0] for v in (value, np.ones(400)))
    figure = Figure.of(ratio(total, count))
    assert figure.value == pytest.approx(value.mean())
    assert figure.high - figure.low == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_a_figure_that_the_sample_does_not_define_is_none_and_one_of_few_draws_is_theirs():
    assert Figure.of(np.array([np.nan, 1.0])) is None
    assert Figure.of(np.array([0.5, np.nan, 1.0, 1.0])).low == 1
    assert Figure.of(np.array([0.5, np.nan])).high == 0.5


def test_a_difference_is_taken_draw_by_draw():
    rng = np.random.default_rng(1)
    samples = rng.random(200)
    ours, theirs = Figure.of(samples + 0.25), Figure.of(samples)
    apart = difference(ours, theirs)
    assert (apart.value, apart.low, apart.high) == pytest.approx((0.25, 0.25, 0.25))
    assert difference(ours, None) is None


def test_f_is_between_precision_and_recall_and_f_half_is_nearer_to_precision():
    counts = (np.array([float(n)] * 2) for n in (3, 4, 10))
    found = Quality.of_counts(*counts)
    assert found.precision.value == 3 / 4
    assert found.recall.value == 3 / 10
    assert found.f1.value == pytest.approx(2 * 3 / 14)
    assert found.recall.value < found.f1.value < found.f_half.value < found.precision.value
    shares = Quality.of_shares(np.array([0.75, 0.75]), np.array([0.3, 0.3]))
    assert shares.f_half.value == pytest.approx(found.f_half.value)
