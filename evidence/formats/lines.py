"""From a delivered file to its lines: bounded memory, every fault named."""

import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

from evidence.errors import RefusedInput
from evidence.formats.plain import TornStream

BLOCK_BYTES = 1 << 20
LINE_LIMIT_BYTES = 8 << 20
RAW_LIMIT_BYTES = 64_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line of a file, its end included; `fault` says why it cannot be used, else None."""

    number: int
    content: bytes
    fault: str | None = None


def open_regular(path: Path, name: str | None = None) -> BufferedReader:
    """Open a file for reading, never following a link and never waiting.

    Raises:
        RefusedInput: it is a link, pipe, device or folder, or cannot be read; `name` says which,
            else the path.
    """
    name = name or str(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise RefusedInput(f"{name}: a symbolic link; deliver the file itself") from None
        raise RefusedInput(f"{name}: cannot be read ({error.strerror})") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedInput(f"{name}: not a regular file (a folder, pipe or device)")
    return os.fdopen(descriptor, "rb")


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a file, numbered from 1, without a byte order mark.

    A line over 8 MiB comes cut to 64 kB, a stream that breaks off ends in a line that says so; both
    carry a fault.
    """
    splitter = _LineSplitter()
    try:
        while block := stream.read(BLOCK_BYTES):
            yield from splitter.feed(block)
    except TornStream as error:
        yield splitter.rest(f"the file breaks off here: {error}")
        return
    last = splitter.rest(None)
    if last.content:
        yield last


class _LineSplitter:
    def __init__(self) -> None:
        self._number = 1
        self._tail = b""
        self._skipping = False

    def feed(self, block: bytes) -> Iterator[Line]:
        *whole, self._tail = (self._tail + block).split(b"\n")
        for content in whole:
            if not self._skipping:
                yield self._line(content + b"\n", _too_long(content))
            self._skipping = False
            self._number += 1
        if self._skipping:
            self._tail = b""
        elif _too_long(self._tail):
            yield self._line(self._tail, _too_long(self._tail))
            self._tail, self._skipping = b"", True

    def rest(self, fault: str | None) -> Line:
        return self._line(self._tail, fault)

    def _line(self, content: bytes, fault: str | None) -> Line:
        if self._number == 1:
            content = content.removeprefix(BYTE_ORDER_MARK)
        return Line(self._number, content[:RAW_LIMIT_BYTES] if fault else content, fault)


def _too_long(content: bytes) -> str | None:
    return "a line of more than 8 MiB" if len(content) > LINE_LIMIT_BYTES else None
