"""A large JSON value (RFC 8259) walked through piece by piece, never held as a whole.

Objects and arrays on the way are entered, arrays of objects read object by object, and all else is
one piece. What is torn is given up alone where reading can go on behind it.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from evidence.formats.csv_records import Broken, Record
from evidence.formats.json_arrays import STRING, ArrayReader, end_of_nested, next_byte, rest_of
from evidence.formats.window import Window

Path = tuple[str, ...]
"""The number of the value in the file and the names on the way; a place in an array is its number.

Numbers are from 1: `("1", "objects", "17")`.
"""
NAME = re.compile(rb"(" + STRING + rb")\s*+:", re.DOTALL)
SCALAR = re.compile(rb'(?:[^\s,\[\]{}"]++|' + STRING + rb")", re.DOTALL)
START = re.compile(rb"(?:\xef\xbb\xbf)?")
NAME_LIMIT_BYTES = 200


class Piece(NamedTuple):
    """What stands at a path: a value's bytes, the line where it begins (or one before it)."""

    path: Path
    line: int
    raw: bytes
    reason: str | None = None
    """Why it cannot be read, else None."""


def walk(
    stream: BinaryIO, enters: Callable[[Path], bool], lists: Callable[[Path], bool]
) -> Iterator[Piece]:
    """The pieces of a file of one JSON value, or several one behind the other.

    Args:
        stream: open at its start.
        enters: whether what stands at a path is walked into, if it is an object or array.
        lists: whether what stands at a path is an array whose objects are pieces.
    """
    window = Window(stream)
    opening = window.match(START)
    window.at = opening.end() if opening else 0
    steps = _Walk(window, enters, lists)
    number = 0
    while not steps.is_over and next_byte(window):
        number += 1
        yield from steps.value((str(number),))
    if window.fault is not None and not steps.is_over:
        yield steps.broken((str(number + 1),), window.fault)


class _Walk:
    def __init__(
        self, window: Window, enters: Callable[[Path], bool], lists: Callable[[Path], bool]
    ) -> None:
        self._window = window
        self._enters, self._lists = enters, lists
        self.is_over = False

    def value(self, path: Path) -> Iterator[Piece]:
        first = next_byte(self._window)
        if first == b"[" and self._lists(path):
            yield from self._listed(path)
        elif first in (b"{", b"[") and self._enters(path):
            yield from self._object(path) if first == b"{" else self._array(path)
        else:
            yield self._leaf(path)

    def broken(self, path: Path, reason: str) -> Piece:
        """The rest of the file, which is given up."""
        self.is_over = True
        line = self._window.place(self._window.at).line
        why = self._window.fault or reason
        return Piece(path, line, rest_of(self._window), f"the file breaks off here: {why}")

    def _listed(self, path: Path) -> Iterator[Piece]:
        reader = ArrayReader(self._window)
        line = self._window.place(self._window.at).line
        for record in reader.records():
            piece = _piece((*path, str(record.position)), line, record)
            line = piece.line
            yield piece
        self.is_over = reader.is_over

    def _object(self, path: Path) -> Iterator[Piece]:
        window = self._window
        window.at += 1
        while not self.is_over and (first := next_byte(window)) != b"}":
            name = window.match(NAME) if first == b'"' else None
            if name is None or len(name[1]) > NAME_LIMIT_BYTES:
                yield self.broken(path, "no name of a value" if first else "no closing brace")
                return
            window.at = name.end()
            yield from self.value((*path, name[1][1:-1].decode("utf-8", "replace")))
        window.at += not self.is_over

    def _array(self, path: Path) -> Iterator[Piece]:
        window, number = self._window, 0
        window.at += 1
        while not self.is_over and (first := next_byte(window)) != b"]":
            number += 1
            if not first:
                yield self.broken(path, "no closing bracket")
                return
            yield from self.value((*path, str(number)))
        window.at += not self.is_over

    def _leaf(self, path: Path) -> Piece:
        window = self._window
        line = window.place(window.at).line
        is_nested = window.view[window.at : window.at + 1] in (b"{", b"[")
        scalar = None if is_nested else window.match(SCALAR)
        end = end_of_nested(window, 0) if is_nested else scalar and scalar.end()
        if end is None:
            return self.broken(path, "a value that is torn, or of more than 8 MiB")
        raw, window.at = window.view[window.at : end], end
        return Piece(path, line, raw)


def _piece(path: Path, line: int, record: Record | Broken) -> Piece:
    """The object of an array; `line` is where one stands before it whose own line is unknown."""
    if isinstance(record, Broken):
        return Piece(path, line, record.raw or b"", record.reason)
    own = (record.place or "").rpartition(" ")[2]
    return Piece(path, int(own), record.raw)
