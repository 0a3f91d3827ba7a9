"""How honest the bits of scored pairs are: Cllr, and the least that any map of them could have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage.bootstrap import Draws, Figure, Floats, Integers, ratio
from linkage.calibration import costs, least_cllr, steps_of


@dataclass(frozen=True)
class LikelihoodFigures:
    """The cost of the likelihood ratios of all scored pairs (Brümmer & du Preez 2006), in bits.

    0 is perfect, 1 is what bits cost that say nothing; what lies between `cllr` and `min_cllr` is
    lost by calibration, the rest by what the scores cannot tell apart. The model's prior is no
    part of it: pairs of one hand and all others weigh the same.
    """

    same_count: int
    """Scored pairs of one hand, from each side that asked."""
    other_count: int
    cllr: Figure | None
    """None where all pairs are of one kind."""
    min_cllr: Figure | None
    """Flattering, and its interval more so, where pairs of one hand are few: the map is fitted to
    the very pairs it is judged on."""


def likelihood_figures(
    bits: Floats, same: NDArray[np.bool_], entity: Integers, draws: Draws
) -> LikelihoodFigures:
    """The figures of n scored pairs.

    Args:
        bits: (n,), log2 likelihood ratios.
        same: (n,), true for pairs of one hand.
        entity: (n,), whose weight each pair has.
        draws: of the entities.
    """
    kind = same.astype(np.int64)
    ones = np.ones(len(bits))
    cost = draws.sums(kind, entity, costs(bits, same), 2)
    count = draws.sums(kind, entity, ones, 2)
    step, step_count = steps_of(bits, same)
    by_step = draws.sums(step + step_count * kind, entity, ones, 2 * step_count)
    other, one = by_step[:step_count].T, by_step[step_count:].T
    least = [least_cllr(*weights) for weights in zip(one, other, strict=True)]
    return LikelihoodFigures(
        int(same.sum()),
        int((~same).sum()),
        Figure.of(ratio(cost, count).mean(axis=0)),
        Figure.of(np.array(least)),
    )
