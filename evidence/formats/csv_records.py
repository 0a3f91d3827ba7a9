"""CSV (RFC 4180) with exact line numbers, and a way on after every broken record.

A quote that is opened and never closed would swallow the rest of a file. Here the record that opens
it is given up alone, and reading goes on with the very next line.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from evidence.formats.lines import Line

LOOK_AHEAD_BYTES = 8 << 20
INSIDE_QUOTES = re.compile(r'([^"]*+(?:""[^"]*+)*+)"(?!")')
"""What remains of a quoted cell, up to the quote that closes it."""


class Record(NamedTuple):
    """One record: its first line (from 1), its cells, its bytes.

    `place` says for people where it stands, where that is more than its position.
    """

    position: int
    cells: list[str]
    raw: bytes
    place: str | None = None


class Broken(NamedTuple):
    """A record that cannot be read: its first line (from 1), why, its bytes.

    `place` is where it stands, where its number does not say it: the file in a folder, the entry.
    """

    position: int
    reason: str
    raw: bytes | None
    place: str | None = None


def csv_records(lines: Iterator[Line], delimiter: str) -> Iterator[Record | Broken]:
    """The records of a CSV file; blank lines are none."""
    return _CsvReader(lines, delimiter).records()


class _CsvReader:
    def __init__(self, lines: Iterator[Line], delimiter: str) -> None:
        self._lines = lines
        self._ahead: deque[Line] = deque()
        self._delimiter = delimiter

    def records(self) -> Iterator[Record | Broken]:
        while (line := self._next()) is not None:
            if line.fault is not None:
                yield Broken(line.number, line.fault, line.content)
            elif line.content.strip():
                yield self._record(line)

    def _next(self) -> Line | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _record(self, first: Line) -> Record | Broken:
        if b'"' not in first.content:
            cells = _decode(first.content).rstrip("\r\n").split(self._delimiter)
            return Record(first.number, cells, first.content)
        quoted = _Cells(self._delimiter)
        quoted.feed(_decode(first.content))
        if quoted.is_open:
            return self._long_record(first, quoted)
        return Record(first.number, quoted.done, first.content)

    def _long_record(self, first: Line, cells: "_Cells") -> Record | Broken:
        """Read on until the record ends; what was read ahead in vain is given back.

        It is given back only where the first open cell swallowed it all: then none of it opens a
        quote but its last line, and no line is read ahead more than twice.
        """
        taken, size, cell_count = [first], len(first.content), 1
        while size <= LOOK_AHEAD_BYTES and (line := self._next()) is not None:
            taken.append(line)
            size += len(line.content)
            if line.fault is not None:
                break
            cell_count = cells.long_cell_count
            cells.feed(_decode(line.content))
            if cells.has_stray_text:
                break
            if not cells.is_open:
                return Record(first.number, cells.done, _joined(taken))
        if cell_count > 1:
            return Broken(first.number, "quotes that do not match", _joined(taken))
        self._ahead.extendleft(reversed(taken[1:]))
        return Broken(first.number, "a quote is opened here and never closed", first.content)


class _Cells:
    """The cells of one record, fed line by line."""

    def __init__(self, delimiter: str) -> None:
        self.done: list[str] = []
        self.has_stray_text = False
        self.long_cell_count = 0
        self._delimiter = delimiter
        self._quote_ahead = delimiter + '"'
        self._open: list[str] | None = None

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def feed(self, line: str) -> None:
        text = line.rstrip("\r\n")
        at, before = 0, self._open
        while at <= len(text):
            if self._open is None and text.startswith('"', at):
                self._open = []
                at += 1
            at = self._plain(text, at) if self._open is None else self._quoted(text, at)
        if self._open is not None:
            self._open.append(line[len(text) :])
            self.long_cell_count += self._open is not before

    def _plain(self, text: str, at: int) -> int:
        """Take the cells up to the next one that is quoted."""
        end = text.find(self._quote_ahead, at)
        end = len(text) if end < 0 else end
        self.done += text[at:end].split(self._delimiter)
        return end + 1

    def _quoted(self, text: str, at: int) -> int:
        """Take what is left of a quoted cell, and the stray text behind it, if any."""
        found = INSIDE_QUOTES.match(text, at)
        parts = self._open if self._open is not None else []
        if found is None:
            parts.append(text[at:])
            return len(text) + 1
        parts.append(found[1])
        self._open = None
        end = text.find(self._delimiter, found.end())
        end = len(text) if end < 0 else end
        self.has_stray_text |= end > found.end()
        self.done.append("".join(parts).replace('""', '"') + text[found.end() : end])
        return end + 1


def _joined(lines: list[Line]) -> bytes:
    return b"".join(line.content for line in lines)


def _decode(content: bytes) -> str:
    """Text whose bytes that are not UTF-8 became lone surrogates (PEP 383)."""
    return content.decode("utf-8", "surrogateescape")
