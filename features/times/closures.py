"""Who falls silent when a market closes, and who begins elsewhere soon after."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.pairs import Pairs

LAST_DAYS = timedelta(days=45)
"""Who was last seen so long before the closing, or since, was active to the end."""
AFTER = timedelta(days=60)
"""A newcomer of so many days after it may be one who had to move (working figure: the studies of
closures look at the six weeks around them; van Wegberg et al. 2017, Décary-Hétu and Giommoni
2017)."""
RUNNING_BEFORE = timedelta(days=60)
"""The other market must have been seen so long before the closing, or everybody on it is new."""
CLOSING = {"day": timedelta(days=2), "minute": timedelta(days=2), "second": timedelta(days=2)}
VAGUE = timedelta(days=31)
"""How much later than stated a market may have closed, by the precision of the statement."""
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Lives:
    """When n accounts began and were silenced; microseconds since 1970, `NEVER` where neither.

    Attributes:
        closed: int64 (n,); when the account's market closed, of accounts active to the end.
        began: int64 (n,); the first date that the account states.
        running: int64 (n,); the first date that anybody states on the account's market.
    """

    closed: NDArray[np.int64]
    began: NDArray[np.int64]
    running: NDArray[np.int64]

    def takes_over(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Of m pairs, bool (m,): one ended with its market, the other began elsewhere soon."""
        return self._follows(pairs.left, pairs.right) | self._follows(pairs.right, pairs.left)

    def _follows(self, old: NDArray[np.uint32], new: NDArray[np.uint32]) -> NDArray[np.bool_]:
        closed = self.closed[old]
        known = (closed != NEVER) & (self.began[new] != NEVER)
        wait = np.where(known, self.began[new] - np.where(known, closed, 0), -1)
        ran = np.where(known, closed, 0) - np.where(known, self.running[new], 0)
        soon = (wait >= 0) & (wait <= _us(AFTER))
        found: NDArray[np.bool_] = known & soon & (ran >= _us(RUNNING_BEFORE))
        return found


def read_lives(corpus: Corpus, stamps: pl.DataFrame) -> Lives:
    """The lives of all accounts, from the dates that they state (not from when they were scraped).

    Args:
        corpus: for its accounts, and the markets' closings.
        stamps: see `stamps.read_stamps`.
    """
    seen = stamps.group_by("account").agg(
        first=pl.col("stated_at").min(), last=pl.col("stated_at").max()
    )
    slack = pl.col("closed_precision").replace_strict(CLOSING, default=VAGUE)
    closings = corpus.markets.unique("market", keep="first", maintain_order=True).select(
        "market", closing="closed_at", latest=pl.col("closed_at") + slack
    )
    lives = (
        corpus.accounts.select("market")
        .with_row_index("account")
        .join(seen, on="account", how="left", maintain_order="left")
        .join(closings, on="market", how="left", maintain_order="left")
        .with_columns(running=pl.col("first").min().over("market"))
    )
    active = pl.col("last").is_between(pl.col("closing") - LAST_DAYS, pl.col("latest") + LAST_DAYS)
    silenced = lives.select(pl.when(active).then("closing")).to_series()
    return Lives(_instants(silenced), _instants(lives["first"]), _instants(lives["running"]))


def _instants(times: pl.Series) -> NDArray[np.int64]:
    return times.dt.epoch("us").fill_null(NEVER).to_numpy()


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
