"""From archive tables to a corpus: accounts numbered, texts gathered, spans extracted."""

from collections.abc import Mapping

import polars as pl

from evidence.corpus import ACCOUNT_COLUMNS, GROUNDS, TEXT_COLUMNS, Blobs, Corpus
from evidence.recall import NoRecall, Recall
from evidence.records import ACCOUNT_TABLES, SIGHTINGS, TABLES
from evidence.spans.extraction import spans_of

TEXT_OF = {
    "accounts": {"profile": "profile"},
    "listings": {"title": "title", "description": "description"},
    "posts": {"title": "post_title", "body": "post"},
    "keys": {"block": "key"},
}
"""Table, column and the ground on which its text stands."""


def assemble(
    tables: Mapping[str, pl.DataFrame], blobs: Blobs, recall: Recall | None = None
) -> Corpus:
    """Make a corpus.

    Args:
        tables: by name, the archive's tables (see `records.TABLES`), each row with its first
            sighting beside it (see `archive.SIGHTING_COLUMNS`); a table may be missing. `markets`
            has no sightings.
        blobs: where the bytes of photos are.
        recall: what reading a content gave before; nothing by default.
    """
    markets = tables.get("markets", TABLES["markets"].empty()).sort("market", maintain_order=True)
    facts = {name: _with_seen(tables[name]) for name in ACCOUNT_TABLES if name in tables}
    facts = {name: on_known_markets(table, markets) for name, table in facts.items()}
    accounts = _accounts(facts, markets)
    numbered = {name: _numbered(table, accounts) for name, table in facts.items()}
    texts = _texts(numbered)

    def table(name: str) -> pl.DataFrame:
        return numbered[name] if name in numbered else _numbered(_empty(name), accounts)

    return Corpus(
        markets=markets,
        accounts=accounts,
        listings=table("listings"),
        posts=table("posts"),
        profiles=table("accounts"),
        photos=table("photos"),
        tags=_tags(tables),
        texts=texts,
        spans=spans_of(texts, accounts),
        blobs=blobs,
        recall=recall or NoRecall(),
    )


def _empty(name: str) -> pl.DataFrame:
    sighting = SIGHTINGS.empty().drop("row_id", "table")
    return _with_seen(pl.concat([TABLES[name].empty(), sighting], how="horizontal"))


def _tags(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    tags = _with_seen(tables["tags"]) if "tags" in tables else _empty("tags")
    return tags.drop("flaws").sort("seen_at", "source_id", "position", "row_id", nulls_last=True)


def _with_seen(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(seen_at=pl.coalesce("stated_at", "captured_at"))


def on_known_markets(table: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Give each market its one name: an alias or another case of a listed market becomes that.

    A name that is one market's own and another's alias is the former's.
    """
    aliases = markets.select(spelled="aliases", name="market").explode(
        "spelled", empty_as_null=True
    )
    own = markets.select(spelled="market", name="market").sort("name")
    names = pl.concat([own, aliases.sort("name")]).drop_nulls()
    folded = names.with_columns(pl.col("spelled").str.to_lowercase())
    lookup = folded.unique("spelled", keep="first", maintain_order=True)
    return (
        table.with_columns(spelled=pl.col("market").str.to_lowercase())
        .join(lookup, on="spelled", how="left", maintain_order="left")
        .with_columns(market=pl.coalesce("name", "market"))
        .drop("spelled", "name")
    )


def _accounts(facts: Mapping[str, pl.DataFrame], markets: pl.DataFrame) -> pl.DataFrame:
    owners = [table.select("market", "handle") for table in facts.values()]
    empty = pl.DataFrame(schema={"market": pl.String, "handle": pl.String})
    kinds = markets.unique("market", keep="first", maintain_order=True).select(
        "market", pl.col("kind").alias("market_kind"), "belongs_to"
    )
    return (
        pl.concat([empty, *owners])
        .unique()
        .join(kinds, on="market", how="left")
        .with_columns(
            account_id=pl.concat_str("market", pl.lit(":"), "handle"),
            market_kind=pl.col("market_kind").fill_null("market"),
            side=pl.lit(None, pl.String),
        )
        .select(ACCOUNT_COLUMNS.names())
        .sort("account_id")
    )


def _numbered(table: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    numbers = accounts.select("market", "handle").with_row_index("account")
    return (
        table.join(numbers, on=["market", "handle"], how="left", maintain_order="left")
        .drop("market", "handle", "flaws")
        .sort("account", "seen_at", "source_id", "position", nulls_last=True, maintain_order=True)
    )


def _texts(numbered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parts = [
        numbered[name]
        .filter(pl.col(column).str.len_bytes() > 0)
        .with_columns(text=pl.col(column), ground=pl.lit(ground))
        .select(TEXT_COLUMNS.names())
        for name, grounds in TEXT_OF.items()
        if name in numbered
        for column, ground in grounds.items()
    ]
    order = pl.col("ground").replace_strict(
        {ground: place for place, ground in enumerate(GROUNDS)}, return_dtype=pl.UInt8
    )
    return pl.concat([pl.DataFrame(schema=TEXT_COLUMNS), *parts]).sort(
        "account", "seen_at", "source_id", "position", order, nulls_last=True, maintain_order=True
    )
