"""OpenPGP armor as it stands in the wild: its markers however damaged, and the damage undone."""

import html
import re

DASHES = r"(?:[-\u2010-\u2015\u2212]|&[mn]dash;|&#(?:45|821[0-3]);)"
BLANK = r"[ \t\u00a0]"
MARKER = re.compile(
    rf"{DASHES}{{2,10}}{BLANK}?(BEGIN|END){BLANK}{{1,3}}PGP{BLANK}{{1,3}}"
    r"(PUBLIC KEY BLOCK|PRIVATE KEY BLOCK|SIGNED MESSAGE|SIGNATURE|MESSAGE)"
    rf"{BLANK}?{DASHES}{{2,6}}"
)
"""Editors turn dashes into longer ones, forums drop some or write them as entities."""

PREFIX = re.compile(r"(?:[ \t\u00a0\u200b]|>|&gt;|\|)*(?:- )?\Z")
PREFIX_CHARS = 80
ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
ARMOR_LINE = re.compile(
    r"(?:[A-Z][A-Za-z]+: .*|[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/]+={1,2}|=[A-Za-z0-9+/]{4})?"
)
BREAK = re.compile(r"<br[ \t]{0,3}/?>(?:[ \t]{0,3}\r?\n)?", re.IGNORECASE)
LINE = re.compile(r"[^\n]*(?:\n|(?<=[^\n])\Z)")
TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
ENTITY = re.compile(r"&(?:gt|lt|amp|quot|nbsp|apos|#\d{1,4}|#x[0-9a-fA-F]{1,4});")
BARE_MARKUP = re.compile(r"[<\"]|&(?!(?:[a-z]{2,6}|#\w{1,5});)")


def canonical(raw: str) -> str:
    """A text whose markers have five hyphens and single blanks again."""
    return MARKER.sub(lambda marker: f"-----{marker[1]} PGP {marker[2]}-----", raw)


def unescaped(raw: str) -> str:
    """A text without HTML: breaks become line ends, tags nothing, entities what they stand for."""
    return html.unescape(TAG.sub("", BREAK.sub("\n", raw)))


def is_html(raw: str) -> bool:
    """Was all of it escaped for HTML? An entity beside a bare `<`, `"` or `&` is a word."""
    return bool(BREAK.search(raw) or (ENTITY.search(raw) and not BARE_MARKUP.search(raw)))


def prefix_of(text: str, place: int) -> str:
    """What quotes, indents or dash-escapes the line that ends at a marker; "" where it is words."""
    earliest = max(0, place - PREFIX_CHARS)
    start = max(text.rfind("\n", earliest, place) + 1, earliest)
    found = PREFIX.match(text, start, place)
    return found[0].replace("&gt;", ">") if found else ""


def without_prefix(raw: str, prefix: str) -> str:
    """Lines without the quoting (as deep as the prefix) or indentation (as wide) before them."""
    depth = prefix.count(">")
    cut = rf"^(?:[ \t]*>[ \t]?){{1,{depth}}}" if depth else rf"^[ \t\u00a0]{{1,{len(prefix)}}}"
    return re.sub(cut, "", raw, flags=re.MULTILINE) if prefix else raw


def end_of_cut(text: str, begin: re.Match[str], after: re.Match[str] | None) -> int:
    """Where a block without an END ceases to look like armor, at the marker after it at latest."""
    end = begin.end()
    for line in LINE.finditer(text, end, after.start() if after else len(text)):
        stripped = line[0].strip(" \t\r\n>\"'")
        if not ARMOR_LINE.fullmatch(stripped):
            break
        end = line.start() + len(line[0].rstrip(" \t\r\n>\"'")) if stripped else end
    return end
