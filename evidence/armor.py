"""OpenPGP armor as it stands in the wild: quoted, indented, HTML-escaped, on one line, or cut."""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

MARKER = re.compile(
    r"-{4,6}[ \t]?(BEGIN|END) PGP "
    r"(PUBLIC KEY BLOCK|PRIVATE KEY BLOCK|SIGNED MESSAGE|SIGNATURE|MESSAGE)[ \t]?-{4,6}"
)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
ENTITY = re.compile(r"&(?:gt|lt|amp|quot|nbsp|#\d{1,4}|#x[0-9a-fA-F]{1,4});")
QUOTE_PREFIX = re.compile(r"^[ \t]*(?:>[ \t]?)+|^[ \t\u200b]+", re.MULTILINE)
BODY = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
HEADER = re.compile(r"^[A-Z][A-Za-z-]{2,20}: (?!.*[A-Za-z0-9+/]{60}).*$", re.MULTILINE)
BODY_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
DASH_ESCAPE = "-"
CHECKSUM = re.compile(r"=[A-Za-z0-9+/]{4}")
ARMOR_LINE = re.compile(r"(?:[A-Z][A-Za-z]+: .*|[A-Za-z0-9+/=]{16,})?")
KINDS = {
    "PUBLIC KEY BLOCK": "key_block",
    "PRIVATE KEY BLOCK": "private_key_block",
    "MESSAGE": "encrypted_message",
    "SIGNATURE": "signature",
}


class Found(NamedTuple):
    """A piece of one text: kind, code points from `start` to `end`, normalised value or None."""

    kind: str
    start: int
    end: int
    value: str | None


def find_armor(text: str) -> Iterator[Found]:
    """Every armored block of a text, in order of its beginning (RFC 9580, section 6 and 7)."""
    markers = list(MARKER.finditer(text))
    for place, marker in enumerate(markers):
        if marker[1] == "END":
            continue
        if marker[2] == "SIGNED MESSAGE":
            if not _is_escaped(text, marker):
                yield from _signed(text, markers, place)
        else:
            yield from _block(text, markers, place)


def mend(raw: str) -> str | None:
    """The armor of a key block with its damage undone: 64 characters a line, no headers.

    Args:
        raw: from its BEGIN to its END marker, quoted, indented, HTML-escaped or on one line.

    Returns:
        Mended armor, equal for equal keys; None where a part of the body is missing or foreign.
    """
    armored = unwrap(raw)
    if armored is None:
        return None
    body, checksum = armored
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    lines += [checksum] if checksum else []
    edge = "-----{} PGP PUBLIC KEY BLOCK-----"
    return "\n".join([edge.format("BEGIN"), "", *lines, edge.format("END"), ""])


def unwrap(raw: str) -> tuple[str, str | None] | None:
    """The base64 body of one armored block, and its checksum (`=` and four characters) if any.

    None where a part of the body is missing or foreign to base64.
    """
    inside = MARKER.sub(" ", _unescaped(raw))
    body_only = HEADER.sub("", QUOTE_PREFIX.sub("", inside)).replace("\u200b", "")
    words = [word for word in body_only.split() if word != DASH_ESCAPE]
    first = next((i for i, word in enumerate(words) if BODY.fullmatch(word)), len(words))
    words = words[first:]
    checksum = words.pop() if words and CHECKSUM.fullmatch(words[-1]) else None
    body = "".join(words)
    whole = words and len(body) % 4 == 0 and BODY_LINE.fullmatch(body)
    return (body, checksum) if whole else None


def mend_signed(raw: str) -> str:
    """A clear-signed message without indentation, quoting and HTML escapes."""
    return QUOTE_PREFIX.sub("", _unescaped(raw)) if _damaged(raw) else raw


def _damaged(raw: str) -> bool:
    signature = raw[raw.rfind("BEGIN PGP SIGNATURE") :]
    return bool(ENTITY.search(raw) or BREAK.search(raw) or re.search(r"\n[ \t>]+\S", signature))


def _unescaped(raw: str) -> str:
    return html.unescape(TAG.sub("", BREAK.sub("\n", raw)))


def _signed(text: str, markers: list[re.Match[str]], place: int) -> Iterator[Found]:
    for begin, end in zip(markers[place + 1 :], markers[place + 2 :], strict=False):
        if _is_escaped(text, begin):
            continue
        if begin.groups() == ("BEGIN", "SIGNED MESSAGE"):
            return
        if begin.groups() == ("BEGIN", "SIGNATURE") and end.groups() == ("END", "SIGNATURE"):
            start = markers[place].start()
            raw = text[start : end.end()]
            mended = mend_signed(raw)
            value = mended if mended != raw else None
            yield Found("signed_message", start, end.end(), value)
            return


def _is_escaped(text: str, marker: re.Match[str]) -> bool:
    return text[max(0, marker.start() - 2) : marker.start()] == "- "


def _block(text: str, markers: list[re.Match[str]], place: int) -> Iterator[Found]:
    begin, kind = markers[place], KINDS[markers[place][2]]
    after = markers[place + 1] if place + 1 < len(markers) else None
    if after is None or after.groups() != ("END", begin[2]):
        if kind == "key_block":
            end = _end_of_cut(text, begin.end(), after.start() if after else len(text))
            yield Found("key_block_cut", begin.start(), end, None)
        return
    value = mend(text[begin.start() : after.end()]) if kind == "key_block" else None
    if kind == "key_block" and value is None:
        kind = "key_block_cut"
    yield Found(kind, begin.start(), after.end(), value)


def _end_of_cut(text: str, start: int, limit: int) -> int:
    """Where a block without an END ceases to look like armor."""
    place = end = start
    for line in text[start:limit].splitlines(keepends=True):
        stripped = line.strip(" \t\r\n>")
        if not ARMOR_LINE.fullmatch(stripped):
            break
        place += len(line)
        end = place - (len(line) - len(line.rstrip())) if stripped else end
    return end
