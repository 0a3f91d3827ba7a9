"""From scores to bits: a logistic map, and how honest its likelihood ratios are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from linkage.model import Curve

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


def fit_curve(scored: Scored, limits: tuple[float, float], *, by_count: bool = True) -> Curve:
    """Fit bits to scored pairs, as if half of them were of one hand (prior 1/2).

    Logistic regression on the value s, q = ln(count) and s * q (Brümmer & du Preez, Computer
    Speech and Language 2006), by Newton's method with sums in a fixed order; coefficients are
    rounded to six digits.

    Args:
        scored: pairs of both kinds.
        limits: floor and cap, in bits.
        by_count: false leaves the count out.
    """
    q = np.log(np.maximum(scored.count, 1))
    columns = [np.ones_like(scored.value), scored.value]
    columns += [q, scored.value * q] if by_count else []
    matrix = np.array(columns)
    scale = np.maximum(np.abs(matrix).mean(axis=1), 1e-12)
    fitted = _logistic(matrix / scale[:, None], scored.same) / scale
    rounded = [float(f"{number:.{DIGITS}g}") for number in fitted] + [0.0, 0.0]
    return Curve(
        intercept=rounded[0],
        value=rounded[1],
        log_count=rounded[2],
        value_log_count=rounded[3],
        floor_bits=limits[0],
        cap_bits=limits[1],
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


def cllr(bits: Floats, same: NDArray[np.bool_]) -> float:
    """The cost of log likelihood ratios, in bits (Brümmer & du Preez 2006); 0 perfect, 1 useless.

    Args:
        bits: float64 (n,), log2 likelihood ratios.
        same: bool (n,), true for pairs of one hand; both kinds must be there.
    """
    miss = np.logaddexp(0, -bits[same] * log(2)).mean()
    false_alarm = np.logaddexp(0, bits[~same] * log(2)).mean()
    return float((miss + false_alarm) / 2 / log(2))


def min_cllr(bits: Floats, same: NDArray[np.bool_]) -> float:
    """The `cllr` of the best monotonous map of these bits (found by pool adjacent violators)."""
    _, place, sizes = np.unique(bits, return_inverse=True, return_counts=True)
    shares = np.bincount(place, weights=same) / sizes
    best = isotonic_regression(shares, weights=sizes).x[place]
    with np.errstate(divide="ignore"):
        odds = np.log(best) - np.log1p(-best) - log(same.sum() / (~same).sum())
    return cllr(odds / log(2), same)
