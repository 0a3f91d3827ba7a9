"""The messages of a mail folder in the mbox formats (RFC 4155; mboxo and mboxrd), one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from evidence.formats.lines import BYTE_ORDER_MARK
from evidence.formats.plain import TornStream

POSTMARK = re.compile(
    rb"From [^\n]{0,500}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b[^\n]{0,60}?\d\d:\d\d[^\n]{0,60}\n?\Z"
)
"""The line before a message: who sent it, and the date as asctime(3) writes it."""
QUOTED = re.compile(rb">+From ")
LINE_BYTES = 1 << 16
MESSAGE_LIMIT_BYTES = 16 << 20


class RawMessage(NamedTuple):
    """A message: its number and the byte where it begins, both from 1, and its bytes.

    `number` is 0 for what stands before the first message, or is rubbish between two. `fault` says
    what is missing of it.
    """

    number: int
    byte: int
    raw: bytes
    fault: str | None = None


def looks_like_mbox(head: bytes) -> bool:
    """The line before a message, then the name of a header."""
    first, _, rest = head.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n").partition(b"\n")
    return bool(POSTMARK.match(first) and re.match(rb"[!-9;-~]{1,70}[ \t]*:", rest))


def raw_messages(stream: BinaryIO) -> Iterator[RawMessage]:
    """The messages of a folder, each in memory alone; `>From ` at a line's start is `From `.

    Where the stream breaks off, the last message says so.
    """
    waiting, at, is_start, follows_blank = _Waiting(0, 1), 1, True, True
    try:
        while line := stream.readline(LINE_BYTES):
            if is_start and follows_blank and (start := _postmark_at(line)) is not None:
                yield from waiting.message()
                yield from _Waiting(0, at, [line[:start]]).message()
                waiting = _Waiting(waiting.number + 1, at + start)
            else:
                waiting.add(line[1:] if is_start and QUOTED.match(line) else line)
            follows_blank = is_start and line in (b"\n", b"\r\n")
            is_start = line.endswith(b"\n")
            at += len(line)
    except TornStream as error:
        waiting.fault = f"the file breaks off here: {error}"
    yield from waiting.message()


def _postmark_at(line: bytes) -> int | None:
    """Where in a line the one before a message begins; behind rubbish where that is no text."""
    line_start = len(line) - len(line.removeprefix(BYTE_ORDER_MARK))
    if POSTMARK.match(line, line_start):
        return line_start
    try:
        line.decode()
    except UnicodeDecodeError:
        found = POSTMARK.search(line)
        return found.start() if found else None
    return None


@dataclass
class _Waiting:
    """A message that may go on."""

    number: int
    byte: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    fault: str | None = None

    def add(self, line: bytes) -> None:
        if self.size + len(line) > MESSAGE_LIMIT_BYTES:
            self.fault = "more than 16 MiB; what follows is not read"
            return
        self.size += len(line)
        self.lines.append(line)

    def message(self) -> Iterator[RawMessage]:
        raw = b"".join(self.lines)
        if self.number or raw.removeprefix(BYTE_ORDER_MARK).strip() or self.fault:
            yield RawMessage(self.number, self.byte, raw, self.fault)
