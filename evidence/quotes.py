"""Which parts of a text are somebody else's words, marked as a quotation."""

import re

QUOTE_HINT = r"(?i)\[quote|<blockquote|(?:^|\n)[ \t]*(?:>|&gt;)"
"""A text without a match of this (Rust regex) quotes nobody."""

QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
TAGS = re.compile(
    r"(\[quote[^\]\n]{0,200}\]|<blockquote[^>\n]{0,200}>)|(\[/quote\]|</blockquote>)", re.IGNORECASE
)


def quoted_regions(text: str) -> list[tuple[int, int]]:
    """The quoted regions as [start, end) in code points, in no particular order.

    A line that begins with `>` is quoted, and all that stands between an opening and its closing
    tag; an opening without an end quotes to the end of the text.
    """
    lines = [found.span() for found in QUOTED_LINE.finditer(text)]
    return lines + _tagged(text)


def _tagged(text: str) -> list[tuple[int, int]]:
    regions, opened, depth = [], 0, 0
    for tag in TAGS.finditer(text):
        if tag[1]:
            opened = opened if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                regions.append((opened, tag.end()))
    return [*regions, (opened, len(text))] if depth else regions
