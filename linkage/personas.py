"""Personas: accounts believed to be one hand, grouped so that one weak bridge joins nothing.

Two groups become one while the mean over all pairs between them stays at or above a threshold; a
pair without a bond counts as 0 bits, so that a single link between two groups of three has to be
nine times as strong as one between two accounts. A wall between two accounts keeps their groups
apart for good.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from features.pairs import Pairs
from linkage.average_linkage import Integers, join

MUST_BITS = 1e6
"""Bits of a bond that a person decided: more than any average can wash out."""


@dataclass(frozen=True)
class Bonds:
    """What holds accounts together (`bits` over 0) or apart (under 0), float64 a pair."""

    pairs: Pairs
    bits: NDArray[np.float64]


def group(account_count: int, bonds: Bonds, walls: Pairs, join_bits: float) -> list[list[int]]:
    """Group accounts into personas by constrained average linkage.

    Args:
        account_count: how many accounts there are.
        bonds: what holds them together and apart; `MUST_BITS` where a person decided.
        walls: pairs that may never stand in one persona; they win over every bond.
        join_bits: the mean bits between two groups from which on they are one; over 0.

    Returns:
        Rows of the accounts of each persona of two or more, ascending; personas by first account.
    """
    held = (*_columns(bonds.pairs), bonds.bits)
    kept, gone, _ = join(account_count, held, _columns(walls), join_bits)
    joins = csr_matrix((np.ones(len(kept)), (kept, gone)), shape=(account_count, account_count))
    label = connected_components(joins, directed=False)[1]
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted(part.tolist() for part in parts if len(part) > 1)


def _columns(pairs: Pairs) -> tuple[Integers, Integers]:
    return pairs.left.astype(np.int64), pairs.right.astype(np.int64)
