"""What a feature is worth: alone, and by what is lost when it is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from features.feature import AnyFeature
from linkage.evaluation import ScoredTask
from linkage.model import Copying, Relation
from linkage.ranking import RankingFigures
from linkage.scoring import add_up

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
    scored: Sequence[ScoredTask],
    features: Sequence[AnyFeature],
    copying: Mapping[Relation, Copying],
    judge: Judge,
) -> dict[str, FeatureFigures]:
    """The figures of each feature, from the bits of pairs that were scored once.

    Args:
        scored: tasks scored by all of the features.
        features: these, two or more.
        copying: the model's.
        judge: the figures of scored tasks, over all of them.
    """

    def judged(chosen: Sequence[AnyFeature]) -> RankingFigures | None:
        return judge([judged_by(task, chosen, copying) for task in scored])

    return {
        feature.name: FeatureFigures(
            _compared_share(scored, feature),
            judged([feature]),
            judged([other for other in features if other is not feature]),
        )
        for feature in features
    }


def judged_by(
    task: ScoredTask, features: Sequence[AnyFeature], copying: Mapping[Relation, Copying]
) -> ScoredTask:
    """A scored task as if there were no other features than these."""
    found = task.scores
    scores = add_up(found.prior_bits, task.relation, found.levels, found.bits, features, copying)
    return replace(task, scores=scores)


def _compared_share(scored: Sequence[ScoredTask], feature: AnyFeature) -> float:
    levels = [~np.isnan(task.scores.bits[feature.name]) for task in scored]
    return float(np.mean(np.concatenate([*levels, np.zeros(0, np.bool_)]))) if levels else 0.0
