"""OpenPGP armor in texts: quoted, indented, HTML-escaped, on one line, several, or cut."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from evidence.spans.armor_damage import MARKER, ZERO_WIDTH, end_of_cut, unescaped
from evidence.spans.clearsigned import find_signed
from evidence.spans.found import Found

ARMOR_HINTS = ((r"BEGIN[ \t\u00a0]{1,3}PGP",), (r"m[QID][A-Za-z0-9+/]{60}",))

QUOTE_PREFIX = re.compile(r"^[ \t]*(?:>[ \t]?)+|^[ \t|]+", re.MULTILINE)
BODY = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
BODY_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
HEADER = re.compile(r"^[A-Z][A-Za-z-]{2,20}: (?!.*[A-Za-z0-9+/]{60}).*$", re.MULTILINE)
DASH_ESCAPE = "-"
CHECKSUM = re.compile(r"=[A-Za-z0-9+/]{4}")
SPREADSHEET_CHECKSUM = "#NAME?"
"""What a spreadsheet makes of a checksum: to it that is a formula with an unknown name."""
SOME_BODY = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{20,}={0,2}|=[A-Za-z0-9+/]{4})(?![\w=])"
)
"""What talk about armor has not, and even a cut block has."""

BARE_KEY = re.compile(
    r"^[ \t>]*(?P<body>m[QID][A-Za-z0-9+/]{60,74}[ \t\r]*\n"
    r"(?:[ \t>]*[A-Za-z0-9+/]{60,76}[ \t\r]*\n)+"
    r"(?:[ \t>]*[A-Za-z0-9+/]{1,76}={0,2}(?=[ \t\r\n]|\Z))?"
    r"(?:[ \t\r]*\n[ \t>]*=[A-Za-z0-9+/]{4}(?!\w))?)",
    re.MULTILINE,
)
"""The body of a key block without its frame: base64 of a key packet's first octets, whole lines."""

KINDS = {
    "PUBLIC KEY BLOCK": "key_block",
    "PRIVATE KEY BLOCK": "private_key_block",
    "MESSAGE": "encrypted_message",
    "SIGNATURE": "signature",
}


def find_armor(text: str) -> Iterator[Found]:
    """Every armored block of a text (RFC 9580, section 6 and 7), and key blocks without frame."""
    markers = list(MARKER.finditer(text))
    framed = []
    for place, marker in enumerate(markers):
        if marker.groups() == ("BEGIN", "SIGNED MESSAGE"):
            yield from find_signed(text, markers, place)
        elif marker[1] == "BEGIN":
            blocks = list(_block(text, markers[place : place + 2]))
            framed += blocks
            yield from blocks
    yield from _bare(text, framed)


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
    inside = MARKER.sub(" ", ZERO_WIDTH.sub("", unescaped(raw)))
    body_only = HEADER.sub("", QUOTE_PREFIX.sub("", inside))
    words = [word for word in body_only.split() if word != DASH_ESCAPE]
    first = next((i for i, word in enumerate(words) if BODY.fullmatch(word)), len(words))
    words = words[first:]
    if words and words[-1] == SPREADSHEET_CHECKSUM:
        words.pop()
    checksum = words.pop() if words and CHECKSUM.fullmatch(words[-1]) else None
    body = "".join(words)
    whole = words and len(body) % 4 == 0 and BODY_LINE.fullmatch(body)
    return (body, checksum) if whole else None


def _block(text: str, markers: Sequence[re.Match[str]]) -> Iterator[Found]:
    """The block of the first marker, which the second one closes unless it was cut."""
    begin, after = markers[0], markers[1] if len(markers) > 1 else None
    kind, whole = KINDS[begin[2]], after is not None and after.groups() == ("END", begin[2])
    end = after.end() if after and whole else end_of_cut(text, begin, after)
    if not SOME_BODY.search(text, begin.end(), end):
        return
    value = mend(text[begin.start() : end]) if kind == "key_block" and whole else None
    if kind == "key_block" and value is None:
        kind = "key_block_cut"
    yield Found(kind, begin.start(), end, value)


def _bare(text: str, framed: Sequence[Found]) -> Iterator[Found]:
    starts = [block.start for block in framed]
    for found in BARE_KEY.finditer(text):
        before = bisect_right(starts, found.start("body"))
        if not before or framed[before - 1].end <= found.start("body"):
            end = found.start("body") + len(found["body"].rstrip())
            yield Found("key_block_cut", found.start("body"), end, None)
