"""A file that is one JSON array of objects (RFC 8259), read object by object.

An object that cannot be read is given up alone: reading goes on at the next one that is whole and
has names that were met before. Where there is none, the rest of the file is named as broken.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.chunks import Chunk, gather
from evidence.formats.csv_records import Broken, Record
from evidence.formats.json_records import json_record
from evidence.formats.lines import RAW_LIMIT_BYTES
from evidence.formats.parts import Part
from evidence.formats.window import REACH_BYTES, Window

ARRAY = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\[\s*+(?=[{}\["\]\d-]|true\b|false\b|null\b|\Z)')
OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*+\[")
BLANK = re.compile(rb"[\s,]*+")
STRING = rb'"(?:[^"\\\n]++|\\.)*+"'
PLAIN = rb'[^"{}\[\]]++|' + STRING
FLAT = re.compile(rb"\{(?:" + PLAIN + rb"|\[(?:" + PLAIN + rb")*+\])*+\}", re.DOTALL)
TOKEN = re.compile(rb"(?:" + PLAIN + rb")++|([{\[])|([}\]])", re.DOTALL)
TORN_STRING = re.compile(rb'"(?:[^"\\\n]++|\\.)*+\n', re.DOTALL)
VALUE = re.compile(rb'(?:[^\s,\[\]{}"]++|' + STRING + rb")(?=[\s,\]}])", re.DOTALL)
NEXT_OBJECT = re.compile(rb'(?:[}\]"]\s*+,|[}\]]|\n)\s*+(?=\{\s*+["}])')
CLOSES = {b"}": ord("{"), b"]": ord("[")}
TRY_LIMIT = 16
RECOVERY_BYTES = 256 << 20
"""How much may be looked through in vain, in one file, for the next whole object."""


def looks_like(head: bytes, path: Path) -> bool:
    """An array's bracket, then a value or nothing: no header of a CSV file begins so."""
    return ARRAY.match(head) is not None


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The one table of the file; its positions number the objects from 1."""
    yield Part(None, "object", _chunks(stream, path))


def _chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    records = _whole_file(Window(stream))
    first = next(records, None)
    if first is None:
        raise RefusedInput(f"{path}: the array is empty")
    if isinstance(first, Broken) and not (first.raw or b"").startswith(b"{"):
        raise RefusedInput(f"{path}: {first.reason}; an array of JSON objects is wanted")
    yield from gather(chain([first], records), None)


def _whole_file(window: Window) -> Iterator[Record | Broken]:
    reader = ArrayReader(window)
    yield from reader.records()
    if not reader.is_over and next_byte(window):
        yield Broken(reader.number + 1, "something follows the array", rest_of(window))


def next_byte(window: Window) -> bytes:
    """The byte that follows commas and blanks, where reading then stands; nothing at the end."""
    while True:
        found = BLANK.match(window.view, window.at)
        window.at = found.end() if found else window.at
        if window.at < len(window.view) or not window.widen():
            return window.view[window.at : window.at + 1]


def rest_of(window: Window) -> bytes:
    """What is left, of which the first 64 kB are kept; nothing is left after that."""
    kept = window.view[window.at : window.at + RAW_LIMIT_BYTES]
    window.at = len(window.view)
    while window.widen():
        window.at = len(window.view)
    return kept


def end_of_nested(window: Window, ahead: int) -> int | None:
    """Where in view the object or array ends that begins `ahead` of here; None: nowhere."""
    open_ones, done = bytearray(), ahead
    while True:
        token = TOKEN.match(window.view, window.at + done)
        if token is None:
            if TORN_STRING.match(window.view, window.at + done) or not window.widen():
                return None
            continue
        done = token.end() - window.at
        open_ones += token[1] or b""
        if token[2] and (not open_ones or CLOSES[token[2]] != open_ones.pop()):
            return None
        if not open_ones:
            return window.at + done


class ArrayReader:
    """The objects of the array that a window stands before, the first of a file or any in it.

    `number` counts them; `is_over` says that nothing can be read behind the array, since it was
    given up or breaks off.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self.number = 0
        self._names: set[str] = set()
        self._budget = RECOVERY_BYTES
        self.is_over = False

    def records(self) -> Iterator[Record | Broken]:
        """Each object as `json_record` says; reading then stands behind the closing bracket."""
        opening = self._window.match(OPENING)
        self._window.at = opening.end() if opening else 0
        while (first := next_byte(self._window)) not in (b"]", b""):
            self.number += 1
            record = self._object() if first == b"{" else self._value()
            yield record
        if self.is_over:
            return
        if first == b"":
            self.is_over = True
            why = self._window.fault or "the file ends without the array's closing bracket"
            yield Broken(self.number + 1, f"the array breaks off here: {why}", b"")
            return
        self._window.at += 1

    def _value(self) -> Broken:
        """Something that is no object is passed over."""
        found = self._window.match(VALUE)
        end = found.end() if found else end_of_nested(self._window, 0)
        if end is None:
            return self._broken("broken JSON")
        place = self._place()
        return Broken(self.number, "not a JSON object", self._taken(end), place)

    def _object(self) -> Record | Broken:
        place = self._place()
        flat = FLAT.match(self._window.view, self._window.at)
        end = flat.end() if flat else end_of_nested(self._window, 0)
        if end is None:
            return self._broken("a JSON object that is torn, or of more than 8 MiB")
        record = json_record(self.number, self._taken(end), place)
        if isinstance(record, Record):
            self._names.update(record.cells[::2])
        return record

    def _place(self) -> str:
        """Where the object that begins here stands, for people."""
        return f"object {self.number}, line {self._window.place(self._window.at).line}"

    def _taken(self, end: int) -> bytes:
        window = self._window
        raw, window.at = window.view[window.at : end], end
        return raw

    def _broken(self, reason: str) -> Broken:
        """Give up what stands here, up to the next whole object or to the end."""
        window, ahead, place = self._window, 1, self._place()
        for _ in range(TRY_LIMIT):
            found = window.search(NEXT_OBJECT, ahead) if self._budget > 0 else None
            if found is None:
                break
            ahead = found.end() - window.at
            if self._is_object(ahead):
                return Broken(self.number, reason, self._taken(window.at + ahead), place)
        self.is_over = True
        rest = rest_of(self._window)
        why = self._window.fault or "no whole object was found behind it"
        return Broken(self.number, f"{reason}; {why}", rest, place)

    def _is_object(self, ahead: int) -> bool:
        """Whether a whole object begins there that has names which were met before."""
        end = end_of_nested(self._window, ahead)
        self._budget -= REACH_BYTES if end is None else 0
        if end is None:
            return False
        try:
            names = json.loads(self._window.view[self._window.at + ahead : end]).keys()
        except (ValueError, RecursionError):
            return False
        return not self._names or not self._names.isdisjoint(names)
