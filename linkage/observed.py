"""What a run observed, whatever it concludes: accounts, markets, values shown by several."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from evidence.corpus import Corpus
from evidence.known_ids import halves
from features.handles.folding import fold
from linkage.beginnings import not_before
from linkage.readings import VALUES_SHOWN, Reading
from linkage.run_tables import LEFT_BEHIND, RUN_ACCOUNTS, RUN_MARKETS, SHOWN

ODD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio, which spreads times over all bits (Knuth, TAOCP vol. 3, 6.4)."""
DIGEST_SHIFT = np.uint64(24)
"""40 bits of each record are added up, so that millions of them stay within 64 bits."""


def observed_accounts(corpus: Corpus) -> pl.DataFrame:
    """The accounts with how much they left and when, see `run_tables.RUN_ACCOUNTS`."""
    records = (
        _records(corpus, "seen_at")
        .group_by("account")
        .agg(
            record_count=pl.len().cast(pl.Int64),
            first_seen_at=pl.col("seen_at").min(),
            last_seen_at=pl.col("seen_at").max(),
        )
    )
    return (
        corpus.accounts.with_row_index("account")
        .with_columns(not_before(corpus))
        .with_columns(fold(corpus.accounts["handle"]).alias("folded_handle"))
        .join(records, on="account", how="left", maintain_order="left")
        .with_columns(pl.col("record_count").fill_null(0))
        .select(RUN_ACCOUNTS.schema.names())
    )


def left_behind(corpus: Corpus) -> pl.DataFrame:
    """What each account left behind, by source, see `run_tables.LEFT_BEHIND`."""
    records = _records(corpus, "source_id", "row_id", "seen_at")
    said, _ = halves(records["row_id"])
    seen_us = records["seen_at"].dt.epoch("us").fill_null(-1).to_numpy().astype(np.uint64)
    mixed = (said ^ (seen_us * ODD)) >> DIGEST_SHIFT
    ids = corpus.accounts.select("account_id").with_row_index("account")
    return (
        records.with_columns(digest=pl.Series(mixed.astype(np.int64)))
        .group_by("account", "source_id")
        .agg(record_count=pl.len().cast(pl.Int64), digest=pl.col("digest").sum())
        .join(ids, on="account")
        .select(LEFT_BEHIND.schema.names())
        .sort("account_id", "source_id")
    )


def _records(corpus: Corpus, *columns: str) -> pl.DataFrame:
    """Listings, posts, profiles, photos and keys: `account` and the columns."""
    keys = corpus.texts.filter(pl.col("ground") == "key")
    facts = [corpus.listings, corpus.posts, corpus.profiles, corpus.photos, keys]
    return pl.concat([table.select("account", *columns) for table in facts])


def observed_markets(corpus: Corpus) -> pl.DataFrame:
    """Every market that is described or has accounts, see `run_tables.RUN_MARKETS`."""
    counts = corpus.accounts.group_by("market").agg(account_count=pl.len().cast(pl.Int64))
    described = corpus.markets.unique("market", keep="first", maintain_order=True)
    return (
        described.join(counts, on="market", how="full", coalesce=True)
        .with_columns(pl.col("kind").fill_null("market"), pl.col("account_count").fill_null(0))
        .select(RUN_MARKETS.schema.names())
        .sort("market")
    )


def values_seen(accounts: pl.DataFrame, readings: Sequence[Reading]) -> pl.DataFrame:
    """Which account shows which value, and since when: kind, value, account_id, seen_at.

    Where an account is known to show a value at several times, or also at an unknown one, each is a
    row.

    Args:
        accounts: see `evidence.corpus.ACCOUNT_COLUMNS`.
        readings: of every feature over their corpus.
    """
    account_ids = accounts.select("account_id").with_row_index("account")
    by_row = [pl.DataFrame(schema=VALUES_SHOWN), *(reading.shown for reading in readings)]
    rows = pl.concat(by_row).join(account_ids, on="account")
    return rows.select("kind", "value", "account_id", "seen_at")


def shown_values(corpus: Corpus, readings: Sequence[Reading]) -> pl.DataFrame:
    """Values that several accounts show or that one proved, see `run_tables.SHOWN`."""
    empty = pl.DataFrame(schema=SHOWN.schema)
    by_row = [reading.shown for reading in readings if reading.shown.height]
    if not by_row:
        return empty
    account_ids = corpus.accounts.select("account_id").with_row_index("account")
    several = pl.col("account_id").n_unique().over("kind", "value") > 1
    return (
        pl.concat(by_row)
        .join(account_ids, on="account")
        .group_by("kind", "value", "account_id")
        .agg(pl.col("proved").any())
        .filter(several | pl.col("proved"))
        .select(SHOWN.schema.names())
        .sort("kind", "value", "account_id")
    )
