"""What a shared contact or wallet is worth, by how often one hand and different hands share one.

Different hands: every two accounts of one place that both show a value of the kind. One hand: the
earlier and the later half of one account's posts, where both show one. The ratio of the shares
with which they come out on a level is the level's likelihood ratio.
"""

import numpy as np
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.splitting import TimeSplit, split_by_time, whole_ids
from features.pairs import Pairs
from features.values.value_feature import ValueFeature
from linkage.ratios import Ratio

HALVES = TimeSplit(per_side=1_000_000, min_records=2, min_chars=0)


def count_levels(corpus: Corpus, feature: ValueFeature) -> dict[str, Ratio]:
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
    return {
        level.name: Ratio(
            int((same == number).sum()), len(same), int((other == number).sum()), len(other)
        )
        for number, level in enumerate(feature.levels, 1)
    }


def _levels(feature: ValueFeature, corpus: Corpus, *, one_account: bool) -> NDArray[np.int8]:
    """int8: the level of every pair to count of which both sides show something."""
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    accounts = traits.gives["account"].unique().sort().to_numpy()
    left, right = (accounts[side] for side in np.triu_indices(len(accounts), 1))
    pairs = Pairs.of(left, right)
    whole = whole_ids(corpus).rank("dense").to_numpy()
    market = corpus.accounts["market"].rank("dense").to_numpy()
    one = whole[pairs.left] == whole[pairs.right]
    here = market[pairs.left] == market[pairs.right]
    return feature.compare(traits, survey, pairs.take(one if one_account else here & ~one)).level
