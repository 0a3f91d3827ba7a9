"""The evidence of a pair by what faking it takes: a minute, a sustained effort, or the secret."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import AnyFeature
from linkage.scoring import Scores

FREE, COSTLY, INFEASIBLE = GRADES = ("free", "costly", "infeasible")
BINDS = ("none", "one", "both")
ONE_SIDE, BOTH_SIDES = 1, 2
KNOWN_BY = ("handle", "key", "photo", "contact", "wallet")
"""Families of what others know an account by: what is worth taking to whoever poses as another."""

BOTH_SHOW = ("key", "photo", "contact", "wallet", "claim")
"""Families of what both show, or say of each other: it can be looked up where it stands, while a
handle, a style or titles are only like others."""


@dataclass(frozen=True)
class Standing:
    """The evidence of n pairs by what it takes to fake it; every array is (n,).

    Attributes:
        known_by_bits: the `free` bits for of the families of `KNOWN_BY`, summed.
        apart_bits: all that cannot have been copied, for or against: each family's `costly` and
            `infeasible` bits for, and what of its bits against no `free` bits for make up for.
        alike_handles: whether the handles speak for one hand.
        both_show: whether anything of the families of `BOTH_SHOW` speaks for one hand.
        costly_for_bits: the largest `costly` bits for of any one family.
        costly_against_bits: each family's largest `costly` bits against, summed; 0 or less.
        hard_against_bits: the same over `costly` and `infeasible`.
        binds: what `infeasible` levels that speak for the pair bind: 0 nothing, 1 one side, 2 both.
    """

    known_by_bits: NDArray[np.float64]
    apart_bits: NDArray[np.float64]
    alike_handles: NDArray[np.bool_]
    both_show: NDArray[np.bool_]
    costly_for_bits: NDArray[np.float64]
    costly_against_bits: NDArray[np.float64]
    hard_against_bits: NDArray[np.float64]
    binds: NDArray[np.int8]


def standing_of(scores: Scores, features: Sequence[AnyFeature]) -> Standing:
    """Sort the evidence of n pairs by its grade."""
    free = _by_family(scores, features, (FREE,))
    costly = _by_family(scores, features, (COSTLY,))
    held = _by_family(scores, features, (COSTLY, INFEASIBLE))
    speaking = _by_family(scores, features, GRADES)
    against = _by_family(scores, features, GRADES, sign=-1)
    costly_against = -_by_family(scores, features, (COSTLY,), sign=-1).sum(axis=0)
    hard = _by_family(scores, features, (COSTLY, INFEASIBLE), sign=-1)
    return Standing(
        known_by_bits=free[_families_in(KNOWN_BY, features)].sum(axis=0),
        apart_bits=(held + np.minimum(free - against, 0)).sum(axis=0),
        alike_handles=free[_families_in(("handle",), features)].sum(axis=0) > 0,
        both_show=speaking[_families_in(BOTH_SHOW, features)].sum(axis=0) > 0,
        costly_for_bits=costly.max(axis=0),
        costly_against_bits=costly_against,
        hard_against_bits=-hard.sum(axis=0),
        binds=_binds(scores, features),
    )


def _families(features: Sequence[AnyFeature]) -> list[str]:
    return sorted({feature.family for feature in features})


def _families_in(names: Sequence[str], features: Sequence[AnyFeature]) -> list[int]:
    return [row for row, family in enumerate(_families(features)) if family in names]


def _by_family(
    scores: Scores, features: Sequence[AnyFeature], grades: tuple[str, ...], sign: int = 1
) -> NDArray[np.float64]:
    """Largest `sign * bits` of those grades, (families + 1, n); the last row is 0."""
    families = _families(features)
    largest = np.zeros((len(families) + 1, len(scores.total_bits)))
    for feature in features:
        of_grade = np.array([False, *(level.forgeable in grades for level in feature.levels)])
        bits = sign * np.nan_to_num(scores.bits[feature.name], nan=0.0)
        row = largest[families.index(feature.family)]
        np.maximum(row, np.where(of_grade[scores.levels[feature.name]], bits, 0.0), out=row)
    return largest


def _binds(scores: Scores, features: Sequence[AnyFeature]) -> NDArray[np.int8]:
    binds = np.zeros(len(scores.total_bits), np.int8)
    for feature in features:
        bound = [
            BINDS.index(level.binds) if level.forgeable == INFEASIBLE else 0
            for level in feature.levels
        ]
        of_pair = np.array([0, *bound], np.int8)[scores.levels[feature.name]]
        speaks_for = np.nan_to_num(scores.bits[feature.name], nan=0.0) > 0
        np.maximum(binds, np.where(speaks_for, of_pair, 0).astype(np.int8), out=binds)
    return binds
