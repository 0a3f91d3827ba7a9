"""From scores to bits: a logistic map, and how honest its likelihood ratios are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from linkage.model import Curve, on_log_scale

Floats = NDArray[np.float64]

STEPS = 50
RIDGE = 1e-6
DIGITS = 6


@dataclass(frozen=True)
class Scored:
    """n scored pairs of which it is known whether one hand wrote both sides.

    Attributes:
        value: float64 (n,), the scores.
        count: int64 (n,), the amount each rests on.
        same: bool (n,), true for pairs of one hand.
    """

    value: Floats
    count: NDArray[np.int64]
    same: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence["Scored"]) -> "Scored":
        """All the pairs of several measurements."""
        return cls(
            np.concatenate([part.value for part in parts]),
            np.concatenate([part.count for part in parts]),
            np.concatenate([part.same for part in parts]),
        )

    def part(self, chosen: NDArray[np.bool_]) -> "Scored":
        """The chosen pairs."""
        return Scored(self.value[chosen], self.count[chosen], self.same[chosen])


def fit_curve(
    scored: Scored,
    limits: tuple[float, float],
    *,
    by_count: bool = True,
    knee: float | None = None,
) -> Curve:
    """Fit bits to scored pairs, as if half of them were of one hand (prior 1/2).

    Logistic regression on the value s, q = ln(count) and s * q (Brümmer & du Preez, Computer
    Speech and Language 2006), by Newton's method with sums in a fixed order; coefficients are
    rounded to six digits.

    Args:
        scored: pairs of both kinds.
        limits: floor and cap, in bits.
        by_count: false leaves the count out.
        knee: of the curve (see `linkage.model.Curve`).
    """
    value, q = on_log_scale(scored.value, knee), np.log(np.maximum(scored.count, 1))
    columns = [np.ones_like(value), value]
    columns += [q, value * q] if by_count else []
    matrix = np.array(columns)
    scale = np.maximum(np.abs(matrix).mean(axis=1), 1e-12)
    fitted = _logistic(matrix / scale[:, None], scored.same) / scale
    rounded = [float(f"{number:.{DIGITS}g}") for number in fitted] + [0.0, 0.0]
    return Curve(
        intercept=rounded[0],
        value=rounded[1],
        log_count=rounded[2],
        value_log_count=rounded[3],
        knee=knee,
        floor_bits=limits[0],
        cap_bits=limits[1],
    )


def shrunk(alone: Curve, beside: tuple[Floats, NDArray[np.bool_]]) -> Curve:
    """A curve as its value adds to another's: scaled by what of its slope is left beside that.

    Args:
        alone: the curve, fitted on its own.
        beside: values (2, n) of this and of the other, and which pairs are of one hand (n,).
    """
    (own, other), same = beside
    scale = max(float(np.abs(own).mean()), 1e-12), max(float(np.abs(other).mean()), 1e-12)
    joint = _logistic(np.array([np.ones_like(own), own / scale[0], other / scale[1]]), same)
    left = min(max(float(joint[1]) / scale[0] / alone.value, 0.0), 1.0) if alone.value else 0.0
    return alone.model_copy(
        update={
            "intercept": float(f"{alone.intercept * left:.{DIGITS}g}"),
            "value": float(f"{alone.value * left:.{DIGITS}g}"),
        }
    )


def _logistic(matrix: Floats, same: NDArray[np.bool_]) -> Floats:
    """Coefficients (k,) for columns (k, n), both classes weighing the same."""
    share = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    coefficients = np.zeros(len(matrix))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-_over(matrix, coefficients)))
        slope = _sums(matrix * (share * (chance - same)))
        bend = np.array([_sums(matrix * (row * share * chance * (1 - chance))) for row in matrix])
        step = np.linalg.solve(bend + RIDGE * np.eye(len(matrix)), slope)
        coefficients = coefficients - step
        if np.abs(step).max() < 1e-9:
            break
    return coefficients


def _over(matrix: Floats, coefficients: Floats) -> Floats:
    return np.asarray(np.clip((matrix * coefficients[:, None]).sum(axis=0), -500, 500))


def _sums(matrix: Floats) -> Floats:
    """Sums of rows, without BLAS, whose order of summing depends on the number of cores."""
    return np.asarray(matrix.sum(axis=1))


def costs(bits: Floats, same: NDArray[np.bool_]) -> Floats:
    """What each of n log2 likelihood ratios costs, in bits (n,)."""
    return np.asarray(np.logaddexp(0, np.where(same, -bits, bits) * log(2)) / log(2))


def cllr(bits: Floats, same: NDArray[np.bool_]) -> float:
    """The cost of log likelihood ratios, in bits (Brümmer & du Preez 2006); 0 perfect, 1 useless.

    Args:
        bits: float64 (n,), log2 likelihood ratios.
        same: bool (n,), true for pairs of one hand; both kinds must be there.
    """
    cost = costs(bits, same)
    return float((cost[same].mean() + cost[~same].mean()) / 2)


def min_cllr(
    bits: Floats, same: NDArray[np.bool_], limits: tuple[float, float] | None = None
) -> float:
    """The `cllr` of the best monotonous map of these bits (found by pool adjacent violators).

    Args:
        bits: float64 (n,), log2 likelihood ratios.
        same: bool (n,), true for pairs of one hand.
        limits: floor and cap, in bits, that the map keeps to; None has none.
    """
    step, count = steps_of(bits, same)
    return least_cllr(
        np.bincount(step[same], minlength=count).astype(np.float64),
        np.bincount(step[~same], minlength=count).astype(np.float64),
        limits,
    )


def steps_of(bits: Floats, same: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int]:
    """The steps that a monotonous map of n bits may have, ascending: that of each pair, how many.

    Equal bits stand on one step; so do neighbours that are all of one hand, or all of two: however
    they are weighted, the best map gives them one value.
    """
    _, place = np.unique(bits, return_inverse=True)
    same_count = np.bincount(place, weights=same)
    kind = np.where(same_count == 0, -1, np.where(same_count == np.bincount(place), 1, 0))
    fresh = np.concatenate([[True], (kind[1:] != kind[:-1]) | (kind[1:] == 0)])[: len(kind)]
    step = np.cumsum(fresh) - 1
    return step[place], int(fresh.sum())


def least_cllr(
    same_weight: Floats, other_weight: Floats, limits: tuple[float, float] | None = None
) -> float:
    """The `min_cllr` of weighted pairs of one hand and of others on k ascending steps.

    NaN where one of the two kinds has no weight. The best map within limits is the best one of
    all, cut off at them.
    """
    weight = same_weight + other_weight
    there = weight > 0
    same, other = same_weight[there], other_weight[there]
    if same.sum() == 0 or other.sum() == 0:
        return float("nan")
    best = isotonic_regression(same / weight[there], weights=weight[there]).x
    with np.errstate(divide="ignore"):
        odds = np.log(best) - np.log1p(-best) - log(same.sum() / other.sum())
    if limits is not None:
        odds = np.clip(odds, limits[0] * log(2), limits[1] * log(2))
    miss = (same * np.where(same > 0, np.logaddexp(0, -odds), 0)).sum() / same.sum()
    alarm = (other * np.where(other > 0, np.logaddexp(0, odds), 0)).sum() / other.sum()
    return float((miss + alarm) / 2 / log(2))
