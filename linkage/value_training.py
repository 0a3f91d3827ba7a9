"""What a shared contact or wallet is worth, by how often one hand and different hands share one.

Different hands: every two accounts of one place that both show a value of the kind. One hand: the
earlier and the later half of one account's posts, where both show one. The ratio of the shares
with which they come out on a level is the level's likelihood ratio.
"""

from dataclasses import dataclass
from math import log2

import numpy as np
from scipy.stats import beta

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.splitting import TimeSplit, split_by_time
from features.pairs import Pairs
from features.values.value_feature import ValueFeature

HALVES = TimeSplit(per_side=1_000_000, min_records=2, min_chars=0)
CONFIDENCE = 0.95


@dataclass(frozen=True)
class LevelCount:
    """How often one level came out.

    Attributes:
        level: its name.
        same, same_pairs: halves of one account on this level, and halves that both show something.
        other, other_pairs: the same of different accounts of one place.
    """

    level: str
    same: int
    same_pairs: int
    other: int
    other_pairs: int

    @property
    def bits(self) -> float:
        """log2 of the ratio of both shares, half a pair added to each count."""
        return log2(
            (self.same + 0.5)
            / (self.same_pairs + 1)
            / ((self.other + 0.5) / (self.other_pairs + 1))
        )

    @property
    def interval_bits(self) -> tuple[float, float]:
        """Bits of the least and the largest ratio of the shares' intervals.

        Exact 97.5 % intervals of both shares (Clopper and Pearson 1934), so that both hold with at
        least 95 %.
        """
        same, other = _interval(self.same, self.same_pairs), _interval(self.other, self.other_pairs)
        return log2(same[0] / other[1]), log2(same[1] / other[0])


def count_levels(corpus: Corpus, feature: ValueFeature) -> list[LevelCount]:
    """Count how often each level of the feature comes out, for one hand and for different hands.

    Args:
        corpus: with posts of authors of one place or several; not cut by time.
        feature: contact or wallet.

    Raises:
        RefusedInput: no two halves of an account, or no two accounts, show a value.
    """
    same = _levels(feature, split_by_time(corpus, HALVES), one_account=True)
    other = _levels(feature, corpus, one_account=False)
    if not len(same) or not len(other):
        raise RefusedInput(f"too few accounts show a {feature.value_kind}: add forum posts")
    return [
        LevelCount(
            level.name,
            int((same == number).sum()),
            len(same),
            int((other == number).sum()),
            len(other),
        )
        for number, level in enumerate(feature.levels, 1)
    ]


def _levels(feature: ValueFeature, corpus: Corpus, *, one_account: bool) -> np.ndarray:
    """int8: the level of every pair to count of which both sides show something."""
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    accounts = traits.gives["account"].unique().sort().to_numpy()
    left, right = (accounts[side] for side in np.triu_indices(len(accounts), 1))
    pairs = Pairs.of(left, right)
    whole = corpus.accounts["account_id"].str.replace("#(early|late)$", "").rank("dense").to_numpy()
    market = corpus.accounts["market"].rank("dense").to_numpy()
    one = whole[pairs.left] == whole[pairs.right]
    here = market[pairs.left] == market[pairs.right]
    return feature.compare(traits, survey, pairs.take(one if one_account else here & ~one)).level


def _interval(count: int, total: int) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 4
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    least = 1 / (2 * (total + 1))
    return max(low, least), max(high, least)
