"""Intervals: entities drawn anew with replacement, every figure counted again in each draw.

Accounts of one entity fall together, so they are drawn together (Davison & Hinkley, Bootstrap
Methods and their Application, 1997, 3.8). A draw is a weight for each entity: how often it was
drawn. What belongs to one entity counts with its weight, what lies between two with the product of
theirs (as in the pigeonhole bootstrap: Owen, Annals of Applied Statistics 2007).
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

DRAW_COUNT = 1000
BLOCK_ROWS = 4096
"""Rows between two entities that are weighted at a time, so that memory does not grow with them."""


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % bootstrap interval over entities.

    `samples` (1 + draws,) holds the figure itself and then that of each draw, NaN where a draw does
    not define it; the interval is of the draws that do.
    """

    value: float
    low: float
    high: float
    samples: Floats = field(repr=False, compare=False)

    @classmethod
    def of(cls, samples: Floats) -> Self | None:
        """The figure of its samples; None where the sample itself does not define it."""
        if np.isnan(samples[0]):
            return None
        defined = samples[1:][~np.isnan(samples[1:])]
        low, high = np.quantile(defined if len(defined) else samples[:1], [0.025, 0.975])
        return cls(float(samples[0]), float(low), float(high), samples)


def difference(figure: Figure | None, other: Figure | None) -> Figure | None:
    """How much larger a figure is than another of the same draws: the interval is paired."""
    if figure is None or other is None:
        return None
    return Figure.of(figure.samples - other.samples)


@dataclass(frozen=True)
class Draws:
    """How often each of e entities was drawn: float64 (e, 1 + draws), in column 0 once each."""

    weights: Floats

    @classmethod
    def of(cls, entity_count: int, draw_count: int = DRAW_COUNT, seed: int = 0) -> Self:
        """Resamples of so many entities; equal numbers and seed give equal draws."""
        weights = np.ones((1 + draw_count, entity_count))
        if entity_count:
            share = np.full(entity_count, 1 / entity_count)
            random = np.random.default_rng(seed)
            weights[1:] = random.multinomial(entity_count, share, draw_count)
        return cls(weights.T.copy())

    def sums(self, place: Integers, entity: Integers, value: Floats, count: int) -> Floats:
        """Weighted sums (count, 1 + draws) of n values by the place each belongs to.

        Args:
            place: (n,), below `count`.
            entity: (n,), whose weight the value has.
            value: (n,).
            count: how many places there are.
        """
        shape = (count, len(self.weights))
        return np.asarray(csr_matrix((value, (place, entity)), shape=shape) @ self.weights)

    def pair_sums(
        self, place: Integers, sides: tuple[Integers, Integers], value: Floats, count: int
    ) -> Floats:
        """The same of n values that each belong to two entities, or twice to one: `sides`."""
        total = np.zeros((count, self.weights.shape[1]))
        for start in range(0, len(value), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            left, right = sides[0][rows], sides[1][rows]
            weights = self.weights[left]
            weights[left != right] *= self.weights[right[left != right]]
            chosen = (value[rows], (place[rows], np.arange(len(left))))
            total += np.asarray(csr_matrix(chosen, shape=(count, len(left))) @ weights)
        return total


def ratio(top: Floats, bottom: Floats) -> Floats:
    """A share, top / bottom; NaN where the bottom is 0."""
    empty = np.full(np.broadcast_shapes(top.shape, bottom.shape), np.nan)
    return np.asarray(np.divide(top, bottom, out=empty, where=bottom != 0))


@dataclass(frozen=True)
class Quality:
    """Precision and recall, and their harmonic means: F1, and F0.5 where precision weighs double.

    A figure is None where nothing defines it: precision where nothing is proposed.
    """

    precision: Figure | None
    recall: Figure | None
    f_half: Figure | None
    f1: Figure | None

    @classmethod
    def of_counts(cls, hits: Floats, proposed: Floats, wanted: Floats) -> Self:
        """From samples (1 + draws,) of three counts (van Rijsbergen 1979)."""

        def f(beta: float) -> Figure | None:
            return Figure.of(ratio((1 + beta**2) * hits, beta**2 * wanted + proposed))

        return cls(Figure.of(ratio(hits, proposed)), Figure.of(ratio(hits, wanted)), f(0.5), f(1.0))

    @classmethod
    def of_shares(cls, precision: Floats, recall: Floats) -> Self:
        """From samples (1 + draws,) of precision and recall."""

        def f(beta: float) -> Figure | None:
            both = (1 + beta**2) * precision * recall
            return Figure.of(ratio(both, beta**2 * precision + recall))

        return cls(Figure.of(precision), Figure.of(recall), f(0.5), f(1.0))
