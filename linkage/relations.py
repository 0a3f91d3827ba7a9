"""How the two accounts of a pair stand to each other."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.pairs import Pairs
from linkage.model import RELATIONS

ACROSS, SAME, FORUM = (RELATIONS.index(name) for name in ("across", "same", "forum"))


def relations_of(accounts: pl.DataFrame, pairs: Pairs) -> NDArray[np.int8]:
    """The relation of n pairs, int8 (n,), each an index into `linkage.model.RELATIONS`.

    Two halves of one account, as an evaluation by time cuts them, stand as if on two markets.

    Args:
        accounts: the corpus's accounts, row i being account i.
        pairs: the pairs.
    """
    market, serves = _codes(accounts["market"], accounts["belongs_to"])
    cut = accounts["side"].is_not_null().to_numpy()
    left, right = pairs.left, pairs.right
    relation = np.full(len(pairs), ACROSS, np.int8)
    relation[(serves[left] == market[right]) | (serves[right] == market[left])] = FORUM
    relation[market[left] == market[right]] = SAME
    relation[cut[left] | cut[right]] = ACROSS
    return relation


def _codes(market: pl.Series, belongs_to: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Markets as numbers; -1 stands for a market that serves none, or one without accounts."""
    number = {name: code for code, name in enumerate(market.unique().sort().to_list())}
    return (
        np.array([number[name] for name in market.to_list()], np.int64),
        np.array([number.get(name, -1) for name in belongs_to.to_list()], np.int64),
    )
