"""From outcomes to bits: the score is a sum, so that the explanation is the score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import AnyFeature, Outcome
from features.pairs import Pairs
from linkage.copying import copying_bits, owner_bits
from linkage.model import RELATIONS, Copying, Relation, Rulebook, Weight

BITS_DECIMALS = 6
"""Bits are rounded to so many decimals before they are added, stored or hashed."""


@dataclass(frozen=True)
class Scores:
    """What n pairs are worth.

    Attributes:
        prior_bits: float64 (n,), log2 odds of one hand before any evidence.
        total_bits: float64 (n,), prior, all counted bits and those of copying: log2 odds of one
            hand.
        levels: by feature, int8 (n,): its levels, 0 where there was nothing to compare.
        bits: by feature, float64 (n,): log2 likelihood ratios, NaN where there is no level.
        counted: by feature, bool (n,): true where the bits enter the sum.
        copyable_bits: float64 (n,), counted bits for one hand of levels that are `free`.
        copying_bits: float64 (n,), 0 or less, see `linkage.copying`.
        owner_bits: float64 (n,), log2 of owners to one copier among accounts that look alike;
            NaN where the model does not know.
    """

    prior_bits: NDArray[np.float64]
    total_bits: NDArray[np.float64]
    levels: Mapping[str, NDArray[np.int8]]
    bits: Mapping[str, NDArray[np.float64]]
    counted: Mapping[str, NDArray[np.bool_]]
    copyable_bits: NDArray[np.float64]
    copying_bits: NDArray[np.float64]
    owner_bits: NDArray[np.float64]

    def take(self, chosen: NDArray[np.intp]) -> "Scores":
        """Those of the chosen pairs."""
        return Scores(
            self.prior_bits[chosen],
            self.total_bits[chosen],
            {name: levels[chosen] for name, levels in self.levels.items()},
            {name: bits[chosen] for name, bits in self.bits.items()},
            {name: counted[chosen] for name, counted in self.counted.items()},
            self.copyable_bits[chosen],
            self.copying_bits[chosen],
            self.owner_bits[chosen],
        )

    @property
    def probability(self) -> NDArray[np.float64]:
        """Probability of one hand (n,): the logistic of the total."""
        return probability_of(self.total_bits)


def probability_of(bits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (n,) of log2 odds (n,), rounded to nine decimals."""
    odds = np.exp2(-np.abs(bits))
    rounded: NDArray[np.float64] = np.round(np.where(bits >= 0, 1.0, odds) / (1 + odds), 9)
    return rounded


def score_pairs(
    pairs: Pairs,
    relation: NDArray[np.int8],
    outcomes: Mapping[str, Outcome],
    features: Sequence[AnyFeature],
    rules: Rulebook,
) -> Scores:
    """Score n pairs: prior, plus for each family its largest evidence for and against.

    Bits are what the model says a level is worth, times the shrink of the feature's family.

    Args:
        pairs: the pairs.
        relation: int8 (n,), see `relations_of`.
        outcomes: what each feature says of the pairs, by its name.
        features: the features that have an outcome.
        rules: the bits.
    """
    if not len(pairs) == len(relation):
        raise ValueError(f"{len(pairs)} pairs, but {len(relation)} relations")
    bits = {f.name: bits_of(f, outcomes[f.name], relation, rules) for f in features}
    levels = {f.name: outcomes[f.name].level for f in features}
    return add_up(_prior(relation, rules), relation, levels, bits, features, rules.copying)


def add_up(
    prior_bits: NDArray[np.float64],
    relation: NDArray[np.int8],
    levels: Mapping[str, NDArray[np.int8]],
    bits: Mapping[str, NDArray[np.float64]],
    features: Sequence[AnyFeature],
    copying: Mapping[Relation, Copying],
) -> Scores:
    """The scores of n pairs whose bits are known, as if there were no other features than these."""
    chosen = {feature.name: bits[feature.name] for feature in features}
    evidence_bits, counted = sum_of_families(chosen, features)
    copyable = np.zeros(len(prior_bits))
    for feature in features:
        copyable += _copyable(feature, chosen[feature.name], counted[feature.name], levels)
    owners = owner_bits(relation, levels, features, copying)
    taken = np.round(copying_bits(prior_bits, copyable, owners), BITS_DECIMALS)
    total = np.round(prior_bits + evidence_bits + taken, BITS_DECIMALS)
    return Scores(
        prior_bits,
        total,
        {name: levels[name] for name in chosen},
        chosen,
        {name: counted[name] for name in chosen},
        copyable,
        taken,
        owners,
    )


def _copyable(
    feature: AnyFeature,
    bits: NDArray[np.float64],
    counted: NDArray[np.bool_],
    levels: Mapping[str, NDArray[np.int8]],
) -> NDArray[np.float64]:
    """What of a feature's bits (n,) is counted, speaks for one hand and can be copied."""
    free = np.array([False, *(level.forgeable == "free" for level in feature.levels)])
    enters = counted & free[levels[feature.name]] & (bits > 0)
    return np.where(enters, bits, 0.0)


def sum_of_families(
    bits: Mapping[str, NDArray[np.float64]], features: Sequence[AnyFeature]
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.bool_]]]:
    """The evidence on n pairs: for each family its largest bits for and against, added up.

    Args:
        bits: by feature, float64 (n,); NaN where there is no level.
        features: those that count.

    Returns:
        The sum (n,), of no features a single 0; and by feature where its bits enter it (n,).
    """
    families: dict[str, list[str]] = {}
    for feature in features:
        families.setdefault(feature.family, []).append(feature.name)
    total = np.zeros(())
    counted: dict[str, NDArray[np.bool_]] = {}
    for members in families.values():
        family_bits, entering = _strongest([bits[name] for name in members])
        total = total + family_bits
        counted |= dict(zip(members, entering, strict=True))
    return total, counted


def _prior(relation: NDArray[np.int8], rules: Rulebook) -> NDArray[np.float64]:
    bits = np.zeros(len(relation))
    for code in np.unique(relation):
        bits[relation == code] = rules.priors[RELATIONS[code]].bits
    return np.round(bits, BITS_DECIMALS)


def _strongest(
    members: list[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], list[NDArray[np.bool_]]]:
    """The sum (n,) of a family's largest bits for and against, and which members they are."""
    stack = np.nan_to_num(np.stack(members), nan=0.0)
    best, worst = stack.argmax(axis=0), stack.argmin(axis=0)
    entering = [
        (row > 0) & (best == number) | (row < 0) & (worst == number)
        for number, row in enumerate(stack)
    ]
    return np.maximum(stack.max(axis=0), 0) + np.minimum(stack.min(axis=0), 0), entering


def bits_of(
    feature: AnyFeature, outcome: Outcome, relation: NDArray[np.int8], rules: Rulebook
) -> NDArray[np.float64]:
    """Bits (n,) of a feature's outcomes on n pairs, NaN where it had nothing to compare.

    Args:
        feature: which.
        outcome: what it measured.
        relation: int8 (n,), see `linkage.relations`.
        rules: of the model.
    """
    bits = np.full(len(relation), np.nan)
    weights = rules.weights.get(feature.name, {})
    for number, level in enumerate(feature.levels, 1):
        for code, name in enumerate(RELATIONS):
            rows = np.flatnonzero((outcome.level == number) & (relation == code))
            if len(rows):
                bits[rows] = _worth(weights.get(level.name, {}).get(name), outcome, rows)
    return np.round(bits * rules.shrink(feature.family), BITS_DECIMALS)


def _worth(
    weight: Weight | None, outcome: Outcome, rows: NDArray[np.intp]
) -> NDArray[np.float64] | float:
    if weight is None:
        return 0.0
    if weight.curve is not None:
        return weight.curve.bits(outcome.value[rows], outcome.count[rows])
    return weight.bits or 0.0
