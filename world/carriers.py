"""Carriers: accounts of a real corpus, one for each owner, that invented events are laid upon."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evidence.records import ACCOUNT_TABLES, UTC_TIME
from evidence.spans.extraction import extract

ARMOR = "BEGIN PGP "
LEAST_RECORDS = 2
"""So many listings and posts stand on each side of a cut, at least."""

Tables = Mapping[str, pl.DataFrame]
"""The archive's tables by name, see `Archive.tables`."""

NAME = ("market", "handle")
TEXT_COLUMNS = {
    "accounts": ("profile",),
    "listings": ("title", "description"),
    "posts": ("title", "body"),
    "keys": ("block",),
}
CARRIERS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "carrier": pl.UInt32,
    "market": pl.String,
    "handle": pl.String,
    "record_count": pl.UInt32,
    "listing_count": pl.UInt32,
    "photo_count": pl.UInt32,
    "first_at": UTC_TIME,
    "last_at": UTC_TIME,
    "cut_at": UTC_TIME,
    "armored": pl.Boolean,
}
"""`record_count`, `first_at` and `last_at` are of listings and posts, the times null where none is
dated; `cut_at` parts the records in two halves as even as their times allow, null where they do
not; `armored`: there is OpenPGP armor in a text, or a key was delivered."""


def read_carriers(tables: Tables) -> pl.DataFrame:
    """The carriers of a corpus, sorted by market and handle and numbered from 0.

    Accounts that may be one owner's (one handle but for case and signs, or one key shown) would be
    a truth that nobody wrote down: of such only the one with most records is taken.

    Returns:
        `CARRIERS`.
    """
    records, armored = _records(tables), _armored(tables)
    times = records.drop_nulls("at").group_by(NAME).agg(first_at=pl.min("at"), last_at=pl.max("at"))
    owners = [tables[name].select(NAME) for name in ACCOUNT_TABLES if name in tables]
    return (
        pl.concat(owners)
        .unique()
        .join(_counted(records, "record_count"), on=NAME, how="left")
        .join(_counted(tables["listings"], "listing_count"), on=NAME, how="left")
        .join(_counted(tables["photos"], "photo_count"), on=NAME, how="left")
        .with_columns(pl.col("^.*_count$").fill_null(0))
        .join(times, on=NAME, how="left")
        .join(_cuts(records), on=NAME, how="left")
        .join(armored.select(*NAME, armored=True).unique(), on=NAME, how="left")
        .with_columns(pl.col("armored").fill_null(value=False))
        .sort(NAME)
        .pipe(_one_an_owner, armored)
        .with_row_index("carrier")
        .select(pl.col(name).cast(dtype) for name, dtype in CARRIERS.items())
    )


def _counted(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.group_by(NAME).len(name)


def _records(tables: Tables) -> pl.DataFrame:
    """Market, handle and time (`at`, or null) of every listing and post."""
    at = pl.coalesce("stated_at", "captured_at").alias("at")
    return pl.concat([tables[name].select(*NAME, at) for name in ("listings", "posts")])


def _cuts(records: pl.DataFrame) -> pl.DataFrame:
    """Market, handle, `cut_at`: records before it are the early half, the others the late one."""
    days = records.drop_nulls("at").group_by(*NAME, "at").len().sort(*NAME, "at")
    whole = pl.col("len").sum().over(NAME).cast(pl.Int64)
    before = pl.col("len").cum_sum().over(NAME).cast(pl.Int64) - pl.col("len").cast(pl.Int64)
    return (
        days.with_columns(whole=whole, before=before)
        .filter(pl.col("before").is_between(LEAST_RECORDS, pl.col("whole") - LEAST_RECORDS))
        .sort(*NAME, (2 * pl.col("before") - pl.col("whole")).abs(), "at")
        .unique(NAME, keep="first", maintain_order=True)
        .select(*NAME, cut_at="at")
    )


def _armored(tables: Tables) -> pl.DataFrame:
    """Market, handle and `block` of what holds armor; the mended key block, null for others."""
    texts = pl.concat(
        [
            tables[name].select(*NAME, text=column).filter(pl.col("text").str.contains(ARMOR))
            for name, columns in TEXT_COLUMNS.items()
            for column in columns
        ]
    ).with_row_index("number")
    blocks = (
        extract(texts["text"])
        .filter(kind="key_block")
        .select(number=pl.col("text").cast(pl.UInt32), block="value")
    )
    return texts.join(blocks, on="number", how="left").select(*NAME, "block")


def _one_an_owner(accounts: pl.DataFrame, armored: pl.DataFrame) -> pl.DataFrame:
    """The accounts (sorted by name) with most records among those that may be one owner's."""
    folded = pl.col("handle").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    by_handle = accounts.select(
        *NAME, value=pl.when(folded == "").then("handle").otherwise(pl.lit("h ") + folded)
    )
    by_key = armored.drop_nulls("block").select(*NAME, value=pl.lit("k ") + pl.col("block"))
    shown = pl.concat([by_handle, by_key]).join(accounts.with_row_index("row"), on=NAME)
    columns = shown["value"].rank("dense").to_numpy() - 1
    size = (accounts.height, int(columns.max()) + 1 if len(columns) else 0)
    ones = np.ones(shown.height, np.int8)
    shows = coo_array((ones, (shown["row"].to_numpy(), columns)), shape=size).tocsr()
    _, owner = connected_components(shows @ shows.T, directed=False)
    return (
        accounts.with_columns(owner=pl.Series(owner, dtype=pl.Int32))
        .sort(pl.col("record_count"), *NAME, descending=[True, False, False])
        .unique("owner", keep="first", maintain_order=True)
        .drop("owner")
        .sort(NAME)
    )
