"""E-mail addresses, onion names and web links, also where they are defanged or spaced out."""

import re
from base64 import b32decode
from collections.abc import Iterator
from hashlib import sha3_256

from evidence.spans.defang import (
    BRACKETED_AT,
    BRACKETED_DOT,
    SPACED_AT,
    SPACED_DOT,
    WORD_AT,
    WORD_DOT,
    fanged,
    fanged_link,
)
from evidence.spans.found import Found
from evidence.spans.hints import LONG_RUN

LOCAL, LABEL = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}", r"[A-Za-z0-9-]{1,63}"
EMAIL = re.compile(rf"{LOCAL}@(?:{LABEL}\.){{1,5}}[A-Za-z]{{2,24}}\b")
WORDLESS_ENDINGS = (
    "com|net|org|info|biz|onion|i2p|io|cc|eu|ch|nl|fr|uk|ie|dk|pl|cz|ru|su|ua|ca|au|nz|br|jp|hk|cn"
)
"""Common endings that are no words of their own, as `at`, `is` or `me` are."""

DEFANGED_EMAIL = re.compile(
    rf"{LOCAL}(?:(?:@|{BRACKETED_AT})(?:{LABEL}(?:\.|{BRACKETED_DOT})){{1,5}}[A-Z]{{2,24}}"
    rf"|(?:@|{BRACKETED_AT}|{WORD_AT})(?:{LABEL}{WORD_DOT}){{1,5}}(?:{WORDLESS_ENDINGS})"
    rf"|{SPACED_AT}(?:{LABEL}{SPACED_DOT}){{1,5}}(?:{WORDLESS_ENDINGS}))\b",
    re.IGNORECASE,
)
EMAIL_HINTS = (("@",),)
DEFANGED_EMAIL_HINTS = (
    (r"(?i)[\[({<][ \t]?(?:@|at|ät|\.|dot|punkt)[ \t]?[\])}>]",),
    (r"(?i)[ \t]dot[ \t]",),
    (r"[ \t]@[ \t]",),
)

ONION = re.compile(r"(?<![A-Za-z0-9])(?:[a-z2-7]{56}|[a-z2-7]{16})\.onion\b", re.IGNORECASE)
BARE_ONION = re.compile(r"(?<![A-Za-z0-9])(?:[a-z2-7]{55}d|[A-Z2-7]{55}D)(?![A-Za-z0-9])")
HIDDEN_ONION = re.compile(
    rf"(?:{BRACKETED_DOT}|{WORD_DOT}|[ \t]{{1,2}}\.[ \t]{{0,2}}|\.[ \t]{{1,2}})onion\b",
    re.IGNORECASE,
)
ONION_HINTS = ((r"(?i)onion", r"(?i)[.\])}> \tt][ \t]?onion\b"), (LONG_RUN, r"(?i)[a-z2-7]{55}d"))
PIECE = re.compile(r"[^ \t-]+")
LAST_LETTERS = re.compile(r"(?<![A-Za-z0-9])[a-z2-7]+\Z", re.IGNORECASE)
PIECES_CHARS = 112
V2_CHARS, V3_CHARS = 16, 56
V3_VERSION = 3

LINK = re.compile(
    r"\b(?:h(?:tt|xx|\*\*)ps?://|www(?:\.|\[\.\]))"
    r"(?:[^\s<>\"'\[\]{}|\\^`]|\[(?:\.|dot)\]){3,2000}",
    re.IGNORECASE,
)
LINK_HINTS = (("://",), (r"(?i)www[.\[]",))
LINK_END = ".,;:!?*_"
HOST = re.compile(r"(?:[a-z]{3,5}://)?[^/?#]*", re.IGNORECASE)


def find_emails(text: str) -> Iterator[Found]:
    """E-mail addresses, in lower case."""
    for found in EMAIL.finditer(text):
        yield Found("email", found.start(), found.end(), found[0].lower())


def find_defanged_emails(text: str) -> Iterator[Found]:
    """E-mail addresses with `[at]`, `(dot)` and the like, or all in words; mended, in lower case.

    `at` and `dot` as bare words count only together and before a common ending.
    """
    for found in DEFANGED_EMAIL.finditer(text):
        value = fanged(found[0]).lower()
        if value != found[0].lower():
            yield Found("email", found.start(), found.end(), value)


def find_onions(text: str) -> Iterator[Found]:
    """Onion names of version 2 (16 letters) and 3 (56, checksum verified), as `NAME.onion`.

    Version 3: Tor's rend-spec-v3, section 6. Its checksum lets a name without `.onion` count. A
    name with a hidden dot, or in pieces, is put together where its letters sum to 16 with a digit
    among them (in pieces: two), or to 56 with the checksum.
    """
    for found in ONION.finditer(text):
        name = found[0][: -len(".onion")].lower()
        if len(name) == V2_CHARS or is_onion_v3(name):
            yield Found("onion", found.start(), found.end(), f"{name}.onion")
    hidden = [found for ending in HIDDEN_ONION.finditer(text) for found in _in_pieces(text, ending)]
    yield from hidden
    starts = {found.start for found in hidden}
    for found in BARE_ONION.finditer(text):
        name, start = found[0].lower(), found.start()
        plain = text.startswith(".", found.end()) and ONION.match(text, start)
        if not plain and start not in starts and is_onion_v3(name):
            yield Found("onion", start, found.end(), f"{name}.onion")


def _in_pieces(text: str, ending: re.Match[str]) -> Iterator[Found]:
    """The name whose pieces stand before a hidden `.onion`, in the same line."""
    earliest = max(0, ending.start() - PIECES_CHARS)
    offset = max(earliest, text.rfind("\n", earliest, ending.start()) + 1)
    letters = ""
    for count, piece in enumerate(reversed([*PIECE.finditer(text, offset, ending.start())])):
        last = LAST_LETTERS.search(piece[0])
        letters = (last[0].lower() if last else "") + letters
        if last and _is_name(letters, in_pieces=count > 0):
            yield Found("onion", piece.start() + last.start(), ending.end(), f"{letters}.onion")
            return
        if last is None or last.start() or len(letters) > V3_CHARS:
            return


def _is_name(letters: str, *, in_pieces: bool) -> bool:
    digits = sum(letter.isdigit() for letter in letters)
    if len(letters) == V2_CHARS:
        return digits > int(in_pieces)
    return len(letters) == V3_CHARS and is_onion_v3(letters)


def is_onion_v3(name: str) -> bool:
    """Do checksum and version of 56 letters hold (rend-spec-v3, section 6)?"""
    raw = b32decode(name.upper())
    key, checksum, version = raw[:32], raw[32:34], raw[34]
    expected = sha3_256(b".onion checksum" + key + bytes([version])).digest()[:2]
    return version == V3_VERSION and checksum == expected


def find_links(text: str) -> Iterator[Found]:
    """Web links, without the punctuation that follows them; host and scheme in lower case."""
    for found in LINK.finditer(text):
        link = _trimmed(found[0])
        mended = fanged_link(link)
        host = HOST.match(mended)
        length = host.end() if host else 0
        value = mended[:length].lower() + mended[length:]
        yield Found("link", found.start(), found.start() + len(link), value)


def _trimmed(link: str) -> str:
    """Without punctuation at its end, and closing brackets that the link does not open."""
    while link and (link[-1] in LINK_END or (link[-1] == ")" and _is_open(link))):
        link = link[:-1]
    return link


def _is_open(link: str) -> bool:
    return link.count("(") < link.count(")")
