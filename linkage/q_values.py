"""q-values: among all proposals at least as good as this one, what share is expected to be wrong?

Two things make a proposal of one hand wrong. A **copier** aims at his victim: his share of each
proposal is what the score reckons with (see `linkage.copying`). The rest is **chance**: what the
score itself leaves to it, or what decoys show of it (see `linkage.decoys`), whichever is more. The
score knows chance among the reference population of its prior; decoys know it among the accounts
that are here. What is expected to be wrong among all proposals from some bits on, divided by how
many they are, is made monotone from below: the q-value of a proposal is the least of all lists that
hold it (Storey and Tibshirani, PNAS 2003; with decoys Elias and Gygi, Nature Methods 2007, whose
one decoy more than were found is not needed where the score speaks for itself).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.scoring import Scores

Floats = NDArray[np.float64]
Q_DECIMALS = 6


@dataclass(frozen=True)
class Chance:
    """What chance would propose as one hand, as decoys show it.

    Attributes:
        bits: float64 (m,), totals of pairs of account and decoy that would be proposed.
        links: float64 (m,), how many proposals by chance each of them stands for.
    """

    bits: Floats
    links: Floats


def wrong_shares(scores: Scores) -> tuple[Floats, Floats]:
    """How likely n pairs are of two hands by chance, and how likely because one copies the other.

    The odds against one hand are a sum of both, and copying takes off what the second adds.
    Together they are what the probability of one hand leaves.
    """
    wrong = 1 - scores.probability
    by_chance = wrong * np.exp2(scores.copying_bits)
    return by_chance, wrong - by_chance


def q_values(scores: Scores, chance: Chance) -> Floats:
    """The q-values (n,) of n proposals of one hand, 0..1; equal bits are taken together."""
    bits = scores.total_bits
    order = np.argsort(bits, kind="stable")
    share = expected_wrong(scores, chance)[order] / _from(bits, bits, np.ones(len(bits)))[order]
    found = np.empty(len(bits))
    found[order] = np.round(np.minimum.accumulate(np.minimum(share, 1.0)), Q_DECIMALS)
    return found


def expected_wrong(scores: Scores, chance: Chance) -> Floats:
    """For each of n proposals how many of at least as many bits are expected to be wrong, (n,)."""
    bits = scores.total_bits
    by_chance, by_copying = wrong_shares(scores)
    said, shown = _from(bits, bits, by_chance), _from(bits, chance.bits, chance.links)
    return np.asarray(_from(bits, bits, by_copying) + np.maximum(said, shown))


def expected_among(q_values: pl.Series) -> float:
    """How many of the best proposals are expected to be wrong, by their q-values, null for copies.

    Of all proposals that reach the last one's q-value so large a share is expected to be wrong; of
    a part of them, as many as of equally many others.
    """
    known = q_values.drop_nulls().to_numpy()
    return float(len(known) * known.max(initial=0.0))


def _from(limits: Floats, bits: Floats, value: Floats) -> Floats:
    """For each of n limits (n,) the sum of the values (m,) whose bits (m,) reach it."""
    order = np.argsort(bits, kind="stable")
    above = np.append(np.cumsum(value[order][::-1])[::-1], 0.0)
    return above[np.searchsorted(bits[order], limits, "left")]
