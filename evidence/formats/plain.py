"""A delivered file without its compression, its text as UTF-8: never all of it at once."""

import bz2
import codecs
import lzma
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from io import RawIOBase, UnsupportedOperation
from typing import BinaryIO, Protocol, cast

from typing_extensions import Buffer, override

from evidence.errors import RefusedInput

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 20
READ_BYTES = 8192
PEEK_BYTES = 8192
GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
MAGIC_BYTES = 6
ENCODINGS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""By byte order mark; that of UTF-32 begins with that of UTF-16 and comes first."""
GZIP_WINDOW = 31
XZ_MEMORY_BYTES = 256 << 20


class TornStream(RefusedInput):
    """A compressed stream that ends early or is damaged; all before it was delivered."""


def plain_stream(stream: BinaryIO) -> BinaryIO:
    """The content of a file open at its start: itself, or without its gzip, bzip2 or xz.

    Text that begins with the byte order mark of UTF-16 or UTF-32 comes as UTF-8. Reading gives what
    stands before a break, and raises TornStream after that.
    """
    unpacked = _unpacked(stream)
    magic = _magic(unpacked)
    encoding = next((name for mark, name in ENCODINGS.items() if magic.startswith(mark)), None)
    return unpacked if encoding is None else replayed(lambda: _as_utf8(unpacked, encoding))


def _magic(stream: BinaryIO) -> bytes:
    """How a stream begins; nothing where it breaks off at once, as whoever reads it will find."""
    stream.seek(0)
    try:
        return stream.read(MAGIC_BYTES)
    except TornStream:
        return b""
    finally:
        stream.seek(0)


def _unpacked(stream: BinaryIO) -> BinaryIO:
    magic = _magic(stream)
    if magic.startswith(GZIP_MAGIC):
        return replayed(lambda: _gunzip(_rewound(stream)))
    if magic.startswith(BZIP2_MAGIC):
        return replayed(lambda: _unpack(_rewound(stream), bz2.BZ2Decompressor, "bzip2"))
    if magic.startswith(XZ_MAGIC):
        return replayed(lambda: _unpack(_rewound(stream), _new_xz, "xz"))
    return stream


def replayed(blocks: Callable[[], Iterator[bytes]]) -> BinaryIO:
    """A stream of blocks that can be had again from the first: going back costs a new beginning."""
    return cast(BinaryIO, _Replayed(blocks))


def head_of(stream: BinaryIO) -> bytes:
    """The first 64 KiB of the content of a file open at its start; fewer where it breaks off.

    Raises:
        TornStream: it breaks off before its first byte.
    """
    head = plain_stream(stream).read(HEAD_BYTES)
    stream.seek(0)
    return head


class _Replayed(RawIOBase):
    def __init__(self, blocks: Callable[[], Iterator[bytes]]) -> None:
        self._again = blocks
        self._start()

    def _start(self) -> None:
        self._blocks = self._again()
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
        target = offset if whence == os.SEEK_SET else self._position + offset
        if whence == os.SEEK_END:
            self._skip(sys.maxsize)
            target = self._position + offset
        if target < 0:
            raise UnsupportedOperation("no place before the start")
        if target < self._position:
            self._start()
        self._skip(target - self._position)
        return self._position

    def _skip(self, count: int) -> None:
        while count > 0 and (skipped := len(self.read(min(count, BLOCK_BYTES)))):
            count -= skipped

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


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def _rewound(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _new_xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY_BYTES)


def _gunzip(stream: BinaryIO) -> Iterator[bytes]:
    """The decompressed blocks of all members (RFC 1952); never more than 1 MiB at a time."""
    pending = stream.read(READ_BYTES)
    while pending:
        member = zlib.decompressobj(GZIP_WINDOW)
        while not member.eof:
            try:
                block = member.decompress(pending, BLOCK_BYTES)
            except zlib.error:
                raise TornStream("the gzip stream is damaged") from None
            if block:
                yield block
            pending = member.unconsumed_tail or (b"" if block else stream.read(READ_BYTES))
            if not (pending or block or member.eof):
                raise TornStream("the gzip stream ends early")
        pending = member.unused_data or stream.read(READ_BYTES)


def _unpack(stream: BinaryIO, new: Callable[[], _Decompressor], name: str) -> Iterator[bytes]:
    """The same for bzip2 and xz."""
    pending = stream.read(READ_BYTES)
    while pending:
        member = new()
        while not member.eof:
            if member.needs_input and not pending:
                raise TornStream(f"the {name} stream ends early")
            try:
                block = member.decompress(pending, BLOCK_BYTES)
            except (OSError, lzma.LZMAError):
                raise TornStream(f"the {name} stream is damaged") from None
            if block:
                yield block
            pending = stream.read(READ_BYTES) if member.needs_input and not member.eof else b""
        pending = member.unused_data or stream.read(READ_BYTES)


def _as_utf8(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Text of another encoding as UTF-8; half a character breaks it off."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(READ_BYTES):
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError:
        name = encoding.upper()
        raise TornStream(f"no {name} text from here on; save the file as UTF-8") from None
