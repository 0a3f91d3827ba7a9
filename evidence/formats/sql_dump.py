"""A dump of MySQL, PostgreSQL or SQLite as text: the rows of its tables, streamed.

Nothing is executed: statements that make tables say how columns are called, INSERT and COPY hold
rows, all else is passed over. A row that cannot be read is given up alone where the next one can be
found, else the rest of its statement is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, NamedTuple

from evidence.errors import RefusedInput
from evidence.formats.chunks import fault_of
from evidence.formats.csv_records import Broken, Record
from evidence.formats.sql_dialects import copied, dialect_of, unquoted
from evidence.formats.sql_lexer import Fault, Lexer
from evidence.formats.sql_statements import (
    BODY,
    CONNECT,
    COPY,
    CREATE,
    INSERT,
    STATEMENT_LINE,
    USE,
    WORD,
    Table,
    columns_of,
    table_of,
)
from evidence.formats.window import Place, Window

Row = Record | Broken
NO_TABLE = Table((), frozenset())
SEPARATOR = re.compile(rb"\s*+([,;]?)")
ROW_END = re.compile(rb"\s*+[,;]")
NEXT_ROW = re.compile(rb"\)\s*+,\s*+(?=\()")
DELIMITER_END = re.compile(rb"\nDELIMITER\s++;[^\n]*+", re.IGNORECASE)
END_OF_COPY = rb"\."
TRY_LIMIT = 16
TRIES_IN_ALL = 10_000


class Selection(NamedTuple):
    """Which values of a row are wanted.

    `value_count` is how many a row has, 0 where nobody said; `wanted` has the number of each wanted
    value, None where the row has none, and whether it may hold bytes that are no text.
    """

    value_count: int
    wanted: Sequence[tuple[int | None, bool]]


class Dump:
    """A dump, which can be read through as often as needed."""

    place_word = "byte"

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        """Of a stream that can go back to its start, and its first bytes."""
        self._stream = stream
        self._dialect = dialect_of(head)

    def tables(self) -> dict[str, tuple[str, ...]]:
        """The tables that it makes or fills, and their columns; reads it through once."""
        reading = self._reading({})
        with suppress(RefusedInput):
            for _ in reading.rows():
                pass
        return reading.tables()

    def rows(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Row]]:
        """Table and row, in the order of the dump.

        Args:
            wanted: the tables that are wanted and the columns of each; the cells of a row come in
                their order, empty where it is NULL or has no such column.

        Raises:
            RefusedInput: there are too many breaks to go on.
        """
        return self._reading(wanted).rows()

    def _reading(self, wanted: Mapping[str, Sequence[str]]) -> "_Reading":
        self._stream.seek(0)
        return _Reading(Lexer(Window(self._stream), self._dialect), wanted)


class _Reading:
    """One reading of a dump, from its start to its end."""

    def __init__(self, lexer: Lexer, wanted: Mapping[str, Sequence[str]]) -> None:
        self._lexer = lexer
        self._window = lexer.window
        self._wanted = wanted
        self._tables: dict[str, Table] = {}
        self._database = ""
        self._current = ""
        self._tries_left = TRIES_IN_ALL
        self._statements: Mapping[bytes, Callable[[], Iterator[tuple[str, Row]]]] = {
            b"insert": self._insert,
            b"replace": self._insert,
            b"copy": self._copy,
            b"create": self._create,
            b"use": self._use,
            b"set": self._set,
            b"delimiter": self._delimiter,
            b"\\": self._shell_line,
        }

    def tables(self) -> dict[str, tuple[str, ...]]:
        return {name: table.names for name, table in self._tables.items()}

    def rows(self) -> Iterator[tuple[str, Row]]:
        while self._lexer.next_statement():
            word = WORD.match(self._window.view, self._window.at)
            known = self._statements.get(word[0].lower()) if word else None
            yield from known() if known else self._other()
            yield from self._faults()
        yield from self._faults()
        if self._window.fault is not None:
            place = self._window.place(len(self._window.view))
            reason = f"the file breaks off here: {self._window.fault}"
            yield self._current, _broken(Fault(place, reason, b""), self._current)

    def _faults(self) -> Iterator[tuple[str, Row]]:
        for fault in self._lexer.taken_faults():
            yield self._current, _broken(fault, self._current)

    def _other(self) -> Iterator[tuple[str, Row]]:
        self._lexer.skip_statement()
        return iter(())

    def _set(self) -> Iterator[tuple[str, Row]]:
        self._lexer.hear(self._window.view[self._window.at : self._window.at + 200].split(b";")[0])
        return self._other()

    def _use(self) -> Iterator[tuple[str, Row]]:
        self._enter(USE)
        return self._other()

    def _enter(self, pattern: re.Pattern[bytes]) -> None:
        """Take note of the database to which the tables that follow belong."""
        if found := pattern.match(self._window.view, self._window.at):
            self._database = unquoted(found["table"]) + "."

    def _shell_line(self) -> Iterator[tuple[str, Row]]:
        """A line for the program that reads the dump, not for the server."""
        self._enter(CONNECT)
        self._lexer.skip_line()
        return iter(())

    def _delimiter(self) -> Iterator[tuple[str, Row]]:
        """Routines and triggers, up to where the delimiter is a semicolon again."""
        end = self._window.search(DELIMITER_END, 0)
        self._window.at = end.end() if end else self._window.at
        self._lexer.skip_line()
        return iter(())

    def _create(self) -> Iterator[tuple[str, Row]]:
        head = CREATE.match(self._window.view, self._window.at)
        if head is not None:
            self._current = self._name(head["table"])
            self._window.at = head.end()
            body = self._window.match(BODY)
            if body is not None:
                self._tables[self._current] = table_of(body[0][1:-1])
        return self._other()

    def _name(self, written: bytes) -> str:
        name = unquoted(written).removeprefix("public.")
        return name if "." in name else self._database + name

    def _selection(self, head: re.Match[bytes]) -> Selection | None:
        """What is wanted of a statement's rows; None: nothing of it."""
        self._current = self._name(head["table"])
        made = self._tables.setdefault(self._current, NO_TABLE)
        names = columns_of(head["columns"]) or made.names
        if set(names) - set(made.names):
            made = Table(tuple(dict.fromkeys((*made.names, *names))), made.binary)
            self._tables[self._current] = made
        wanted = self._wanted.get(self._current)
        if wanted is None:
            return None
        numbers = {name: number for number, name in enumerate(names)}
        return Selection(len(names), [(numbers.get(n), n in made.binary) for n in wanted])

    def _insert(self) -> Iterator[tuple[str, Row]]:
        head = INSERT.match(self._window.view, self._window.at)
        if head is None:
            self._lexer.note("an INSERT without plain VALUES", 1_000)
            return self._other()
        selection = self._selection(head)
        if selection is None:
            return self._other()
        self._window.at = head.end()
        return self._inserted(selection)

    def _inserted(self, selection: Selection) -> Iterator[tuple[str, Row]]:
        window, dialect, table = self._window, self._lexer.dialect, self._current
        while self._lexer.skip_blank():
            found = window.match(dialect.row)
            if found is None:
                if not self._find_next_row(selection):
                    return
                yield from self._faults()
                continue
            raw, place = found[0], window.place(found.start())
            window.at = found.end()
            yield table, self._row(raw, dialect.cells(raw), dialect.value, selection, place)
            mark = self._separator()
            if mark != b",":
                if mark != b";":
                    self._lexer.skip_statement()
                return
        if window.fault is None:
            self._lexer.note("the file ends in the middle of a statement")

    def _separator(self) -> bytes:
        """Go over the comma or semicolon behind a row; nothing where there is none."""
        window = self._window
        found = SEPARATOR.match(window.view, window.at)
        while found is not None and found.end() == len(window.view) and not found[1]:
            if not window.widen():
                break
            found = SEPARATOR.match(window.view, window.at)
        window.at = found.end() if found else window.at
        return found[1] if found else b""

    def _row(
        self,
        raw: bytes,
        values: list[bytes],
        read: Callable[[bytes], bytes | None],
        selection: Selection,
        place: Place,
    ) -> Row:
        if selection.value_count and len(values) != selection.value_count:
            reason = f"{len(values)} values where the table has {selection.value_count} columns"
            return _broken(Fault(place, reason, raw), self._current)
        try:
            cells = self._cells(values, read, selection)
        except UnicodeDecodeError:
            reason = f"not {self._lexer.codec.upper()} text"
            return _broken(Fault(place, reason, raw), self._current)
        if fault := fault_of(cells):
            return _broken(Fault(place, fault, raw), self._current)
        return Record(place.byte, cells, raw, _said(place, self._current))

    def _cells(
        self, values: list[bytes], read: Callable[[bytes], bytes | None], selection: Selection
    ) -> list[str]:
        """The wanted values as text; bytes that are no text are empty, where they may be bytes."""
        codec, cells = self._lexer.codec, []
        for number, may_be_bytes in selection.wanted:
            value = None if number is None else read(values[number])
            if not value:
                cells.append("")
            elif may_be_bytes:
                text = value.decode(codec, "replace")
                cells.append("" if "\0" in text or "\ufffd" in text else text)
            else:
                cells.append(value.decode(codec))
        return cells

    def _find_next_row(self, selection: Selection) -> bool:
        """Note a broken row; whether the next one was found, else the statement is given up."""
        window, row = self._window, self._lexer.dialect.row
        for gap in self._gaps():
            found = row.match(window.view, gap.end())
            self._tries_left -= 1
            if (
                found
                and ROW_END.match(window.view, found.end())
                and self._fits(found[0], selection)
            ):
                self._lexer.note("a row that cannot be read", gap.start() + 1 - window.at)
                window.at = gap.end()
                return True
        self._lexer.note("a row that cannot be read, and what follows in its statement")
        self._lexer.give_up()
        return False

    def _fits(self, row: bytes, selection: Selection) -> bool:
        return selection.value_count in (0, len(self._lexer.dialect.cells(row)))

    def _gaps(self) -> Iterator[re.Match[bytes]]:
        """Where the next rows of a statement may begin, a few of them."""
        window = self._window
        end = STATEMENT_LINE.search(window.view, window.at)
        until = end.start() if end else len(window.view)
        gaps = NEXT_ROW.finditer(window.view, window.at, until)
        return islice(gaps, min(TRY_LIMIT, self._tries_left))

    def _copy(self) -> Iterator[tuple[str, Row]]:
        head = COPY.match(self._window.view, self._window.at)
        if head is None:
            self._lexer.note("a COPY that is not in text format from stdin", 1_000)
            return self._other()
        selection = self._selection(head)
        self._window.at = head.end()
        return self._copied(selection)

    def _copied(self, selection: Selection | None) -> Iterator[tuple[str, Row]]:
        window, table = self._window, self._current
        while not window.is_at_end():
            end = self._line_end()
            if end is None:
                self._lexer.note("a line that is torn, or of more than 8 MiB")
                self._lexer.skip_line()
                yield from self._faults()
                continue
            raw = window.view[window.at : end].rstrip(b"\r\n")
            if raw == END_OF_COPY:
                window.at = end
                return
            if selection is not None:
                place = window.place(window.at)
                yield table, self._row(raw, raw.split(b"\t"), copied, selection, place)
            window.at = end
        if window.fault is None:
            self._lexer.note("the file ends in the middle of a COPY")

    def _line_end(self) -> int | None:
        """Where the line in view ends; None at the end of the file and where it is too long."""
        window = self._window
        while (end := window.view.find(b"\n", window.at)) < 0:
            if not window.widen():
                return None
        return end + 1


def _said(place: Place, table: str) -> str:
    return f"{table}, line {place.line}, byte {place.byte}"


def _broken(fault: Fault, table: str) -> Broken:
    return Broken(fault.place.byte, fault.reason, fault.raw, _said(fault.place, table))
