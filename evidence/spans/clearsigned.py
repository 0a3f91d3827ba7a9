"""Clear-signed messages (RFC 9580, section 7), told apart from what stands around them."""

import re
from collections.abc import Iterator, Sequence

from evidence.spans.armor_damage import (
    ZERO_WIDTH,
    canonical,
    end_of_cut,
    is_html,
    prefix_of,
    unescaped,
    without_prefix,
)
from evidence.spans.found import Found

QUOTING = re.compile(r"[ \t>\u00a0]*")
HEADER_LINE = re.compile(r"[ \t>]*(?:Hash|Charset|Comment|Version|NotDashEscaped) ?:[^\n]*")
LINE = re.compile(r"[^\n]*\n")
LINE_EDGE = re.compile(r"(?:<br\s*/?>|[ \t\r>\u00a0]|&gt;)*", re.IGNORECASE)
CHECKSUM_LINE = re.compile(r"\n[ \t>]*=[A-Za-z0-9+/]{4}\Z")
DASH_ESCAPE = re.compile(r"^- ", re.MULTILINE)
WORDS = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:(?:Hash|Charset|Comment|Version) ?:[^\n]*\n)*"
    r"(?:[ \t]*\r?\n)?(?P<words>.*?)\r?\n?-----BEGIN PGP SIGNATURE-----",
    re.DOTALL,
)


def find_signed(text: str, markers: Sequence[re.Match[str]], place: int) -> Iterator[Found]:
    """`signed_message` from marker to marker, and `signed_text`, the words that are signed.

    Args:
        text: what the markers were found in.
        markers: all of the text. One that is dash-escaped or quoted deeper belongs to the words; a
            shallower one, or another message's BEGIN, means that this one was cut.
        place: which of the markers is the BEGIN of the message.
    """
    begin, opening = markers[place], _own_signature(text, markers, place)
    if opening is None:
        return
    end, lost = _end(text, markers[opening : opening + 2])
    raw = text[begin.start() : end]
    mended = mend_signed(raw) + lost
    if lost and not CHECKSUM_LINE.search(raw):
        return
    yield Found("signed_message", begin.start(), end, mended if mended != raw else None)
    yield from _words(text, (begin.end(), markers[opening].start()), mended)


def mend_signed(raw: str) -> str:
    """A clear-signed message without quoting, indentation, HTML and damage to its markers."""
    plain = canonical(unescaped(raw) if is_html(raw) else raw)
    begin = plain.rfind("-----BEGIN PGP SIGNATURE-----")
    words, signature = plain[:begin], plain[begin:]
    prefix = prefix_of(plain, begin)
    return without_prefix(words, prefix) + without_prefix(ZERO_WIDTH.sub("", signature), prefix)


def _own_signature(text: str, markers: Sequence[re.Match[str]], place: int) -> int | None:
    """Which marker begins the message's own signature."""
    own = prefix_of(text, markers[place].start())
    if own.endswith("- "):
        return None
    for number in range(place + 1, len(markers)):
        prefix, kind = prefix_of(text, markers[number].start()), markers[number].groups()
        if prefix.endswith("- ") or prefix.count(">") > own.count(">"):
            continue
        if prefix.count(">") < own.count(">") or kind == ("BEGIN", "SIGNED MESSAGE"):
            return None
        if kind == ("BEGIN", "SIGNATURE"):
            return number
    return None


def _end(text: str, markers: Sequence[re.Match[str]]) -> tuple[int, str]:
    """Where a signature ends, and the END line where it was lost."""
    after = markers[1] if len(markers) > 1 else None
    if after and after.groups() == ("END", "SIGNATURE"):
        return after.end(), ""
    return end_of_cut(text, markers[0], after), "\n-----END PGP SIGNATURE-----"


def _words(text: str, between: tuple[int, int], mended: str) -> Iterator[Found]:
    start, end = _words_start(text, *between), between[1]
    quoting = QUOTING.match(text, start, start + len(prefix_of(text, between[1])))
    start = quoting.end() if quoting else start
    while end > start and text[end - 1] in " \t\r\n>|\u00a0":
        end -= 1
    found = WORDS.match(mended)
    if end > start and found:
        words = DASH_ESCAPE.sub("", found["words"]).rstrip()
        yield Found("signed_text", start, end, words if words != text[start:end] else None)


def _words_start(text: str, start: int, limit: int) -> int:
    """Behind the header lines and the empty line after them, where there are any."""
    for number, line in enumerate(LINE.finditer(text, start, limit)):
        edge = LINE_EDGE.match(text, line.start(), line.end())
        blank = edge is not None and edge.end() >= line.end() - 1
        if blank and number:
            return line.end()
        if not blank and not HEADER_LINE.match(line[0]):
            return line.start()
        start = line.end()
    return start
