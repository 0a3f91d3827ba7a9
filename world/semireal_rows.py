"""The carriers' rows under their new names."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import polars as pl

from evidence.records import ACCOUNT_TABLES, UTC_TIME
from world.carriers import NAME, TEXT_COLUMNS, Tables
from world.semireal_plan import Script

HANDLE_MIN_CHARS = 3
"""A shorter handle is not looked for in texts."""
NAMING_COLUMNS = {
    "accounts": ("record_id", "profile"),
    "listings": ("record_id", "title", "description"),
    "posts": ("record_id", "thread", "title", "body"),
    "photos": ("record_id",),
}
"""Columns in which an account may name itself."""
STAGED: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "market": pl.String,
    "handle": pl.String,
    "part": pl.String,
    "cut_at": UTC_TIME,
    "number": pl.Int64,
    "new_market": pl.String,
    "new_handle": pl.String,
}


def carry(tables: Tables, script: Script) -> dict[str, pl.DataFrame]:
    """Give every row of a carrier to the account that carries it.

    Of a mover's rows those from the cut on go to the second account; what is undated stays with
    the first, as does the profile. Nothing else changes, but for an account's own handle in its
    texts where it bears another one now (from three characters on, in any case, also within words),
    so that no text gives it away; and a photo's file name, which becomes that of its content.

    Returns:
        The tables of accounts, in their order, with `number`, the account's number, and
        `masked_texts`, in how many texts of the row the handle was replaced.
    """
    staged = _staged(script)
    moved = {
        name: _masked(_renamed(table, name, staged), name)
        for name, table in tables.items()
        if name in ACCOUNT_TABLES
    }
    photos = moved["photos"].filter(pl.col("blob").is_not_null())
    return {**moved, "photos": photos.with_columns(_photo_paths(photos))}


def _staged(script: Script) -> pl.DataFrame:
    rows = []
    for account in script.accounts:
        one = account.carrier
        cut_at = None if account.part == "whole" else one.cut_at
        where = (account.number, account.market, account.handle)
        rows.append((one.market, one.handle, account.part, cut_at, *where))
    return pl.DataFrame(rows, schema=STAGED, orient="row")


def _renamed(table: pl.DataFrame, name: str, staged: pl.DataFrame) -> pl.DataFrame:
    """The rows of carriers with their new market and handle, and `old_handle`."""
    seen_at = pl.coalesce("stated_at", "captured_at")
    is_late = (seen_at >= pl.col("cut_at")).fill_null(value=False) & pl.lit(name != "accounts")
    half = pl.when(is_late).then(pl.lit("late")).otherwise(pl.lit("early"))
    part = pl.when(pl.col("cut_at").is_null()).then(pl.lit("whole")).otherwise(half)
    return (
        table.join(staged.select(*NAME, "cut_at").unique(), on=NAME, maintain_order="left")
        .with_columns(part=part)
        .join(staged.drop("cut_at"), on=[*NAME, "part"], maintain_order="left")
        .with_columns(market="new_market", handle="new_handle", old_handle="handle")
        .drop("new_market", "new_handle", "cut_at", "part")
    )


def _masked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    names = [rows["old_handle"].to_list(), rows["handle"].to_list()]
    new = [
        pl.Series(column, map(_without, rows[column].to_list(), *names), pl.String)
        for column in NAMING_COLUMNS.get(name, ())
    ]
    touched = [
        (column != rows[column.name]).fill_null(value=False).cast(pl.Int64)
        for column in new
        if column.name in TEXT_COLUMNS.get(name, ())
    ]
    counted = pl.sum_horizontal(touched) if touched else pl.lit(0, pl.Int64)
    return rows.with_columns(*new, masked_texts=counted).drop("old_handle")


def _without(text: str | None, old: str, new: str) -> str | None:
    is_named = text is not None and len(old) >= HANDLE_MIN_CHARS and old.lower() in text.lower()
    if text is None or old == new or not is_named:
        return text
    return re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE)


def _photo_paths(photos: pl.DataFrame) -> pl.Series:
    """File names without a story: the digest of the picture, and the ending it had."""
    shown = zip(photos["blob"].to_list(), photos["path"].to_list(), strict=True)
    paths = [f"photos/{blob}{PurePosixPath(path or '').suffix.lower()}" for blob, path in shown]
    return pl.Series("path", paths, pl.String)
