"""Rows that a format of its own tells, gathered into parts: one a name, whatever their order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from evidence.errors import RefusedInput
from evidence.formats.chunks import CHUNK_BYTES, CHUNK_ROWS, Chunk, fault_of
from evidence.formats.csv_records import Broken
from evidence.formats.lines import RAW_LIMIT_BYTES
from evidence.formats.mapping import SourceFormat
from evidence.formats.parts import Part
from evidence.formats.told_things import Said

ROW_BYTES = 200
"""What a row costs that waits, beside its own bytes."""
ROWS_OF_ONE_LIMIT = 1_000
"""How many rows one object may say: else a few could stand for millions."""


class TellsNothing(NamedTuple):
    """Something in a file that says nothing to us, and why; counted by reason."""

    part: str
    why: str
    raw: bytes
    place: str
    position: int | None = None


class Unread(NamedTuple):
    """Something in a file that cannot be read, and why."""

    why: str
    raw: bytes
    place: str
    position: int | None = None


class Told(NamedTuple):
    """A row: what it is (one of `records.KINDS`), its values by role, its bytes and its place.

    A role `flaw …` says what of it could not be read. `position` is where it stands, unique within
    its kind; None: rows are numbered.
    """

    kind: str
    values: Mapping[str, str]
    raw: bytes
    place: str
    position: int | None = None


Row = Told | Unread | TellsNothing


def rows_of_one(said: Iterable[Said], raw: bytes, place: str) -> Iterator[Row]:
    """The rows that one object says, the first thousand of them; their bytes are kept once."""
    kept = raw[:RAW_LIMIT_BYTES]
    for count, (kind, values) in enumerate(said):
        if count == ROWS_OF_ONE_LIMIT:
            yield Unread(f"it says more than {ROWS_OF_ONE_LIMIT:,} things", kept, place)
            return
        yield Told(kind, values, kept, place)


def told_parts(rows: Iterable[Row], place_word: str, how: str) -> Iterator[Part]:
    """The parts of a file that tells such rows; positions number them from 1, or are their own.

    Args:
        rows: in the order of the file; where they break off with RefusedInput, what came before
            is kept.
        place_word: what a position counts.
        how: how people are told that the format was known.
    """
    waiting = _Waiting(place_word, how)
    break_off: RefusedInput | None = None
    try:
        for number, row in enumerate(rows, 1):
            waiting.add(number if row.position is None else row.position, row)
            if waiting.is_full:
                yield from waiting.parts()
                waiting = _Waiting(place_word, how)
    except RefusedInput as error:
        break_off = error
    yield from waiting.parts()
    if break_off is not None:
        raise break_off


@dataclass
class _Waiting:
    """Rows that wait to be parts."""

    place_word: str
    how: str
    tables: dict[str, "_Table"] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    last_raw: bytes = b""

    @property
    def is_full(self) -> bool:
        return self.count >= CHUNK_ROWS or self.size >= CHUNK_BYTES

    def add(self, number: int, row: Row) -> None:
        self.count += 1
        self.size += ROW_BYTES + (0 if row.raw is self.last_raw else len(row.raw))
        self.last_raw = row.raw
        if isinstance(row, Told):
            self._table(row.kind).add(number, row)
        elif isinstance(row, Unread):
            self._table("unread").broken.append(Broken(number, row.why, row.raw, row.place))
        else:
            table = self._table(row.part)
            table.why_left = row.why
            table.add(number, Told("", {}, row.raw, row.place))

    def _table(self, name: str) -> "_Table":
        return self.tables.setdefault(name, _Table())

    def parts(self) -> Iterator[Part]:
        for name, table in sorted(self.tables.items()):
            chunk = table.chunk()
            roles = {role: (role,) for role in chunk.cells.columns}
            kind = name if table.why_left is None and table.rows else "accounts"
            read_as = SourceFormat("told", kind, roles, {}, self.how)
            yield Part(name, self.place_word, iter([chunk]), read_as, table.why_left)


@dataclass
class _Table:
    rows: list[Told] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    why_left: str | None = None

    def add(self, number: int, row: Told) -> None:
        fault = fault_of(row.values.values()) or _half_a_character(row.values.values())
        if fault is not None:
            self.broken.append(Broken(number, fault, row.raw, row.place))
            return
        self.rows.append(row)
        self.positions.append(number)

    def _owner(self) -> set[str]:
        """The columns without which nothing is read; no rows, only broken ones, lack nothing."""
        if not self.rows:
            return {"market", "handle"}
        return {"value"} if self.rows[0].kind == "tags" else {"handle"}

    def chunk(self) -> Chunk:
        given = {role for row in self.rows for role, value in row.values.items() if value}
        columns = sorted(given | self._owner())
        cells = {
            role: pl.Series([row.values.get(role) or None for row in self.rows], dtype=pl.String)
            for role in columns
        }
        raws, places = [row.raw for row in self.rows], [row.place for row in self.rows]
        return Chunk(pl.DataFrame(cells), self.positions, raws, self.broken, places=places)


def _half_a_character(texts: Iterable[str]) -> str | None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return "half a character (a lone surrogate)"
    return None
