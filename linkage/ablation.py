"""What a feature is worth: alone, and by what is lost when it is left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from features.feature import AnyFeature
from linkage.evaluation import ScoredTask
from linkage.ranking import RankingFigures
from linkage.scoring import BITS_DECIMALS, sum_of_families

Judge = Callable[[Sequence[ScoredTask]], RankingFigures | None]


@dataclass(frozen=True)
class FeatureFigures:
    """One feature by itself, and all others without it; None where there is nothing to judge.

    `compared_share` is the share of the scored pairs on which the feature has a level.
    """

    compared_share: float
    alone: RankingFigures | None
    without: RankingFigures | None


def by_feature(
    scored: Sequence[ScoredTask], features: Sequence[AnyFeature], judge: Judge
) -> dict[str, FeatureFigures]:
    """The figures of each feature, from the bits of pairs that were scored once.

    Args:
        scored: tasks scored by all of the features.
        features: these, two or more.
        judge: the figures of scored tasks, over all of them.
    """

    def judged(chosen: Sequence[AnyFeature]) -> RankingFigures | None:
        return judge([judged_by(task, chosen) for task in scored])

    return {
        feature.name: FeatureFigures(
            _compared_share(scored, feature),
            judged([feature]),
            judged([other for other in features if other is not feature]),
        )
        for feature in features
    }


def judged_by(task: ScoredTask, features: Sequence[AnyFeature]) -> ScoredTask:
    """A scored task as if there were no other features than these."""
    prior = task.total_bits - task.likelihood_bits
    bits = {feature.name: task.bits[feature.name] for feature in features}
    evidence = np.round(sum_of_families(bits, features)[0], BITS_DECIMALS) + np.zeros(len(prior))
    return replace(task, total_bits=prior + evidence, likelihood_bits=evidence, bits=bits)


def _compared_share(scored: Sequence[ScoredTask], feature: AnyFeature) -> float:
    levels = [~np.isnan(task.bits[feature.name]) for task in scored]
    return float(np.mean(np.concatenate([*levels, np.zeros(0, np.bool_)]))) if levels else 0.0
