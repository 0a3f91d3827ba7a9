"""Small corpora for tests: say what accounts left behind, get a corpus."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from evidence.assembly import assemble
from evidence.corpus import Corpus
from evidence.ledger import Ledger
from evidence.records import TABLES, row_id
from evidence.rulings import DECISIONS
from evidence.workspace import Workspace

RECEIVED = datetime(2020, 1, 1, tzinfo=UTC)


def empty_workspace(folder: Path) -> Workspace:
    """A workspace with a ledger, and nothing in it."""
    workspace = Workspace(folder)
    with Ledger.open(workspace):
        return workspace


class MemoryBlobs:
    """Photo bytes in memory."""

    def __init__(self) -> None:
        self.bytes_of: dict[str, bytes] = {}

    def add(self, content: bytes) -> str:
        blob = sha256(content).hexdigest()
        self.bytes_of[blob] = content
        return blob

    def read(self, blob: str) -> bytes:
        return self.bytes_of[blob]


class CorpusBuilder:
    """`CorpusBuilder().listing("agora", "bob", title="...").post(...).build()`."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
        self.blobs = MemoryBlobs()
        self.source_id = sha256(b"a test's delivery").hexdigest()

    def _add(self, table: str, values: Mapping[str, object]) -> "CorpusBuilder":
        number = len(self.rows[table]) + 1
        row = dict.fromkeys(TABLES[table].schema.names()) | {"flaws": []} | dict(values)
        row["row_id"] = row_id(table, [str(v) for v in values.values()] + [str(number)])
        self.rows[table].append(row)
        return self

    def market(self, market: str, kind: str = "market", **values: object) -> "CorpusBuilder":
        return self._add("markets", {"market": market, "kind": kind, "aliases": [], **values})

    def account(
        self, market: str, handle: str, profile: str = "", **values: object
    ) -> "CorpusBuilder":
        return self._add(
            "accounts", {"market": market, "handle": handle, "profile": profile, **values}
        )

    def listing(self, market: str, handle: str, title: str, **values: object) -> "CorpusBuilder":
        return self._add("listings", {"market": market, "handle": handle, "title": title, **values})

    def post(self, market: str, handle: str, body: str, **values: object) -> "CorpusBuilder":
        return self._add("posts", {"market": market, "handle": handle, "body": body, **values})

    def key(self, market: str, handle: str, block: str, **values: object) -> "CorpusBuilder":
        return self._add("keys", {"market": market, "handle": handle, "block": block, **values})

    def photo(self, market: str, handle: str, content: bytes, **values: object) -> "CorpusBuilder":
        blob = self.blobs.add(content)
        size = len(content)
        return self._add(
            "photos",
            {"market": market, "handle": handle, "blob": blob, "size_bytes": size, **values},
        )

    def tables(self) -> dict[str, pl.DataFrame]:
        made = {}
        for name, rows in self.rows.items():
            frame = pl.DataFrame(rows, schema=TABLES[name].schema)
            if name != "markets":
                numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True)
                frame = frame.with_columns(
                    source_id=pl.lit(self.source_id),
                    place=pl.lit(f"{name} line ") + numbers.cast(pl.String),
                    position=numbers,
                    captured_at=pl.lit(None, pl.Datetime("us", "UTC")),
                    captured_precision=pl.lit(None, pl.String),
                    received_at=pl.lit(RECEIVED, pl.Datetime("us", "UTC")),
                )
            made[name] = frame
        return made

    def build(self) -> Corpus:
        return assemble(self.tables(), self.blobs)


def decision_rows(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Decisions (left, right, ruling, person, reason, time), nobody in a persona with anybody."""
    whole = [(*row, [], []) for row in rows]
    return pl.DataFrame(whole, schema=DECISIONS.schema, orient="row")
