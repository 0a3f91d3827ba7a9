"""What copying takes off: who copies one thing copies the others as well.

Two accounts may be alike because one hand runs both, by chance, or because somebody copied. Bits of
a level weigh the first against the second. With x the log2 odds of one hand over chance, from the
prior and from F bits for one hand that a stranger can copy, and o owners to every copier among
accounts that look alike, the odds over chance and copiers together are

    1 / (2^-x + (1 - 2^-F) / o)

so that however much is alike, copyable evidence alone never makes the odds better than o. The first
term is chance, which more evidence makes smaller; the second the copier, who is not to be told from
the owner by anything that he copies. Without copyable evidence nothing is taken off.

Of some levels it is known in which of both accounts they are found more often: a copier takes what
stands there word for word, and seldom more. Their bits for the owner are added to log2 o.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from features.feature import AnyFeature
from linkage.model import RELATIONS, Copying, Relation

Floats = NDArray[np.float64]

LN2 = float(np.log(2))
NAME, LEVEL = "copying", "may_be_copied"


def copying_bits(prior_bits: Floats, copyable_bits: Floats, owners: Floats) -> Floats:
    """What is taken off n pairs, float64 (n,), 0 or less.

    Args:
        prior_bits: (n,), log2 odds before any evidence.
        copyable_bits: (n,), bits for one hand by `free` levels, added up.
        owners: (n,), see `owner_bits`; nothing is taken off where it is infinite or unknown.
    """
    taken = np.zeros(len(prior_bits))
    rows = np.flatnonzero((copyable_bits > 0) & np.isfinite(owners))
    before = prior_bits[rows] + copyable_bits[rows]
    copiers = np.log2(-np.expm1(-copyable_bits[rows] * LN2)) - owners[rows]
    taken[rows] = -np.logaddexp2(-before, copiers) - before
    return np.minimum(taken, 0.0)


def owner_bits(
    relation: NDArray[np.int8],
    levels: Mapping[str, NDArray[np.int8]],
    features: Sequence[AnyFeature],
    copying: Mapping[Relation, Copying],
) -> Floats:
    """log2 of owners to one copier among n pairs that look alike, float64 (n,).

    Args:
        relation: int8 (n,), see `linkage.relations`.
        levels: by feature, int8 (n,).
        features: those that count.
        copying: by relation; NaN in one that is not there.
    """
    owners = np.full(len(relation), np.nan)
    for name, rate in copying.items():
        rows = np.flatnonzero(relation == RELATIONS.index(name))
        owners[rows] = np.log2(rate.owners_per_copier)
        for feature in features:
            worth = (rate.levels or {}).get(feature.name, {})
            names = ["", *(level.name for level in feature.levels)]
            bits = np.array([worth[name].bits if name in worth else 0.0 for name in names])
            owners[rows] += bits[levels[feature.name][rows]]
    return owners


def sentence(copyable_bits: float, owners: float) -> str:
    """What was taken off, for people.

    Args:
        copyable_bits: what can be copied, bits for one hand.
        owners: log2 of owners to one copier.
    """
    return (
        f"whatever a stranger can copy speaks with {copyable_bits:+.1f} bits; whoever copies one "
        "thing copies the others as well, and among accounts that look alike in this way owners to "
        f"copiers are reckoned as {2**owners:.2g} to 1"
    )
