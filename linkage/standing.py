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


@dataclass(frozen=True)
class Standing:
    """The evidence of n pairs by what it takes to fake it; every array is (n,).

    Attributes:
        free_for_bits: each family's largest `free` bits for, summed.
        costly_for_bits: the largest `costly` bits for of any one family.
        costly_against_bits: each family's largest `costly` bits against, summed; 0 or less.
        hard_against_bits: the same over `costly` and `infeasible`.
        binds: what `infeasible` levels that speak for the pair bind: 0 nothing, 1 one side, 2 both.
    """

    free_for_bits: NDArray[np.float64]
    costly_for_bits: NDArray[np.float64]
    costly_against_bits: NDArray[np.float64]
    hard_against_bits: NDArray[np.float64]
    binds: NDArray[np.int8]


def standing_of(scores: Scores, features: Sequence[AnyFeature]) -> Standing:
    """Sort the evidence of n pairs by its grade."""
    free_for = _by_family(scores, features, (FREE,)).sum(axis=0)
    costly = _by_family(scores, features, (COSTLY,))
    costly_against = -_by_family(scores, features, (COSTLY,), sign=-1).sum(axis=0)
    hard = _by_family(scores, features, (COSTLY, INFEASIBLE), sign=-1)
    return Standing(
        free_for_bits=free_for,
        costly_for_bits=costly.max(axis=0),
        costly_against_bits=costly_against,
        hard_against_bits=-hard.sum(axis=0),
        binds=_binds(scores, features),
    )


def _by_family(
    scores: Scores, features: Sequence[AnyFeature], grades: tuple[str, ...], sign: int = 1
) -> NDArray[np.float64]:
    """Largest `sign * bits` of those grades, (families + 1, n); the last row is 0."""
    families = sorted({feature.family for feature in features})
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
