"""The kinds of things a slot holds: their rows, how they are written, removed and listed.

A row is a flat map: `key`, which names the thing within a slot; `digest` of all it says, by which
a publish sees what has changed; and its columns, times as ISO text in UTC, as both engines take
them. Nothing that both engines need to be kept from them reaches them: `rows` checks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from graph.names import grams
from graph.statements import (
    HELD_ACCOUNTS,
    HELD_FLOWS,
    HELD_LINKS,
    HELD_MARKETS,
    HELD_PERSONAS,
    REMOVE_ACCOUNTS,
    REMOVE_FLOWS,
    REMOVE_LINKS,
    REMOVE_MARKETS,
    REMOVE_MEMBERS,
    REMOVE_PERSONAS,
    REMOVE_SHOWN,
    WRITE_ACCOUNTS,
    WRITE_FLOWS,
    WRITE_LINKS,
    WRITE_MARKETS,
    WRITE_PERSONAS,
    WRITE_SHOWN,
    Statement,
)

Tables = Mapping[str, pl.DataFrame]
SHOWN_COLUMNS: Mapping[str, pl.Expr] = {
    "shown_keys": (pl.col("kind") == "key") & ~pl.col("proved"),
    "proved_keys": (pl.col("kind") == "key") & pl.col("proved"),
    "photos": pl.col("kind") == "photo",
    "contacts": pl.col("kind") == "contact",
    "wallets": pl.col("kind") == "wallet",
}


@dataclass(frozen=True)
class Section:
    """One kind of thing; its statements take `$rows` and `$slot`."""

    name: str
    rows_of: Callable[[Tables], pl.DataFrame]
    held: Statement
    write: tuple[Statement, ...]
    remove: tuple[Statement, ...]

    def rows(self, tables: Tables) -> pl.DataFrame:
        """The rows of a run, sorted by key.

        Raises:
            ValueError: a key is missing or stands twice.
        """
        rows = self.rows_of(tables).sort("key")
        if rows["key"].null_count() or rows["key"].is_duplicated().any():
            raise ValueError(f"table {self.name}: a key is missing or stands twice")
        texts = rows.select(pl.struct(pl.all()).struct.json_encode()).to_series()
        return rows.with_columns(
            digest=pl.Series([_digest(text) for text in texts], dtype=pl.String)
        )


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _markets(tables: Tables) -> pl.DataFrame:
    return _iso(tables["markets"].rename({"market": "key"}))


def _accounts(tables: Tables) -> pl.DataFrame:
    shown = (
        tables["shown"]
        .group_by("account_id")
        .agg(
            **{
                name: pl.col("value").filter(which).unique().sort()
                for name, which in SHOWN_COLUMNS.items()
            }
        )
    )
    accounts = (
        tables["accounts"]
        .join(shown, on="account_id", how="left")
        .with_columns(pl.col(SHOWN_COLUMNS).fill_null([]))
    )
    pieces = pl.Series([grams(folded) for folded in accounts["folded_handle"]], dtype=pl.String)
    return _iso(accounts.with_columns(handle_grams=pieces).rename({"account_id": "key"}))


def _links(tables: Tables) -> pl.DataFrame:
    return tables["links"].rename({"link_id": "key"})


def _personas(tables: Tables) -> pl.DataFrame:
    members = pl.col("account_id").unique().sort().alias("members")
    return tables["members"].group_by("persona_id").agg(members).rename({"persona_id": "key"})


def _flows(tables: Tables) -> pl.DataFrame:
    ends = pl.struct("market_from", "market_to").struct.json_encode()
    return tables["flows"].with_columns(key=ends)


def _iso(table: pl.DataFrame) -> pl.DataFrame:
    times = pl.selectors.datetime()
    return table.with_columns(times.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))


SECTIONS = (
    Section("markets", _markets, HELD_MARKETS, (WRITE_MARKETS,), (REMOVE_MARKETS,)),
    Section(
        "accounts",
        _accounts,
        HELD_ACCOUNTS,
        (WRITE_ACCOUNTS, REMOVE_SHOWN, *WRITE_SHOWN),
        (REMOVE_SHOWN, REMOVE_ACCOUNTS),
    ),
    Section("links", _links, HELD_LINKS, (WRITE_LINKS,), (REMOVE_LINKS,)),
    Section(
        "personas", _personas, HELD_PERSONAS, (REMOVE_MEMBERS, WRITE_PERSONAS), (REMOVE_PERSONAS,)
    ),
    Section("flows", _flows, HELD_FLOWS, (WRITE_FLOWS,), (REMOVE_FLOWS,)),
)
"""In the order in which they are written: each stands on those before it. Removed in reverse."""
