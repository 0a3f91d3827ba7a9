"""Hands in few dimensions: how likely is one hand for both texts, against two hands?

The two-covariance model (Brümmer & de Villiers, Odyssey 2010; PLDA: Prince & Elder, ICCV 2007): a
text is its hand's vector plus what changes from text to text, both Gaussian. In the basis where the
second has variance 1 and the first b in each dimension, the log likelihood ratio of two texts x, y
is a sum over dimensions of `b xy / (2b + 1) - b^2 (x^2 + y^2) / (2 (b + 1) (2b + 1))` and a
constant. With coordinates u = x sqrt(b / (2b + 1)) it is `u.v - bar(u) - bar(v) + constant`, where
`bar(u)` is the sum of u^2 b / (2 (b + 1)).

Coordinates stand on a grid, so that products of them are exact (see `exact`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style.exact import LARGEST, Matrix, Small
from features.style.kept import append
from features.style.parts import Grid, Parts
from features.style.vectors import Floats

GRID = 128.0
BLOCK = 4096

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Projection:
    """How one family is projected: `columns` (k, d) in eight bits, `scale` (d,) of each."""

    columns: Small
    scale: Floats

    @property
    def matrix(self) -> Matrix:
        """What unit vectors are multiplied with for their coordinates."""
        return self.columns, self.scale


@dataclass(frozen=True)
class HandFit:
    """The fitted model.

    Attributes:
        projections: by family, in their order.
        level, drift: float32 (d,), what to take off the coordinates of a text: the level, and the
            drift times the logarithm of its characters. Short texts lie elsewhere than long ones.
        reach: least and largest logarithm of characters that the drift was measured on.
        pull: float64 (d,), of the bar.
        constant: of the log likelihood ratio.
    """

    projections: Mapping[str, Projection]
    level: Floats
    drift: Floats
    reach: tuple[float, float]
    pull: NDArray[np.float64]
    constant: float

    def hands(self, placed: Mapping[str, Floats], characters: NDArray[np.int64]) -> "Hands":
        """The hands of n documents from what each family adds to their coordinates (n, d)."""
        parts = [placed[name] for name in self.projections]
        amount = np.log(np.maximum(characters, 1)).clip(*self.reach).astype(np.float32)
        parts.append(-(self.level + amount[:, None] * self.drift))
        whole = np.rint(np.stack(parts, axis=1) * np.float32(GRID))
        return Hands.of(whole.clip(-32_000, 32_000).astype(np.int16), self)


@dataclass(frozen=True)
class Hands:
    """n documents in d dimensions.

    Attributes:
        parts: (n, f + 1, d), what each family adds to the coordinates, and last what is taken off
            for the amount; in steps of 1 / `GRID`.
        whole: float32 (n, d), their sum: whole numbers, of length `LARGEST` at most.
        bar: float64 (n,), how much a document's own peculiarity takes off each of its scores.
        fit: the model.
    """

    parts: Parts
    whole: Floats
    bar: NDArray[np.float64]
    fit: HandFit

    @classmethod
    def of(cls, parts: Grid, fit: HandFit) -> "Hands":
        """The documents of these parts."""
        whole = parts.sum(axis=1, dtype=np.int32).astype(np.float64)
        length = np.sqrt(np.square(whole).sum(axis=1, keepdims=True))
        whole = np.trunc(whole * np.minimum(1, LARGEST / np.maximum(length, 1)))
        bar = (np.square(whole / GRID) * fit.pull).sum(axis=1)
        return cls(Parts.of(parts), whole.astype(np.float32), bar, fit)

    def append(self, more: "Hands") -> None:
        """Put other documents behind these, in place."""
        self.parts.append(more.parts)
        append(self.whole, more.whole)
        append(self.bar, more.bar)

    def __len__(self) -> int:
        return len(self.whole)

    def scores(self, left: Rows, right: Rows) -> NDArray[np.float64]:
        """Log likelihood ratios (p,) of p pairs, natural logarithm."""
        found = whole_products(self.whole, left, right)
        return found / GRID**2 - (self.bar[left] + self.bar[right]) + self.fit.constant

    def nearest_of(self, sample: Rows, count: int) -> Rows:
        """Which `count` of some documents (m,) are likest to each of n, without itself: (n, count).

        They are given as places in the sample, the likest first.
        """
        bars = (self.bar[sample] * GRID**2).astype(np.float32)
        nearest = np.empty((len(self), count), np.intp)
        for start in range(0, len(self), BLOCK):
            farness = bars - self.whole[start : start + BLOCK] @ self.whole[sample].T
            own = np.flatnonzero((sample >= start) & (sample < start + BLOCK))
            farness[sample[own] - start, own] = np.inf
            order = np.argsort(farness, axis=1, kind="stable")
            nearest[start : start + BLOCK] = order[:, :count]
        return nearest

    def gradient(self, row: int, other: int) -> NDArray[np.float64]:
        """What a unit of each dimension (d,) of one document adds to the score with another."""
        own, theirs = self.whole[row] / GRID, self.whole[other] / GRID
        return np.asarray(theirs / 2 - self.fit.pull * own, np.float64)


@compiled
def whole_products(whole: Floats, left: Rows, right: Rows) -> NDArray[np.float64]:
    """Products (p,) of p pairs of rows of whole numbers."""
    found = np.empty(len(left))
    for p in range(len(left)):
        total = 0
        for d in range(whole.shape[1]):
            total += int(whole[left[p], d] * whole[right[p], d])
        found[p] = total
    return found
