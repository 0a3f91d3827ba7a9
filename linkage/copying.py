"""What copying takes off: who copies one thing copies the others as well.

Two accounts may be alike because one hand runs both, by chance, or because somebody copied. Bits of
a level weigh the first against the second. With x the log2 odds of one hand over chance, from the
prior and from F bits for one hand that a stranger can copy, and o owners to every copier among
accounts that look alike, the odds over chance and copiers together are

    1 / (2^-x + (1 - 2^-F) / o)

so that however much is alike, copyable evidence alone never makes the odds better than o. The first
term is chance, which more evidence makes smaller; the second the copier, who is not to be told from
the owner by anything that he copies. Without copyable evidence nothing is taken off.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from linkage.model import RELATIONS, Copying, Relation

Floats = NDArray[np.float64]

LN2 = float(np.log(2))
NAME, LEVEL = "copying", "may_be_copied"


def copying_bits(
    prior_bits: Floats,
    copyable_bits: Floats,
    relation: NDArray[np.int8],
    copying: Mapping[Relation, Copying],
) -> Floats:
    """What is taken off n pairs, float64 (n,), 0 or less.

    Args:
        prior_bits: (n,), log2 odds before any evidence.
        copyable_bits: (n,), bits for one hand by `free` levels, added up.
        relation: int8 (n,), see `linkage.relations`.
        copying: by relation; nothing is taken off in one that is not there.
    """
    taken = np.zeros(len(prior_bits))
    for name, rate in copying.items():
        rows = np.flatnonzero((relation == RELATIONS.index(name)) & (copyable_bits > 0))
        before = prior_bits[rows] + copyable_bits[rows]
        copiers = -np.log2(rate.owners_per_copier) + np.log2(-np.expm1(-copyable_bits[rows] * LN2))
        taken[rows] = -np.logaddexp2(-before, copiers) - before
    return np.minimum(taken, 0.0)


def owner_bits(relation: NDArray[np.int8], copying: Mapping[Relation, Copying]) -> Floats:
    """log2 of owners to one copier, float64 (n,); 0, even odds, where no rate is given."""
    rates = [copying[name].owners_per_copier if name in copying else 1.0 for name in RELATIONS]
    return np.asarray(np.log2(rates)[relation])


def sentence(copyable_bits: float, rate: Copying) -> str:
    """What was taken off, for people."""
    return (
        f"whatever a stranger can copy speaks with {copyable_bits:+.1f} bits; whoever copies one "
        f"thing copies the others as well, and for every {rate.owners_per_copier:g} owners with "
        "accounts that look alike one copier is reckoned with"
    )
