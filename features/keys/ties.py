"""What may tie two accounts: a key, what two keys have in common, one key's word for another.

A tie has a number, and of each account that it touches the row of `shows.SHOWS` that it touches it
by. Two accounts with one tie are tied by it; where a key vouches for another, one stands on either
end.
"""

import polars as pl

from features.keys.displays import Displays
from features.keys.signatures import SIGNED

KEY, SUBKEY, EMAIL, VOUCH = range(4)
NOT_FIRM, BY_HANDLE, BY_MARKET = range(3)
"""What holds an account to a key: display, a signed message with its handle, one with its market as
well."""
FEW = 3
"""An address that more accounts show in their keys ties nobody."""

TIES = pl.Schema(
    {
        "account": pl.UInt32,
        "tie": pl.UInt32,
        "row": pl.UInt32,
        "kind": pl.Int8,
        "end": pl.Int8,
        "firm": pl.Int8,
        "mutual": pl.Boolean,
        "showers": pl.Int32,
    }
)
"""`kind`: KEY, SUBKEY, EMAIL or VOUCH. `end`: of a vouch 0 for the key that gives its word, 1 for
the one it gives it for, else 0. `firm`: of a key BY_MARKET where it calls the account; of a vouch
what holds the account to its end (`_ends`); else NOT_FIRM. `mutual`: of a vouch, whether each key
gives its word for the other. `showers`: how many accounts show what is shared."""


def read_ties(
    shows: pl.DataFrame, displays: Displays, calls: pl.DataFrame, vouches: pl.DataFrame
) -> pl.DataFrame:
    """The columns `TIES`, sorted by (account, tie, row, end).

    Args:
        shows: `shows.SHOWS` with `showers`, how many accounts show the key.
        displays: for subkeys and addresses.
        calls: `vouching.CALLS`, also of keys that vouch for the shown ones.
        vouches: `vouching.VOUCHES`.
    """
    called = calls.select("account", "key", called=pl.lit(value=True))
    rows = (
        shows.with_row_index("row")
        .join(called, on=["account", "key"], how="left", maintain_order="left")
        .with_columns(pl.col("called").fill_null(value=False), end=pl.lit(0), mutual=False)
    )
    own = rows.filter(~pl.col("quoting"))
    parts = {
        KEY: rows.with_columns(
            value=pl.col("key").cast(pl.String), firm=pl.col("called") * BY_MARKET
        ),
        SUBKEY: _having(own, displays.subkeys),
        EMAIL: _having(own, displays.emails).filter(pl.col("showers") <= FEW),
        VOUCH: _ends(own, vouches, called),
    }
    columns = ["value", *TIES.names()]
    columns.remove("tie")
    made = [
        part.with_columns(kind=pl.lit(kind)).select(columns).cast({"end": pl.Int8, "firm": pl.Int8})
        for kind, part in parts.items()
    ]
    numbered = pl.concat(made, how="vertical_relaxed").with_columns(
        tie=pl.struct("kind", "value").rank("dense")
    )
    return numbered.select(TIES.names()).cast(TIES).sort("account", "tie", "row", "end")


def _having(rows: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """The rows of keys that have a value in common with another key."""
    shared = values.unique().filter(pl.col("key").n_unique().over("value") > 1)
    return rows.join(shared, on="key").with_columns(
        showers=pl.col("account").n_unique().over("value"), firm=pl.lit(NOT_FIRM)
    )


def _ends(rows: pl.DataFrame, vouches: pl.DataFrame, called: pl.DataFrame) -> pl.DataFrame:
    """Both ends of each vouch.

    Firm on the side of the key that gives its word is an account that signed with it and is named,
    or that it calls. Firm on the other side is such a one of that key, or one that the vouching key
    calls; and it must have published the word itself, or be vouched for in return, or the word must
    have been given before a stranger could know the new key: anybody can sign that a stranger's key
    were his.
    """
    turned = vouches.select(by="of", of="by", mutual=pl.lit(value=True)).unique()
    words = vouches.join(turned, on=["by", "of"], how="left").with_columns(
        pl.col("mutual").fill_null(value=False)
    )
    ends = words.group_by("by", "of").agg(
        pl.col("mutual").any(), pl.col("in_time").any(), publishers=pl.col("account").unique()
    )
    ends = ends.with_columns(value=pl.format("{} {}", "by", "of"))
    held = pl.max_horizontal(pl.col("called") * BY_MARKET, (pl.col("grade") - SIGNED).clip(0))
    bare = rows.drop("mutual", "end")
    giving = bare.join(ends, left_on="key", right_on="by").with_columns(end=pl.lit(0), firm=held)
    agreed = pl.col("mutual") | pl.col("in_time") | pl.col("account").is_in(pl.col("publishers"))
    by_old = called.rename({"key": "by", "called": "by_old"})
    taking = (
        bare.join(ends, left_on="key", right_on="of")
        .join(by_old, on=["account", "by"], how="left")
        .with_columns(pl.col("by_old").fill_null(value=False), end=pl.lit(1))
        .with_columns(firm=pl.max_horizontal(held, pl.col("by_old") * BY_MARKET) * agreed)
    )
    columns = ["account", "row", "value", "end", "firm", "mutual", "showers"]
    return pl.concat([giving.select(columns), taking.select(columns)], how="vertical_relaxed")
