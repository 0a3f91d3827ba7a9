"""An assessment: what a set of pairs is worth and what it is proposed as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import AnyFeature, Outcome
from features.pairs import Pairs
from linkage.bands import Judgement, judge
from linkage.model import Rulebook
from linkage.readings import Asked, Watch, unwatched
from linkage.relations import relations_of
from linkage.scoring import Scores, score_pairs
from linkage.standing import Standing, standing_of


@dataclass(frozen=True)
class Assessment:
    """n pairs with their relation (int8, n), outcomes, scores, standing and judgement."""

    pairs: Pairs
    relation: NDArray[np.int8]
    outcomes: Mapping[str, Outcome]
    scores: Scores
    standing: Standing
    judgement: Judgement


def assess(
    accounts: pl.DataFrame,
    readings: Sequence[Asked],
    rules: Rulebook,
    pairs: Pairs,
    watch: Watch = unwatched,
) -> Assessment:
    """Compare n pairs with every feature, add up the bits, and judge.

    Args:
        accounts: the corpus's accounts.
        readings: the features over that corpus.
        rules: the bits and thresholds.
        pairs: the pairs, candidates or not.
        watch: told after each feature.
    """
    outcomes = {}
    for reading in readings:
        outcomes[reading.feature.name] = reading.compare(pairs)
        watch(f"compare {reading.feature.name}", len(pairs))
    features = [reading.feature for reading in readings]
    return weigh(pairs, relations_of(accounts, pairs), outcomes, features, rules)


def weigh(
    pairs: Pairs,
    relation: NDArray[np.int8],
    outcomes: Mapping[str, Outcome],
    features: Sequence[AnyFeature],
    rules: Rulebook,
) -> Assessment:
    """Add up the bits of n pairs that were compared, and judge; see `score_pairs`."""
    scores = score_pairs(pairs, relation, outcomes, features, rules)
    return Assessment(pairs, relation, outcomes, scores, *judged(scores, features, rules))


def judged(
    scores: Scores, features: Sequence[AnyFeature], rules: Rulebook
) -> tuple[Standing, Judgement]:
    """How n scored pairs stand, and what they are proposed as, if these are all the features."""
    standing = standing_of(scores, features)
    return standing, judge(scores, standing, rules.thresholds)
