"""Corpus: all tables at one moment, columnar.

Invariant: `accounts` is sorted by `account_id`, and row *i* of it is account *i* everywhere: in the
column `account` of every other table and in every array that a feature makes. Every table is sorted
by (account, seen_at, source_id, position), texts within that by ground, so that equal archives give
equal corpora to the byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from evidence.recall import NoRecall, Recall
from evidence.records import UTC_TIME

GROUNDS = ("profile", "title", "description", "post_title", "post", "key")
"""Where a text stands: an account's profile, a listing's title or description, a post's subject or
body, or a key block delivered as a column of its own."""

PROVENANCE: Mapping[str, type[pl.DataType] | pl.DataType] = {
    "row_id": pl.String,
    "source_id": pl.String,
    "place": pl.String,
    "position": pl.Int64,
    "captured_at": UTC_TIME,
    "captured_precision": pl.String,
    "received_at": UTC_TIME,
    "seen_at": UTC_TIME,
}
"""Columns of every table of facts: the first sighting, and `seen_at`, which is `stated_at` or,
where the row states no time, `captured_at`; null where neither is known."""

ACCOUNT_COLUMNS = pl.Schema(
    {
        "account_id": pl.String,
        "market": pl.String,
        "handle": pl.String,
        "market_kind": pl.String,
        "belongs_to": pl.String,
        "side": pl.String,
    }
)
"""`handle` is null where masked; `market_kind` is market, forum or shop (market where nothing
says otherwise); `belongs_to` is the market a forum serves; `side` is null but in an evaluation
by time, where each account is cut in two, `early` and `late`, and its id ends in `#SIDE`."""

TEXT_COLUMNS = pl.Schema(
    {"account": pl.UInt32, "ground": pl.String, "text": pl.String, **PROVENANCE}
)
SPAN_COLUMNS = pl.Schema(
    {
        "text": pl.UInt32,
        "kind": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "value": pl.String,
        "quoted": pl.Boolean,
    }
)
"""`text` is the row of the corpus's `texts`; `start` and `end` are code points; `value` is the
normalised form (null where the raw text is the value); kinds are those of
`evidence.spans.extraction`."""


class Blobs(Protocol):
    """Where the bytes of photos are."""

    def read(self, blob: str) -> bytes:
        """The bytes whose SHA-256 is `blob`; raises KeyError where they are not stored."""
        ...


@dataclass(frozen=True)
class Corpus:
    """All tables at one moment; see the module for what always holds.

    `listings`, `posts`, `profiles` and `photos` have the columns of their archive table without
    market, handle and flaws, and `account` (UInt32) and `PROVENANCE` besides. `markets` has the
    columns of the archive's; `tags` too, without flaws and with `PROVENANCE`: what others say of
    values belongs to no account.
    """

    markets: pl.DataFrame
    accounts: pl.DataFrame
    listings: pl.DataFrame
    posts: pl.DataFrame
    profiles: pl.DataFrame
    photos: pl.DataFrame
    tags: pl.DataFrame
    texts: pl.DataFrame
    spans: pl.DataFrame
    blobs: Blobs
    recall: Recall = field(default_factory=NoRecall)

    @property
    def account_count(self) -> int:
        """How many accounts there are."""
        return self.accounts.height
