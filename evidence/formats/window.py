"""A stream of bytes seen through a window that slides over it; exact lines, bounded memory."""

import re
from typing import BinaryIO, NamedTuple

from evidence.formats.plain import TornStream

BLOCK_BYTES = 1 << 20
REACH_BYTES = 8 << 20
"""How far ahead a single thing (a row, a comment, an object) is looked for its end."""


class Place(NamedTuple):
    """Where something begins: its line and its byte, both from 1."""

    line: int
    byte: int


class Window:
    """What is in view of a stream, and where in it reading stands.

    `view[at:]` is still to be read; `fault` says why the stream broke off, else None.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.view = b""
        self.at = 0
        self.is_last = False
        self.fault: str | None = None
        self._stream = stream
        self._bytes_before = 0
        self._line, self._counted = 1, 0

    def widen(self) -> bool:
        """Bring as much again into view, 1 MiB at least; False at the end and beyond 8 MiB."""
        ahead = len(self.view) - self.at
        if self.is_last or ahead >= REACH_BYTES:
            return False
        block = self._read(max(BLOCK_BYTES, ahead))
        self.place(self.at)
        self._counted -= self.at
        self._bytes_before += self.at
        self.view = self.view[self.at :] + block
        self.at = 0
        return bool(block)

    def _read(self, size: int) -> bytes:
        try:
            block = self._stream.read(size)
        except TornStream as error:
            block, self.fault = b"", str(error)
        self.is_last = not block
        return block

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """What stands here, as far ahead as one thing may reach; None if it is something else.

        The pattern must not match what is only the beginning of a longer thing.
        """
        while True:
            found = pattern.match(self.view, self.at)
            if found is not None or not self.widen():
                return found

    def search(self, pattern: re.Pattern[bytes], start: int) -> re.Match[bytes] | None:
        """The first match from `start` bytes ahead, as far ahead as one thing may reach."""
        while True:
            found = pattern.search(self.view, self.at + start)
            if found is not None or not self.widen():
                return found

    def is_at_end(self) -> bool:
        """Whether nothing is left to read."""
        return self.at >= len(self.view) and not self.widen()

    def place(self, at: int) -> Place:
        """The place of `view[at]`."""
        first, last = sorted((at, self._counted))
        line_count = self.view.count(b"\n", first, last)
        self._line += line_count if at > self._counted else -line_count
        self._counted = at
        return Place(self._line, self._bytes_before + at + 1)

    def go_back(self, to: Place) -> None:
        """Go back to a place, as far as it is still in view."""
        self.at = max(0, to.byte - 1 - self._bytes_before)
