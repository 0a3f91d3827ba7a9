"""When accounts were active: the distinct hours in which they posted or listed something."""

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME

TIMED = ("minute", "second", "microsecond")
"""Precisions that know the hour."""

STAMPS = pl.Schema(
    {
        "account": pl.UInt32(),
        "stated_at": UTC_TIME,
        "timed": pl.Boolean(),
        "source_id": pl.String(),
        "place": pl.String(),
        "row_id": pl.String(),
    }
)
"""One row for each dated listing, post and registration, sorted by (account, stated_at, row_id)."""


def read_stamps(corpus: Corpus) -> pl.DataFrame:
    """The columns `STAMPS`; `timed` where the time of day is known.

    Midnight to the microsecond is a date that somebody wrote as a time. A registration has no time
    of day: many forums round it.
    """
    midnight = pl.col("stated_at").dt.time() == pl.time(0, 0, 0, 0)
    timed = pl.col("stated_precision").is_in(TIMED) & ~midnight
    acts = [table.with_columns(timed=timed) for table in (corpus.listings, corpus.posts)]
    registrations = corpus.profiles.with_columns(timed=pl.lit(value=False))
    return (
        pl.concat([table.select(STAMPS.names()) for table in (*acts, registrations)])
        .drop_nulls("stated_at")
        .cast(STAMPS)
        .sort("account", "stated_at", "row_id")
    )


def active_hours(stamps: pl.DataFrame) -> pl.DataFrame:
    """(account, hour, day): the distinct hours, counted from 1970, in which an account was active.

    A sitting of many posts counts once an hour, since its posts do not speak independently.
    """
    since = pl.col("stated_at").dt.epoch("s").floordiv(3600)
    hours = stamps.filter("timed").select("account", hour=since).unique().sort("account", "hour")
    return hours.with_columns(day=pl.col("hour").floordiv(24), hour=pl.col("hour") % 24)
