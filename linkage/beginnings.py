"""When accounts can have begun: who is first seen late may have been there long before.

A scrape that comes late finds accounts that were there already. So what was seen first is only the
latest time at which an account began; the earliest is known where it registered then, where its
market had been watched for long without it, or where its market opened then.
"""

from datetime import timedelta

import polars as pl

from evidence.corpus import Corpus

SETTLED = timedelta(days=30)
"""Whoever is first seen so long after the first that was seen of his market at all is new there,"""
QUIET_GAPS = 3
"""unless he is seen so seldom: so many of his mean gaps (a longer silence has a chance of e ** -3
where records come at random)."""


def not_before(corpus: Corpus) -> pl.Series:
    """The earliest time (n accounts) at which each can have begun; null where that is unknown."""
    facts = pl.concat([_seen(table) for table in _records(corpus)])
    accounts = corpus.accounts.select("market").with_row_index("account")
    watched = (
        facts.join(accounts, on="account").group_by("market").agg(watched_from=pl.min("seen_at"))
    )
    opened = corpus.markets.unique("market", keep="first").select("market", "opened_at")
    found = (
        accounts.join(watched, on="market", how="left", maintain_order="left")
        .join(opened, on="market", how="left", maintain_order="left")
        .join(_appearing(facts), on="account", how="left", maintain_order="left")
        .join(_registered(corpus), on="account", how="left", maintain_order="left")
    )
    return found.select(_earliest().alias("not_before_at")).to_series()


def _earliest() -> pl.Expr:
    settled = pl.max_horizontal(pl.lit(SETTLED), QUIET_GAPS * pl.col("gap"))
    is_new = pl.col("first_at") > pl.col("watched_from") + settled
    return pl.coalesce(
        pl.when(pl.col("registered_at").is_not_null()).then(
            pl.min_horizontal("registered_at", "first_at")
        ),
        pl.when(is_new & pl.col("gap").is_not_null()).then("first_at"),
        "opened_at",
    )


def _records(corpus: Corpus) -> list[pl.DataFrame]:
    return [corpus.listings, corpus.posts, corpus.photos]


def _seen(table: pl.DataFrame) -> pl.DataFrame:
    return table.select("account", "seen_at").drop_nulls()


def _appearing(facts: pl.DataFrame) -> pl.DataFrame:
    """account, first_at, and the mean gap between its records; null for a single time."""
    ends = (
        facts.unique()
        .group_by("account")
        .agg(first_at=pl.min("seen_at"), last_at=pl.max("seen_at"), times=pl.len())
    )
    gap = (pl.col("last_at") - pl.col("first_at")) / (pl.col("times") - 1)
    return ends.select("account", "first_at", gap=pl.when(pl.col("times") > 1).then(gap))


def _registered(corpus: Corpus) -> pl.DataFrame:
    """account, registered_at: what profiles state, see `records.ACCOUNTS`."""
    stated = corpus.profiles.filter(pl.col("stated_at").is_not_null())
    return stated.group_by("account").agg(registered_at=pl.min("stated_at"))
