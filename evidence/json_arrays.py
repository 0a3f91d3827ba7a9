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

from evidence.chunks import Chunk, gather
from evidence.csv_records import Broken, Record
from evidence.errors import RefusedInput
from evidence.json_records import json_record
from evidence.lines import RAW_LIMIT_BYTES
from evidence.parts import Part
from evidence.window import REACH_BYTES, Window

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
    records = _ArrayReader(Window(stream)).records()
    first = next(records, None)
    if first is None:
        raise RefusedInput(f"{path}: the array is empty")
    if isinstance(first, Broken) and not (first.raw or b"").startswith(b"{"):
        raise RefusedInput(f"{path}: {first.reason}; an array of JSON objects is wanted")
    yield from gather(chain([first], records), None)


class _ArrayReader:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._number = 0
        self._names: set[str] = set()
        self._budget = RECOVERY_BYTES
        self._is_over = False

    def records(self) -> Iterator[Record | Broken]:
        opening = self._window.match(OPENING)
        self._window.at = opening.end() if opening else 0
        while (first := self._next_byte()) not in (b"]", b""):
            self._number += 1
            record = self._object() if first == b"{" else self._value()
            yield record
        if self._is_over:
            return
        if first == b"":
            why = self._window.fault or "the file ends without the array's closing bracket"
            yield Broken(self._number + 1, f"the array breaks off here: {why}", b"")
            return
        self._window.at += 1
        if self._next_byte():
            yield Broken(self._number + 1, "something follows the array", self._rest())

    def _next_byte(self) -> bytes:
        """The byte that follows commas and blanks; nothing at the end."""
        window = self._window
        while True:
            found = BLANK.match(window.view, window.at)
            window.at = found.end() if found else window.at
            if window.at < len(window.view) or not window.widen():
                return window.view[window.at : window.at + 1]

    def _rest(self) -> bytes:
        """What is left, of which the first 64 kB are kept."""
        window = self._window
        kept = window.view[window.at : window.at + RAW_LIMIT_BYTES]
        window.at = len(window.view)
        while window.widen():
            window.at = len(window.view)
        return kept

    def _value(self) -> Broken:
        """Something that is no object is passed over."""
        found = self._window.match(VALUE)
        end = found.end() if found else self._end_of_nested(0)
        if end is None:
            return self._broken("broken JSON")
        return Broken(self._number, "not a JSON object", self._taken(end))

    def _object(self) -> Record | Broken:
        line = self._window.place(self._window.at).line
        flat = FLAT.match(self._window.view, self._window.at)
        end = flat.end() if flat else self._end_of_nested(0)
        if end is None:
            return self._broken("a JSON object that is torn, or of more than 8 MiB")
        place = f"object {self._number}, line {line}"
        record = json_record(self._number, self._taken(end), place)
        if isinstance(record, Record):
            self._names.update(record.cells[::2])
        return record

    def _taken(self, end: int) -> bytes:
        window = self._window
        raw, window.at = window.view[window.at : end], end
        return raw

    def _end_of_nested(self, ahead: int) -> int | None:
        """Where in view the object or array ends that begins `ahead` of here; None: nowhere."""
        window, open_ones, done = self._window, bytearray(), ahead
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

    def _broken(self, reason: str) -> Broken:
        """Give up what stands here, up to the next whole object or to the end."""
        window, ahead = self._window, 1
        for _ in range(TRY_LIMIT):
            found = window.search(NEXT_OBJECT, ahead) if self._budget > 0 else None
            if found is None:
                break
            ahead = found.end() - window.at
            if self._is_object(ahead):
                return Broken(self._number, reason, self._taken(window.at + ahead))
        self._is_over = True
        rest = self._rest()
        why = self._window.fault or "no whole object was found behind it"
        return Broken(self._number, f"{reason}; {why}", rest)

    def _is_object(self, ahead: int) -> bool:
        """Whether a whole object begins there that has names which were met before."""
        end = self._end_of_nested(ahead)
        self._budget -= REACH_BYTES if end is None else 0
        if end is None:
            return False
        try:
            names = json.loads(self._window.view[self._window.at + ahead : end]).keys()
        except (ValueError, RecursionError):
            return False
        return not self._names or not self._names.isdisjoint(names)
