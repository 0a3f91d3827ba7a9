"""Personas: accounts believed to be one hand, grouped so that one weak bridge joins nothing.

Constrained average linkage inside the connected components of the firm links. Two groups become one
while the mean over all pairs between them stays at or above a threshold; a pair without a bond
counts as 0 bits, so that a single link between two groups of three has to be nine times as strong
as one between two accounts. A wall between two accounts keeps their groups apart for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from features.pairs import Pairs

MUST_BITS = 1e6
"""Bits of a bond that a person decided: more than any average can wash out."""
COMPONENT_ACCOUNTS = 500
"""A larger component is first cut at its weaker links: no hand runs so many accounts."""


@dataclass(frozen=True)
class Bonds:
    """What holds accounts together (`bits` over 0) or apart (under 0), float64 a pair."""

    pairs: Pairs
    bits: NDArray[np.float64]

    def take(self, chosen: NDArray[np.bool_]) -> "Bonds":
        """The chosen bonds."""
        return Bonds(self.pairs.take(chosen), self.bits[chosen])


def group(account_count: int, bonds: Bonds, walls: Pairs, join_bits: float) -> list[list[int]]:
    """Group accounts into personas.

    Args:
        account_count: how many accounts there are.
        bonds: what holds them together and apart; `MUST_BITS` where a person decided.
        walls: pairs that may never stand in one persona; they win over every bond.
        join_bits: the mean bits between two groups from which on they are one; over 0.

    Returns:
        Rows of the accounts of each persona of two or more, ascending; personas by first account.
    """
    weights = _square(account_count, bonds.pairs, bonds.bits)
    barred = _square(account_count, walls, np.ones(len(walls)))
    return sorted(
        [int(members[i]) for i in persona]
        for members in _components(account_count, bonds.take(bonds.bits > 0))
        for persona in _average_linkage(
            weights[members][:, members].toarray(),
            barred[members][:, members].toarray() > 0,
            join_bits,
        )
        if len(persona) > 1
    )


def _square(size: int, pairs: Pairs, values: NDArray[np.float64]) -> "csr_matrix[np.float64]":
    """A symmetric sparse matrix."""
    rows = np.concatenate([pairs.left, pairs.right]).astype(np.int64)
    columns = np.concatenate([pairs.right, pairs.left]).astype(np.int64)
    both = np.concatenate([values, values])
    return csr_matrix((both, (rows, columns)), shape=(size, size))


def _components(account_count: int, bonds: Bonds) -> Iterator[NDArray[np.intp]]:
    """Rows of the accounts of each connected component of two or more."""
    labels = _labels(account_count, bonds)
    while (weaker := _weaker_half_of_large(labels, bonds)).any():
        bonds = bonds.take(~weaker)
        labels = _labels(account_count, bonds)
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order])) + 1
    return (part for part in np.split(order, starts) if len(part) > 1)


def _labels(account_count: int, bonds: Bonds) -> NDArray[np.intp]:
    matrix = _square(account_count, bonds.pairs, bonds.bits)
    return np.asarray(connected_components(matrix, directed=False)[1], np.intp)


def _weaker_half_of_large(labels: NDArray[np.intp], bonds: Bonds) -> NDArray[np.bool_]:
    large = np.bincount(labels, minlength=1) > COMPONENT_ACCOUNTS
    weak = large[labels[bonds.pairs.left]] & (bonds.bits < MUST_BITS)
    if weak.any():
        middle = np.median(bonds.bits[weak])
        weaker = weak & (bonds.bits < middle)
        return weaker if weaker.any() else weak & (bonds.bits <= middle)
    return weak


def _average_linkage(
    sums: NDArray[np.float64], walls: NDArray[np.bool_], join_bits: float
) -> list[list[int]]:
    """Groups of k accounts whose pairwise bits (k, k) and walls (k, k) are given."""
    count = len(sums)
    groups = [[i] for i in range(count)]
    sizes = np.ones(count)
    seen_from_above = np.tri(count, dtype=np.bool_)
    while True:
        mean = np.where(walls | seen_from_above, -np.inf, sums / np.outer(sizes, sizes))
        keep, gone = divmod(int(mean.argmax()), count)
        if mean[keep, gone] < join_bits:
            return [sorted(members) for members in groups]
        groups[keep] += groups[gone]
        groups[gone] = []
        sizes[keep] += sizes[gone]
        for table in (sums, walls):
            table[keep] += table[gone]
            table[:, keep] += table[:, gone]
        walls[gone] = walls[:, gone] = True
