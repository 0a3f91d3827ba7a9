"""Which parts of a text are somebody else's words, marked as a quotation."""

import re

QUOTE_HINT = (
    r"(?i)\[/?quote|</?blockquote|(?:^|\n)[ \t]*(?:>|&gt;)"
    r"|wrote:[ \t\r]*(?:\n|$)|quote from:|original message ?-|forwarded message ?-"
)
"""A text without a match of this (Rust regex) quotes nobody."""

QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
TAGS = re.compile(
    r"(\[quote[^\]\n]{0,200}\]|<blockquote[^>\n]{0,200}>)|(\[/quote\]|</blockquote>)", re.IGNORECASE
)
ATTRIBUTION = re.compile(
    r"^[^\n]{0,200}\bwrote:[ \t\r]*$|^[ \t]*quote from: [^\n]{1,200}$",
    re.IGNORECASE | re.MULTILINE,
)
PARAGRAPH = re.compile(r"\n(?:[ \t\r]*\n)?(?:[ \t]*(?!>|&gt;)[^ \t\r\n][^\n]*(?:\n|\Z))*")
FORWARDED = re.compile(
    r"^[ \t]*-{2,20} ?(?:original|forwarded) message ?-{2,20}", re.IGNORECASE | re.MULTILINE
)


def quoted_regions(text: str) -> list[tuple[int, int]]:
    """The quoted regions as [start, end) in code points, in no particular order.

    A line that begins with `>` is quoted, and all that stands between an opening and its closing
    tag (BBCode, HTML); an opening without an end quotes to the end of the text, an end without an
    opening from the last one or the beginning. A line "… wrote:" or "Quote from: …" quotes itself
    and the paragraph after it (its lines until one that is empty or marked with `>`), a line "---
    Original Message ---" all that follows.
    """
    lines = [found.span() for found in QUOTED_LINE.finditer(text)]
    forwarded = FORWARDED.search(text)
    rest = [(forwarded.start(), len(text))] if forwarded else []
    return [*lines, *_tagged(text), *_attributed(text), *rest]


def _tagged(text: str) -> list[tuple[int, int]]:
    regions, opened, depth = [], 0, 0
    for tag in TAGS.finditer(text):
        if tag[1]:
            opened = opened if depth else tag.start()
            depth += 1
        else:
            depth = max(depth - 1, 0)
            if not depth:
                regions.append((opened, tag.end()))
                opened = tag.end()
    return [*regions, (opened, len(text))] if depth else regions


def _attributed(text: str) -> list[tuple[int, int]]:
    """Attribution lines with the paragraph that follows, at most one empty line between."""
    regions, place = [], 0
    while line := ATTRIBUTION.search(text, place):
        paragraph = PARAGRAPH.match(text, line.end())
        place = paragraph.end() if paragraph else line.end()
        regions.append((line.start(), place))
    return regions
