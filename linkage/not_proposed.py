"""Why a run does not propose a pair: nobody brings it together, too few bits, or both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

import numpy as np

from features.pairs import Pairs
from linkage.assessment import Assessment
from linkage.bands import lead_probability
from linkage.candidates import gather
from linkage.model import Thresholds

LEAST_SAID = 0.001
"""A smaller probability is said to be under this."""


@dataclass(frozen=True)
class NotProposed:
    """Why a run does not propose a pair.

    Attributes:
        reasons: in words; each by itself is enough.
        lacking_bits: how many bits the pair is short of a lead; None where it is not short of any.
        brought_by: features that bring the two together; without one, no run compares them.
        left_out_by: features for which both are hubs, so that the pair is left out.
        passed_by: features that bring accounts together and find something to compare on these
            two, but do not bring them.
    """

    reasons: tuple[str, ...]
    lacking_bits: float | None
    brought_by: tuple[str, ...]
    left_out_by: tuple[str, ...]
    passed_by: tuple[str, ...]


def why_not_proposed(
    assessment: Assessment, met: Mapping[str, Pairs], thresholds: Thresholds
) -> NotProposed | None:
    """Why a run does not propose the only pair of an assessment; None where it would.

    Args:
        assessment: of the pair.
        met: by feature, the pairs that it brings, over the whole corpus.
        thresholds: the model's.
    """
    bringing = _holding(met, assessment.pairs)
    kept = {name: gather({name: met[name]}).pairs for name in bringing}
    brought_by = _holding(kept, assessment.pairs)
    left_out_by = tuple(name for name in bringing if name not in brought_by)
    passed_by = tuple(
        name
        for name in met
        if assessment.outcomes[name].level[0] and len(met[name]) and name not in bringing
    )
    lacking_bits = _lacking_bits(assessment, thresholds)
    reasons = []
    if lacking_bits is not None:
        reasons.append(_too_few(assessment, thresholds, lacking_bits))
    if not brought_by:
        reasons.append(_not_brought(left_out_by, passed_by))
    if not reasons:
        return None
    return NotProposed(tuple(reasons), lacking_bits, brought_by, left_out_by, passed_by)


def _holding(met: Mapping[str, Pairs], pair: Pairs) -> tuple[str, ...]:
    """Names of those that hold the pair."""
    return tuple(name for name, pairs in met.items() if np.isin(pair.keys, pairs.keys).all())


def _lacking_bits(assessment: Assessment, thresholds: Thresholds) -> float | None:
    if len(assessment.judgement.proposed):
        return None
    lead = _lead(assessment, thresholds)
    return round(log2(lead / (1 - lead)) - float(assessment.scores.total_bits[0]), 6)


def _lead(assessment: Assessment, thresholds: Thresholds) -> float:
    """The probability that a lead needs here."""
    owners = assessment.scores.owner_bits
    return float(lead_probability(assessment.standing, owners, thresholds)[0])


def _too_few(assessment: Assessment, thresholds: Thresholds, lacking_bits: float) -> str:
    lead = _lead(assessment, thresholds)
    why = ", as a copier would be no less likely" if lead > thresholds.lead_probability else ""
    probability = float(assessment.scores.probability[0])
    said = f"under {LEAST_SAID}" if probability < LEAST_SAID else f"{probability:.2g}"
    return f"probability {said}: a lead needs {lead:.2g}{why}; {lacking_bits:.1f} bits more"


def _not_brought(left_out_by: Iterable[str], passed_by: Iterable[str]) -> str:
    said = "no feature brings these two together, so that a run does not compare them"
    if left_out_by:
        said += f"; for {_listed(left_out_by)} both have too many partners to be compared in pairs"
    if passed_by:
        said += f"; {_listed(passed_by)} looked, and brought other pairs"
    return said


def _listed(names: Iterable[str]) -> str:
    return " and ".join(", ".join(name.replace("_", " ") for name in names).rsplit(", ", 1))
