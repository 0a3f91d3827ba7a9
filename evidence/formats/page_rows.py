"""What one saved page says: which page it is, and its rows."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from evidence.formats.page_format import Field, PageFormat, PageKind, RowFormat
from evidence.formats.page_text import seen_text

CHARSETS = re.compile(
    r"(?:utf-?8|windows-?125\d|cp125\d|iso-?8859-?\d+|latin-?1|koi8-[ru]|big5"
    r"|gb(?:2312|k|18030)|shift_jis|euc-(?:jp|kr))"
)
LATIN = ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii")
"""What browsers read as Windows-1252 (WHATWG Encoding)."""
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_-]{1,40})""", re.I)
DECLARED_WITHIN = 4096
TITLE_LIMIT_CHARS = 120


@dataclass(frozen=True)
class Page:
    """What a page says.

    `market` and `name` say which kind of page of which market it is, None where nobody knows it;
    `rows` are its rows, each with its kind and its values by what they are to us; `fault` says what
    could not be read, or why there are no rows.
    """

    market: str | None
    name: str | None
    rows: Sequence[tuple[str, dict[str, str]]] = ()
    fault: str | None = None


def read_page(content: bytes, formats: Sequence[PageFormat]) -> Page:
    """Read a saved page; nothing in it is fetched or executed."""
    document, fault = _parsed(content)
    if document is None:
        return Page(None, None, fault=fault)
    found = next((known for known in formats if known.known_by(document)), None)
    if found is None:
        return Page(None, None, fault=fault or f"unknown page {_title(document)}")
    kind = next((page for page in found.pages if page.known_by(document)), None)
    if kind is None:
        return Page(found.market, None, fault=fault or f"unknown page {_title(document)}")
    rows = list(_rows(document, kind))
    if kind.rows and not rows:
        fault = fault or f"{kind.name} without an entry"
    return Page(found.market, kind.name, rows, fault)


def _parsed(content: bytes) -> tuple[Any, str | None]:
    """The document, or None, and what of it could not be read."""
    if not content.strip():
        return None, "the page is empty"
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        document = etree.fromstring(_as_utf8(content), parser)
    except etree.XMLSyntaxError:
        document = None
    if document is None:
        return None, "no HTML can be found in it"
    is_deep = any("Excessive depth" in entry.message for entry in parser.error_log)
    return document, "elements nested too deeply: the page breaks off there" if is_deep else None


def _as_utf8(content: bytes) -> bytes:
    """The page in UTF-8: what is UTF-8 stays so, whatever it declares (servers overrule pages)."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode()
    try:
        content.decode()
        return content.removeprefix(codecs.BOM_UTF8)
    except UnicodeDecodeError:
        declared = DECLARED.search(content, 0, DECLARED_WITHIN)
    name = declared[1].decode().lower() if declared else "utf-8"
    name = "windows-1252" if name in LATIN else name
    return content.decode(name if CHARSETS.fullmatch(name) else "utf-8", "replace").encode()


def _title(document: Any) -> str:
    found = document.find(".//title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    return repr(title[:TITLE_LIMIT_CHARS]) if title else "without a title"


def _rows(document: Any, kind: PageKind) -> Iterator[tuple[str, dict[str, str]]]:
    for rows in kind.rows:
        for element in [document] if rows.each is None else rows.each(document):
            yield rows.kind, _values(element, rows)


def _values(element: Any, rows: RowFormat) -> dict[str, str]:
    values = {role: _value(element, field) for role, field in rows.fields.items()}
    return {role: value for role, value in values.items() if value}


def _value(element: Any, field: Field) -> str:
    texts = (_text(find(element), field) for find in field.find)
    found = (_matched(text, field) for text in texts if text)
    return "\n\n".join(t for t in found if t) if field.all else next((t for t in found if t), "")


def _text(found: Any, field: Field) -> str:
    """The text of the first thing found that has one."""
    if not isinstance(found, list):
        return str(found).strip()
    texts = (
        one.strip() if isinstance(one, str) else seen_text(one, field.keep_lines) for one in found
    )
    return next((text for text in texts if text), "")


def _matched(text: str, field: Field) -> str:
    if field.match is not None:
        match = field.match.search(text)
        text = (match[1] or "").strip() if match else ""
    if field.date is None or not text:
        return text
    try:
        at = datetime.strptime(text, field.date).replace(tzinfo=UTC)
    except ValueError:
        return text
    exact = "%Y-%m-%d" + ("T%H:%M" if "%H" in field.date else "")
    return at.strftime(exact + (":%S" if "%S" in field.date else ""))
