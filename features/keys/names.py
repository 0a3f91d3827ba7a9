"""Whose handle the user ids of keys bear."""

import re

import polars as pl

from features.handles.folding import fold
from features.keys.displays import Displays, Key

NAME_PARTS = r"^\s*([^<(]*?)\s*(?:\([^)]*\)\s*)*(?:<\s*([^@>\s]*)@?[^>]*>)?\s*$"
NAME_MIN_CHARS = 3
CONTAINED_MIN_CHARS = 4
CONTAINED_MIN_SHARE = 0.5
"""Of the longer of two names the shorter one is at least so much."""

CONTAINED, EQUAL = 1, 2
"""How a user id bears a handle: one of the two contains the other, or they are the same."""


def names_in(key: Key) -> tuple[str, ...]:
    """Names in a key's self-signed user ids, from four characters on, in lower case."""
    parts = (found for name in key.names if (found := re.match(NAME_PARTS, name)))
    names = {part.strip().lower() for found in parts for part in found.groups() if part}
    return tuple(sorted(name for name in names if len(name) >= CONTAINED_MIN_CHARS))


def named_accounts(displays: Displays, accounts: pl.DataFrame) -> pl.DataFrame:
    """(account, key, named): whose handle a key's self-signed user id bears.

    EQUAL: the folded handle equals a folded name or the part before the @, whether the account
    displays the key or not. CONTAINED: of an account that displays it one contains the other, and
    is not much longer.
    """
    names = _folded_names(displays.keys)
    handles = accounts.select(name=fold(accounts["handle"])).with_row_index("account")
    equal = handles.drop_nulls().join(names, on="name").select("account", "key", named=EQUAL)
    pairs = (
        displays.rows.select("account", "key")
        .unique()
        .join(names, on="key")
        .join(handles.rename({"name": "handle"}).drop_nulls(), on="account")
    )
    sizes = pl.concat_list(pl.col("name", "handle").str.len_chars())
    shorter, longer = sizes.list.min(), sizes.list.max()
    contained = pairs.filter(
        (shorter >= CONTAINED_MIN_CHARS)
        & (shorter >= longer * CONTAINED_MIN_SHARE)
        & (
            pl.col("handle").str.contains(pl.col("name"), literal=True)
            | pl.col("name").str.contains(pl.col("handle"), literal=True)
        )
    ).select("account", "key", named=CONTAINED)
    found = pl.concat([equal, contained]).group_by("account", "key").agg(pl.col("named").max())
    return found.cast({"named": pl.Int8}).sort("account", "key")


def _folded_names(keys: tuple[Key, ...]) -> pl.DataFrame:
    rows = [(number, name) for number, key in enumerate(keys) for name in key.names]
    parts = pl.DataFrame(rows, schema={"key": pl.UInt32, "name": pl.String}, orient="row").select(
        "key", name=pl.concat_list(pl.col("name").str.extract(NAME_PARTS, part) for part in (1, 2))
    )
    long = parts.explode("name", empty_as_null=True).drop_nulls()
    folded = long.with_columns(fold(long["name"])).filter(
        pl.col("name").str.len_chars() >= NAME_MIN_CHARS
    )
    return folded.unique().sort("key", "name")
