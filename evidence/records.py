"""The tables of the archive, every column with its meaning.

A fact is stored once, under the digest of what it says (`row_id`); where and when it was received
is a row of `sightings`. The same fact in two deliveries is one row with two sightings, so that
either delivery can be withdrawn and the fact stands or falls with what is left.
"""

import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from evidence.errors import RefusedInput

UTC_TIME: pl.DataType = pl.Datetime("us", "UTC")
PRECISIONS = ("year", "month", "day", "minute", "second", "microsecond")
KINDS = ("accounts", "listings", "posts", "keys", "photos", "markets", "tags")


@dataclass(frozen=True)
class Column:
    """One column: its name, its Polars type, and what it means (with its unit)."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table of the archive."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pl.Schema:
        """The Polars schema: column name to type, in order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.schema)


ROW_ID = Column("row_id", pl.String, "digest of what the row says (32 hex digits, see `row_id`)")
STATED = (
    Column("stated_at", UTC_TIME, "the time the row itself states, UTC; null where it states none"),
    Column("stated_precision", pl.String, f"how exact `stated_at` is: one of {PRECISIONS}"),
)
FLAWS = Column("flaws", pl.List(pl.String), "parts that could not be read, each `column: why`")
OWNER = (
    Column("market", pl.String, "name of the market as delivered (NFC, trimmed)"),
    Column("handle", pl.String, "handle exactly as shown (NFC, trimmed)"),
)

MARKETS = Table(
    "markets",
    "places with account names of their own",
    (
        ROW_ID,
        Column("market", pl.String, "its name"),
        Column("kind", pl.String, "market, forum or shop"),
        Column("opened_at", UTC_TIME, "when it opened"),
        Column("opened_precision", pl.String, "how exact `opened_at` is"),
        Column("closed_at", UTC_TIME, "when it closed; null while open or unknown"),
        Column("closed_precision", pl.String, "how exact `closed_at` is"),
        Column("reason", pl.String, "why it closed: seized, exit scam, hacked, retired, …"),
        Column("aliases", pl.List(pl.String), "other names of the same place"),
        Column("belongs_to", pl.String, "for a forum: the market it serves"),
        Column("cites", pl.String, "where that is published, as people cite it"),
        FLAWS,
    ),
)
ACCOUNTS = Table(
    "accounts",
    "profiles of accounts; `stated_at` is the registration",
    (
        ROW_ID,
        *OWNER,
        Column("record_id", pl.String, "the market's own id of the account, as delivered"),
        Column("profile", pl.String, "profile text as it came"),
        Column("rating", pl.Float64, "rating as shown, in the market's own unit"),
        *STATED,
        FLAWS,
    ),
)
LISTINGS = Table(
    "listings",
    "offers; `stated_at` is the date the listing or its scrape gives",
    (
        ROW_ID,
        *OWNER,
        Column("record_id", pl.String, "the market's own id or URL of the listing"),
        Column("title", pl.String, "title as it came"),
        Column("description", pl.String, "description as it came"),
        Column("category", pl.String, "category as the market names it"),
        Column("price", pl.Float64, "price in `currency`"),
        Column("currency", pl.String, "currency as delivered"),
        Column("ships_from", pl.String, "origin as delivered"),
        Column("ships_to", pl.String, "destinations as delivered"),
        Column("rating", pl.Float64, "rating as shown"),
        *STATED,
        FLAWS,
    ),
)
POSTS = Table(
    "posts",
    "forum posts and messages; `stated_at` is when it was written",
    (
        ROW_ID,
        *OWNER,
        Column("record_id", pl.String, "the forum's own id or URL of the post"),
        Column("board", pl.String, "board"),
        Column("thread", pl.String, "thread"),
        Column("title", pl.String, "subject as it came"),
        Column("body", pl.String, "body as it came"),
        *STATED,
        FLAWS,
    ),
)
KEYS = Table(
    "keys",
    "OpenPGP key blocks an account displayed, as a column of their own",
    (
        ROW_ID,
        *OWNER,
        Column("block", pl.String, "the armored block as it came"),
        *STATED,
        FLAWS,
    ),
)
PHOTOS = Table(
    "photos",
    "pictures an account displayed",
    (
        ROW_ID,
        *OWNER,
        Column("record_id", pl.String, "the listing it illustrates, where known"),
        Column("path", pl.String, "file name as delivered"),
        Column("blob", pl.String, "SHA-256 of the bytes (hex); null where the file is missing"),
        Column("size_bytes", pl.Int64, "size of the file"),
        *STATED,
        FLAWS,
    ),
)
TAGS = Table(
    "tags",
    "what others say of a value (a wallet, a contact, a key); nothing links accounts by it yet",
    (
        ROW_ID,
        Column(
            "kind",
            pl.String,
            "what the value is: wallet, email, onion, link, phone, contact, fingerprint, key_block "
            "(see `extraction.SPAN_KINDS`), transaction, or the word of the delivery",
        ),
        Column("value", pl.String, "the value as extraction writes it, else as it came (trimmed)"),
        Column("currency", pl.String, "coin of a wallet, as delivered"),
        Column("label", pl.String, "what it is called"),
        Column(
            "category", pl.String, "categories and abuses as delivered, each behind a semicolon"
        ),
        Column("actor", pl.String, "whose it is said to be, as delivered"),
        Column("said_by", pl.String, "who says so"),
        Column("confidence", pl.String, "how sure he is, in his own words"),
        Column("cites", pl.String, "where he has it from, as delivered"),
        *STATED,
        FLAWS,
    ),
)
SIGHTINGS = Table(
    "sightings",
    "where and when each row was received",
    (
        ROW_ID,
        Column("table", pl.String, "the table of the row"),
        Column("source_id", pl.String, "SHA-256 of the delivery (hex)"),
        Column("place", pl.String, "where in the delivery, for people: `line 17`, `row 5`, a path"),
        Column(
            "position", pl.Int64, "where in the delivery, for sorting: line, row or file number"
        ),
        Column(
            "captured_at", UTC_TIME, "when it was scraped or seized: as the row, else its source"
        ),
        Column("captured_precision", pl.String, f"how exact `captured_at` is: one of {PRECISIONS}"),
        Column("received_at", UTC_TIME, "when it was taken in, to the microsecond, by our clock"),
    ),
)
QUARANTINE = Table(
    "quarantine",
    "rows that could not be stored, with their exact bytes",
    (
        Column("source_id", pl.String, "SHA-256 of the delivery (hex)"),
        Column("file", pl.String, "file name as delivered"),
        Column("line", pl.Int64, "first line (text) or row (Parquet), from 1; 0 is the whole file"),
        Column("reason", pl.String, "why, in words for a person"),
        Column(
            "raw",
            pl.Binary,
            "the bytes, at most the first 64 kB; null where whole files are refused",
        ),
    ),
)

TABLES = {t.name: t for t in (MARKETS, ACCOUNTS, LISTINGS, POSTS, KEYS, PHOTOS, TAGS)}
ACCOUNT_TABLES = tuple(name for name, table in TABLES.items() if "handle" in table.schema)
"""The tables whose rows belong to an account."""


def canonical(name: str) -> str:
    """A market's or account's name in the form that is stored: NFC, trimmed, case kept."""
    return unicodedata.normalize("NFC", name).strip()


def account_id(market: str, handle: str) -> str:
    """The id of an account, `market:handle`; neither part is folded."""
    return f"{market}:{handle}"


def account_named(text: str) -> str:
    """The id of the account that a person writes as `market:handle`, split at the first colon.

    Raises:
        RefusedInput: there is no colon in it.
    """
    market, colon, handle = text.partition(":")
    if not colon:
        raise RefusedInput(f"{text!r} is no account: write market:handle")
    return account_id(canonical(market), canonical(handle))


def row_id(table: str, values: list[str | None]) -> str:
    """The digest of what a row says: BLAKE2b-128 of the table's name and its values, in hex.

    Args:
        table: name of the table.
        values: the row's own columns as text, in schema order, without `row_id` and `flaws`;
            absent is None, which is another thing than the empty string.
    """
    digest = blake2b(table.encode(), digest_size=16)
    for value in values:
        digest.update(
            b"\x00" if value is None else b"\x01" + value.encode("utf-8", "surrogatepass")
        )
        digest.update(b"\xff")
    return digest.hexdigest()
