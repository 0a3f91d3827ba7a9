"""An SQLite file: its ordinary tables row by row, read only and without running anything of it.

The file is hostile until shown otherwise (https://www.sqlite.org/security.html): views, triggers
and virtual tables stay shut, rows must ascend, and work is bounded by the size of the file, so that
a page that names itself as its child ends in a break.
"""

import json
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.chunks import fault_of
from evidence.formats.csv_records import Broken, Record
from evidence.formats.plain import TornStream

MAGIC = b"SQLite format 3\0"
HEADER = struct.Struct(">16x H 10x I")
"""Of a file's header: the size of a page and the number of pages."""
PADDED_LIMIT_BYTES = 1 << 40
CELL_LIMIT_BYTES = 16 << 20
SQL_LIMIT_BYTES = 1 << 20
STEPS_A_CALL = 100_000
CALLS_A_ROW = 2_000
GAP_LIMIT = 1_000
HARDENING = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA query_only = ON",
    "PRAGMA mmap_size = 0",
)
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid"
TOO_LARGE = "a row of more than 16 MiB"
DISORDER = "rows that do not ascend"
ROWID_NAMES = ("rowid", "_rowid_", "oid")
Value = str | int | float | bytes | None


@contextmanager
def opened(stream: BinaryIO) -> Iterator["SqliteFile"]:
    """An SQLite file that comes as a stream, in a private copy without a name.

    Raises:
        RefusedInput: there is no room for the copy, or it is damaged from its start.
    """
    with tempfile.TemporaryDirectory(prefix="samehand-") as folder:
        path = Path(folder) / "copy.sqlite"
        fault = _copy(stream, path)
        size_bytes = path.stat().st_size
        if _padded(path) and fault is None:
            fault = "it is shorter than it says"
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    with closing(connection):
        yield SqliteFile(connection, size_bytes)
    if fault is not None:
        raise RefusedInput(f"the file breaks off: {fault}")


def _copy(stream: BinaryIO, path: Path) -> str | None:
    """Copy a stream; why it broke off, else None."""
    try:
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
    except TornStream as error:
        return str(error)
    except OSError as error:
        raise RefusedInput(f"no room for a working copy ({error.strerror})") from None
    return None


def _padded(path: Path) -> bool:
    """Give a file that is cut off its full length, so that SQLite opens it; whether it was."""
    with path.open("rb+") as copy:
        page_bytes, page_count = HEADER.unpack(copy.read(HEADER.size).ljust(HEADER.size, b"\0"))
        wanted = page_count * (65_536 if page_bytes == 1 else page_bytes)
        if path.stat().st_size >= wanted or wanted > PADDED_LIMIT_BYTES:
            return False
        copy.truncate(wanted)
    return True


class SqliteFile:
    """An SQLite file that is open."""

    place_word = "row"

    def __init__(self, connection: sqlite3.Connection, size_bytes: int) -> None:
        self._connection = connection
        self._size_bytes = size_bytes
        self._calls = 0
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_LIMIT_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, SQL_LIMIT_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(self._takes_too_long, STEPS_A_CALL)
        for statement in HARDENING:
            connection.execute(statement)
        connection.set_authorizer(_judge)

    def _takes_too_long(self) -> bool:
        """Whether SQLite has taken too many steps since the last row."""
        self._calls += 1
        return self._calls > CALLS_A_ROW

    def tables(self) -> dict[str, tuple[str, ...]]:
        """The ordinary tables and their stored columns, in the order they were made.

        Raises:
            RefusedInput: the file is damaged in its first pages.
        """
        try:
            names = [name for (name,) in self._connection.execute(TABLES).fetchall()]
        except sqlite3.Error as error:
            raise RefusedInput(f"a damaged SQLite file ({error})") from None
        ours = [name for name in names if not name.startswith("sqlite_") and _is_text(name)]
        return {name: self._columns(name) for name in ours}

    def _columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table without those that are computed; none where it is damaged."""
        try:
            found = self._connection.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
        except sqlite3.Error:
            return ()
        return tuple(name for _, name, *_, hidden in found if hidden == 0 and _is_text(name))

    def rows(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Record | Broken]]:
        """Table and row, table by table; positions are rowids, in their order.

        Args:
            wanted: the tables that are wanted and the columns of each; the cells of a row come in
                their order, empty where it is NULL or bytes that are no text.
        """
        for table, columns in self.tables().items():
            if table in wanted:
                reading = _TableReading(self._connection, table, wanted[table], columns)
                for row in reading.rows(self._size_bytes):
                    self._calls = 0
                    yield table, row


class _TableReading:
    """The reading of one table; where a row stops SQLite, it goes on behind that row."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: str,
        names: Sequence[str],
        columns: Sequence[str],
    ) -> None:
        self._connection = connection
        self._table = table
        self._names = names
        self._chosen = [_quoted(name) if name in columns else "NULL" for name in names]
        taken = {name.lower() for name in columns}
        self._rowid = next(name for name in (*ROWID_NAMES, "NULL") if name not in taken)
        self._last: int | None = None

    def rows(self, row_limit: int) -> Iterator[Record | Broken]:
        """The rows, at most so many."""
        self._rowid = self._rowid if self._has_rowid() else "NULL"
        for _ in range(GAP_LIMIT):
            try:
                yield from self._rows_behind(row_limit)
                return
            except sqlite3.Error as error:
                row = self._next(TOO_LARGE if isinstance(error, sqlite3.DataError) else str(error))
            yield row
            if row.raw is None:
                return
            self._last = row.position

    def _has_rowid(self) -> bool:
        try:
            self._asked((self._rowid,), "LIMIT 0")
        except sqlite3.Error:
            return False
        return True

    def _asked(self, chosen: Sequence[str], rest: str = "") -> sqlite3.Cursor:
        """The chosen values of the rows behind the last one, in their order."""
        what = ", ".join(chosen)
        behind = f"WHERE {self._rowid} > {self._last}" if self._last is not None else ""
        order = "" if self._rowid == "NULL" else f"ORDER BY {self._rowid}"
        words = ("SELECT", what, "FROM", _quoted(self._table), "NOT INDEXED", behind, order, rest)
        return self._connection.execute(" ".join(words))

    def _rows_behind(self, row_limit: int) -> Iterator[Record | Broken]:
        found = self._asked((self._rowid, *self._chosen))
        for number, (rowid, *values) in enumerate(found, 1):
            if number > row_limit or not self._ascends(rowid):
                raise sqlite3.DatabaseError(DISORDER)
            if rowid is not None:
                self._last = rowid
            yield self._record(number if rowid is None else rowid, values)

    def _ascends(self, rowid: int | None) -> bool:
        return rowid is None or self._last is None or rowid > self._last

    def _next(self, why: str) -> Record | Broken:
        """The row at which SQLite stopped, by itself; without bytes, where nothing can be read.

        (An error in a row also hides the one before it, which Python has asked for by then.)
        """
        rowid = None
        if why != DISORDER and self._rowid != "NULL":
            try:
                found = self._asked((self._rowid, *self._chosen), "LIMIT 1").fetchone()
            except sqlite3.Error:
                rowid = self._next_rowid()
            else:
                if found and self._ascends(found[0]):
                    return self._record(found[0], found[1:])
        if rowid is None:
            place = f"{self._table}, behind row {self._last or 0}"
            position = (self._last or 0) + 1
            return Broken(position, f"the table is damaged from here on ({why})", None, place)
        return Broken(rowid, why, b"", f"{self._table}, row {rowid}")

    def _next_rowid(self) -> int | None:
        """The id of the next row, where that can be told."""
        try:
            found = self._asked((self._rowid,), "LIMIT 1").fetchone()
        except sqlite3.Error:
            return None
        return int(found[0]) if found and self._ascends(found[0]) else None

    def _record(self, position: int, values: Sequence[Value]) -> Record | Broken:
        place = f"{self._table}, row {position}"
        cells = [_cell(value) for value in values]
        row = dict(zip(self._names, cells, strict=True))
        raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogateescape")
        fault = None if all(map(_is_text, cells)) else "not UTF-8 text"
        if fault := fault or fault_of(cells):
            return Broken(position, fault, raw, place)
        return Record(position, cells, raw, place)


def _judge(action: int, first: str | None, *_: str | None) -> int:
    """Nothing but reading tables and asking for their columns."""
    is_question = action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo"
    return sqlite3.SQLITE_OK if action in ALLOWED or is_question else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _cell(value: Value) -> str:
    """A value as text; bytes that are no text are nothing."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
        return "" if "\ufffd" in text or "\0" in text else text
    return value if isinstance(value, str) else repr(value)
