"""Bits of a level that came out so and so often, for one hand and for different hands."""

from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ratio:
    """How often something came out among pairs of one hand and among pairs of others."""

    same: int
    same_pairs: int
    other: int
    other_pairs: int

    @classmethod
    def of(cls, came_out: NDArray[np.bool_], same: NDArray[np.bool_]) -> "Ratio":
        """Of n pairs: which came out so, and which are of one hand."""
        return cls(
            int((came_out & same).sum()),
            int(same.sum()),
            int((came_out & ~same).sum()),
            int((~same).sum()),
        )

    @property
    def bits(self) -> float:
        """log2 of the ratio of both shares, half a pair added to each count."""
        same = (self.same + 0.5) / (self.same_pairs + 1)
        return log2(same / ((self.other + 0.5) / (self.other_pairs + 1)))

    @property
    def interval_bits(self) -> tuple[float, float]:
        """Bits of the least and the largest ratio of the shares' intervals.

        Exact 97.5 % intervals of both shares (Clopper and Pearson, Biometrika 1934), so that both
        hold with at least 95 %; a share of 0 is bounded by half a pair.
        """
        same, other = _shares(self.same, self.same_pairs), _shares(self.other, self.other_pairs)
        return log2(same[0] / other[1]), log2(same[1] / other[0])


def interval(count: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson, Biometrika 1934)."""
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    return low, high


def _shares(count: int, total: int) -> tuple[float, float]:
    low, high = interval(count, total, (1 + CONFIDENCE) / 2)
    return max(low, 1 / (2 * (total + 1))), high
