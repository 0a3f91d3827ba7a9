"""Training of the shrinks: what each family's bits count beside those of all others.

Each level was fitted alone. Where two families see the same thing, their sum says it twice.
Logistic regression of the bits of all families together, one factor a family between 0 and 1, held
at 1 by a ridge (a normal prior with mean 1 and deviation `DEVIATION`): a factor below 1 is what was
counted twice (as in the fusion of Brümmer et al., IEEE Trans. Audio, Speech and Language 2007,
without its offset, which would be bits that nothing explains). None exceeds 1: beside others no
family says more than alone. Since it multiplies every level of a family alike, levels keep their
order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from scipy.optimize import minimize

from linkage.bootstrap import Draws, Figure
from linkage.calibration import costs
from linkage.joint_pairs import FAMILIES, Flags, Floats, Ground
from linkage.model import BitsSource, Model, Shrink

DEVIATION = 0.5
SAME_MIN = 20
"""Entities with a pair of one hand that a family compares, for its factor to be fitted."""
DRAWS = 200
DIGITS = 2
LN2 = log(2)


@dataclass(frozen=True)
class FamilyShrink:
    """What was found for one family; `factor` is None where too few pairs teach it.

    `shrunk` says whether the interval of the factor lies below 1: only then it enters a model.
    """

    family: str
    same_count: int
    other_count: int
    factor: Figure | None

    @property
    def shrunk(self) -> bool:
        """Whether the family is counted in part only."""
        return self.factor is not None and self.factor.high < 1


@dataclass(frozen=True)
class GroundCost:
    """The cost of held-out pairs of a ground, as they are and shrunk, in bits (Cllr where even)."""

    name: str
    same_count: int
    other_count: int
    before: Figure
    after: Figure
    gain: Figure


@dataclass(frozen=True)
class LinkTraining:
    """What training makes, and what it was measured on."""

    grounds: Sequence[str]
    families: Sequence[FamilyShrink]
    costs: Sequence[GroundCost]

    @property
    def shrinks(self) -> Mapping[str, Shrink]:
        """The factors that enter a model."""
        grounds = " and ".join(self.grounds)
        return {
            found.family: Shrink(
                value=round(found.factor.value, DIGITS),
                source=BitsSource(
                    kind="measured",
                    text=f"logistic regression of the bits of all families together on {grounds}, "
                    "each judged by a model fitted without it; pairs of one hand that show it",
                    n=found.same_count,
                    low=round(found.factor.low, DIGITS),
                    high=round(found.factor.high, DIGITS),
                ),
            )
            for found in self.families
            if found.factor is not None and found.shrunk
        }


def train_links(grounds: Sequence[Ground], entity_count: int, fold_count: int) -> LinkTraining:
    """Fit a factor a family, and say what it saves on folds that it was not fitted on.

    Args:
        grounds: labelled pairs, each with the bits that a model fitted without it gives.
        entity_count: entities are numbered below it; intervals draw them.
        fold_count: folds are numbered below it.
    """
    draws = Draws.of(entity_count, DRAWS)
    able = _able(grounds)
    every = [np.ones(len(ground.pairs.same), np.bool_) for ground in grounds]
    fits = [fit_factors(grounds, able, every, drawn) for drawn in draws.weights.T]
    held = [
        fit_factors(grounds, able, [ground.pairs.fold != fold for ground in grounds])
        for fold in range(fold_count)
    ]
    figures = [Figure.of(samples) for samples in np.transpose(fits)]
    families = [
        FamilyShrink(family, *counts, figures[row] if able[row] else None)
        for row, family in enumerate(FAMILIES)
        for counts in [_counts(grounds, row)]
    ]
    measured = [_cost(ground, rows, held, draws) for ground in grounds for rows in _rows(ground)]
    return LinkTraining([ground.name for ground in grounds], families, measured)


def with_links(model: Model, training: LinkTraining) -> Model:
    """The model with other shrinks; a family that too few pairs taught keeps the one it has."""
    untaught = {found.family for found in training.families if found.factor is None}
    kept = {name: shrink for name, shrink in model.rules.shrinks.items() if name in untaught}
    shrinks = {**kept, **training.shrinks}
    return replace(model, rules=model.rules.model_copy(update={"shrinks": shrinks}))


def fit_factors(
    grounds: Sequence[Ground], able: Flags, chosen: Sequence[Flags], drawn: Floats | None = None
) -> Floats:
    """A factor (families,) for each family, 0 to 1; 1 where it is not able to be fitted.

    Args:
        grounds: the pairs.
        able: bool (families,), which are fitted.
        chosen: for each ground bool (n,), which of its pairs.
        drawn: how often each entity counts; None is once.
    """
    rows = [_weighed(ground, mine, drawn) for ground, mine in zip(grounds, chosen, strict=True)]
    weight = np.concatenate([np.zeros(0), *rows])
    matrix = np.concatenate(
        [np.zeros((len(FAMILIES), 0)), *(g.pairs.bits for g in grounds)], axis=1
    )
    sign = np.concatenate([np.zeros(0), *(np.where(g.pairs.same, LN2, -LN2) for g in grounds)])
    given = np.concatenate([np.zeros(0), *(g.pairs.given_bits for g in grounds)])
    factors = np.ones(len(FAMILIES))
    counts = (weight > 0) & matrix[able].any(axis=0)
    if not able.any() or not counts.any():
        return factors
    fixed = given[counts] + matrix[~able][:, counts].sum(axis=0)
    part, w, y = matrix[able][:, counts], weight[counts], sign[counts]

    def loss(factor: Floats) -> tuple[float, Floats]:
        margin = y * (fixed + (part * factor[:, None]).sum(axis=0))
        pull = w * y / (1 + np.exp(np.clip(margin, -500, 500)))
        slope = (factor - 1) / DEVIATION**2 - (part * pull).sum(axis=1)
        ridge = ((factor - 1) ** 2).sum() / (2 * DEVIATION**2)
        return float((w * np.logaddexp(0, -margin)).sum() + ridge), slope

    start = np.ones(int(able.sum()))
    bounds = [(0, 1)] * len(start)
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-13, "gtol": 1e-9},
    )
    factors[able] = found.x
    return factors


def _weighed(ground: Ground, chosen: Flags, drawn: Floats | None = None) -> Floats:
    """The weight (n,) of each pair: an entity counts once, and both kinds alike where even."""
    pairs = ground.pairs
    left, right = pairs.entity
    once = np.ones(int(pairs.entity.max(initial=-1)) + 1) if drawn is None else drawn
    weight = np.where(left == right, once[left], once[left] * once[right]) * chosen
    if not ground.even:
        return np.asarray(weight)
    of_one = np.bincount(left[pairs.same], minlength=len(once))
    weight = np.where(pairs.same, weight / np.maximum(of_one, 1)[left], weight)
    one, two = weight[pairs.same].sum(), weight[~pairs.same].sum()
    return np.asarray(np.where(pairs.same, weight, weight * (one / two if two else 0.0)))


def _able(grounds: Sequence[Ground]) -> Flags:
    """The families (families,) that pairs of one hand of `SAME_MIN` entities let compare."""
    seen = [
        {
            int(entity)
            for ground in grounds
            for entity in ground.pairs.entity[0][ground.pairs.same & ground.pairs.compared[row]]
        }
        for row in range(len(FAMILIES))
    ]
    return np.array([len(entities) >= SAME_MIN for entities in seen])


def _counts(grounds: Sequence[Ground], row: int) -> tuple[int, int]:
    """Pairs of one hand, and of two, that a family compared."""
    same = sum(int((g.pairs.compared[row] & g.pairs.same).sum()) for g in grounds)
    return same, sum(int((g.pairs.compared[row] & ~g.pairs.same).sum()) for g in grounds)


def _rows(ground: Ground) -> list[tuple[str, Flags]]:
    """All pairs of a ground, and those of one hand beside nearest strangers alone."""
    pairs = ground.pairs
    every = np.ones(len(pairs.same), np.bool_)
    rows = [(ground.name, every)]
    if pairs.nearest.any():
        rows.append((f"{ground.name}, nearest strangers", pairs.same | pairs.nearest))
    return rows


def _cost(
    ground: Ground, rows: tuple[str, Flags], held: Sequence[Floats], draws: Draws
) -> GroundCost:
    """What the chosen pairs cost, each shrunk as was fitted without its fold."""
    pairs, (name, chosen) = ground.pairs, rows
    factors = np.array(held)[pairs.fold].T
    total = [pairs.given_bits + pairs.bits.sum(axis=0)]
    total.append(pairs.given_bits + (pairs.bits * factors).sum(axis=0))
    cost = np.array([costs(bits, pairs.same) for bits in total])
    samples = []
    for drawn in draws.weights.T:
        weight = _weighed(ground, chosen, drawn)
        samples.append((cost * weight).sum(axis=1) / weight.sum() if weight.any() else [np.nan] * 2)
    before, after = np.transpose(samples)
    figures = [Figure.of(one) for one in (before, after, before - after)]
    kind = pairs.same[chosen]
    there = [_there(figure) for figure in figures]
    return GroundCost(name, int(kind.sum()), int((~kind).sum()), *there)


def _there(figure: Figure | None) -> Figure:
    return figure or Figure(float("nan"), float("nan"), float("nan"), np.full(1, np.nan))
