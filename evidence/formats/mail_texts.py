"""Text of mails from bytes and encoded words: what cannot be decoded is named, never guessed."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import NamedTuple

HEADER_LIMIT_CHARS = 4096
FOLD = re.compile(r"\r?\n[ \t]*")
LINE_END = re.compile(r"\r\n?")
CHARSETS = re.compile(
    r"(?:us-)?ascii|utf-?(?:7|8|16|16-?le|16-?be|32)|(?:windows|cp)-?\d{3,4}|iso-?8859-?\d{1,2}"
    r"|latin-?\d{1,2}|koi8-?[ru]|big5(?:-?hkscs)?|gb(?:2312|k|18030)|shift_?jis|euc-?(?:jp|kr)"
    r"|iso-2022-(?:jp|kr)"
)
"""Character sets that mails name; Python knows stranger ones, some of them slow."""


class Decoded(NamedTuple):
    """Text, and what was wrong with its bytes or their character set, or None."""

    text: str
    flaw: str | None


def decoded(content: bytes, charset: str | None) -> Decoded:
    """The text of some bytes in a character set; without one it is UTF-8, of which ASCII is part.

    Bytes that are none of it become U+FFFD.
    """
    named = (charset or "utf-8").strip().lower()
    is_known = CHARSETS.fullmatch(named) is not None
    named = "utf-8" if named in ("ascii", "us-ascii") or not is_known else named
    try:
        text, flaw = content.decode(named), None
    except LookupError:
        is_known, text, flaw = False, content.decode("utf-8", "replace"), None
    except UnicodeError:
        text, flaw = content.decode(named, "replace"), f"bytes that are no {named.upper()}"
    if not is_known:
        flaw = flaw or "an unknown character set, read as UTF-8"
    return Decoded(LINE_END.sub("\n", text), flaw)


def unfolded(value: str) -> str:
    """A header's value on one line, its raw bytes as UTF-8; its first 4,096 characters."""
    raw = value[:HEADER_LIMIT_CHARS].encode("utf-8", "surrogateescape")
    return FOLD.sub(" ", raw.decode("utf-8", "replace")).strip()


def header_text(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) decoded."""
    line = unfolded(value)
    try:
        pieces = decode_header(line)
    except (HeaderParseError, ValueError):
        return line
    texts = (p if isinstance(p, str) else decoded(p, charset).text for p, charset in pieces)
    return " ".join("".join(texts).split())
