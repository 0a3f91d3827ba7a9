"""Bits without labels: Fellegi and Sunter's model, learned by expectation maximisation.

u (how often records of two entities agree) comes from random pairs; m (how often two records of one
entity do) from the pairs of each blocking rule, over the fields that are not in it (Winkler 1988;
Linacre et al., IJPDS 2022); a field's m is the mean over rules, by their expected true pairs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.er.fields import LEVELS, Field
from features.feature import Outcome
from linkage.model import BitsSource, Prior, Rulebook, Thresholds, Weight

Floats = NDArray[np.float64]
STEPS = 100
SMOOTH = 1e-6
START = np.array([0.25, 0.25, 0.2, 0.15, 0.1, 0.05])
SOURCE = BitsSource(kind="measured", text="learned on this benchmark without its labels")


@dataclass(frozen=True)
class Learned:
    """m of the fields outside a rule, and how many of its pairs are of one entity."""

    m: Mapping[str, Floats]
    true_pairs: float


def shares(outcome: Outcome) -> Floats:
    """The share of each level among the pairs that have one."""
    counts = np.bincount(outcome.level, minlength=len(LEVELS) + 1)[1:].astype(np.float64)
    smoothed: Floats = (counts + 0.5) / (counts.sum() + 0.5 * len(LEVELS))
    return smoothed


def learn(outcomes: Mapping[str, Outcome], u: Mapping[str, Floats], used: Sequence[str]) -> Learned:
    """Expectation maximisation over the pairs of one rule, fields `used` in it left out."""
    fields = [name for name in outcomes if name not in used]
    levels = np.stack([outcomes[name].level for name in fields])
    patterns, count = np.unique(levels, axis=1, return_counts=True)
    m = {name: START.copy() for name in fields}
    share = 0.2
    for _ in range(STEPS):
        odds = np.full(patterns.shape[1], math.log(share / (1 - share)))
        for name, row in zip(fields, patterns, strict=True):
            odds += np.concatenate([[0.0], np.log(m[name] / u[name])])[row]
        chance = 1 / (1 + np.exp(-odds))
        share = min(max(float((count * chance).sum() / count.sum()), SMOOTH), 1 - SMOOTH)
        for name, row in zip(fields, patterns, strict=True):
            found = np.bincount(row, weights=count * chance, minlength=len(LEVELS) + 1)[1:] + 0.01
            m[name] = found / found.sum()
    return Learned(m, float((count * chance).sum()))


def rulebook(
    fields: Sequence[Field], learned: Sequence[Learned], u: Mapping[str, Floats], share: float
) -> Rulebook:
    """The bits of every level of every field.

    Args:
        fields: the fields.
        learned: by rule.
        u: by field.
        share: of all pairs, those of one entity.
    """
    weights = {}
    for field in fields:
        known = [(part.m[field.name], part.true_pairs) for part in learned if field.name in part.m]
        m = sum(value * weight for value, weight in known) / sum(weight for _, weight in known)
        bits = np.log2(m / u[field.name])
        weights[field.name] = {
            level.name: {"across": Weight(bits=float(b), source=SOURCE)}
            for level, b in zip(LEVELS, bits, strict=True)
        }
    reference = 10**9
    prior = Prior(expected_partners=share * reference, reference_accounts=reference, source=SOURCE)
    return Rulebook(
        name="benchmark",
        trained_on=(),
        priors={"across": prior},
        weights=weights,
        thresholds=Thresholds(lead_probability=0.05, strong_probability=0.9, costly_bits=5.0),
    )
