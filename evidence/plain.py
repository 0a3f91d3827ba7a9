"""A delivered file without its compression: gunzipped on the way, never all of it at once."""

import os
import sys
import zlib
from collections.abc import Iterator
from io import RawIOBase, UnsupportedOperation
from typing import BinaryIO, cast

from typing_extensions import Buffer, override

from evidence.errors import RefusedInput

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 31
GZIP_READ_BYTES = 8192
PEEK_BYTES = 8192


class TornStream(RefusedInput):
    """A compressed stream that ends early or is damaged; all before it was delivered."""


def plain_stream(stream: BinaryIO) -> BinaryIO:
    """The content of a file open at its start: itself, or gunzipped.

    Gunzipped it can go back to its start and nowhere else. Reading gives what stands before a
    break, and raises TornStream after that.
    """
    is_gzip = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    stream.seek(0)
    return cast(BinaryIO, _Gunzipped(stream)) if is_gzip else stream


def head_of(stream: BinaryIO) -> bytes:
    """The first 64 KiB of the content of a file open at its start; fewer where it breaks off.

    Raises:
        TornStream: it breaks off before its first byte.
    """
    head = plain_stream(stream).read(HEAD_BYTES)
    stream.seek(0)
    return head


class _Gunzipped(RawIOBase):
    """The decompressed bytes of all members (RFC 1952) of a stream open at its start."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start()

    def _start(self) -> None:
        self._blocks = _gunzip(self._stream)
        self._block, self._at = b"", 0
        self._position = 0
        self._fault: TornStream | None = None

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if (offset, whence) == (0, os.SEEK_SET):
            self._stream.seek(0)
            self._start()
        elif (offset, whence) != (0, os.SEEK_CUR):
            raise UnsupportedOperation("a gzip stream goes back to its start only")
        return self._position

    def peek(self, _: int = 0) -> bytes:
        """Some of what comes next, nothing at the end: io's readline looks here for its newline."""
        return self._block[self._at : self._at + PEEK_BYTES] if self._fill() else b""

    def _fill(self) -> bool:
        """Whether there is something left; what is left of a block, else the next one."""
        while self._at == len(self._block) and self._fault is None:
            try:
                self._block, self._at = next(self._blocks), 0
            except StopIteration:
                return False
            except TornStream as error:
                self._fault = error
        if self._at == len(self._block) and self._fault is not None:
            raise self._fault
        return True

    @override
    def read(self, size: int = -1) -> bytes:
        taken: list[bytes] = []
        wanted = size if size >= 0 else sys.maxsize
        try:
            while wanted and self._fill():
                taken.append(self._block[self._at : self._at + wanted])
                self._at += len(taken[-1])
                wanted -= len(taken[-1])
        except TornStream:
            if not taken:
                raise
        content = b"".join(taken)
        self._position += len(content)
        return content

    @override
    def readinto(self, into: Buffer) -> int:
        wanted = memoryview(into).cast("B")
        content = self.read(len(wanted))
        wanted[: len(content)] = content
        return len(content)


def _gunzip(stream: BinaryIO) -> Iterator[bytes]:
    """The decompressed blocks of all members; never more than 1 MiB at a time."""
    pending = stream.read(GZIP_READ_BYTES)
    while pending:
        member = zlib.decompressobj(GZIP_WINDOW)
        while not member.eof:
            try:
                block = member.decompress(pending, BLOCK_BYTES)
            except zlib.error:
                raise TornStream("the gzip stream is damaged") from None
            if block:
                yield block
            pending = member.unconsumed_tail or (b"" if block else stream.read(GZIP_READ_BYTES))
            if not (pending or block or member.eof):
                raise TornStream("the gzip stream ends early")
        pending = member.unused_data or stream.read(GZIP_READ_BYTES)
