"""Formats of saved pages: how a market's pages are known, and where on them stands what.

A format is a TOML file. Every expression is XPath 1.0 over the page.

    meaning = "a sentence"
    market = "bazaar"
    known_by = "…"              true of every page of the market
    captured_at = "…"           a field (see below) that every page of the market may have

    [[pages]]
    name = "seller's page"
    known_by = "…"              true of pages of this kind; the first kind that fits counts

    [[pages.rows]]              what becomes of the page; none: it says nothing of an account
    kind = "accounts"           one of `records.KINDS`
    each = "…"                  the elements that are a row each; absent: the page is one row
    handle = "…"                a field by the name of what it is to us (`columns.ROLES`)

A field is an expression, taken from the row's element; or a list of them, of which the first one
that gives text counts; or a table of `find` (either of these) and what else is known of it:
`match` (a regular expression, whose first group is taken), `date` (its form, as of `strptime`),
`keep_lines` (line ends of the source are shown), `all` (every expression's text, a paragraph each).
An expression may give elements (their text as a reader sees it), attributes or a string.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from lxml import etree

from evidence.errors import RefusedInput
from evidence.formats.columns import ROLES

FIELD_KEYS = ("find", "match", "date", "keep_lines", "all")


@dataclass(frozen=True)
class Field:
    """Where a value stands, and how it is read; see the module."""

    find: tuple[etree.XPath, ...]
    match: re.Pattern[str] | None = None
    date: str | None = None
    keep_lines: bool = False
    all: bool = False


@dataclass(frozen=True)
class RowFormat:
    """What rows of one kind a page holds."""

    kind: str
    each: etree.XPath | None
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class PageKind:
    """One kind of page of a market."""

    name: str
    known_by: etree.XPath
    rows: tuple[RowFormat, ...]


@dataclass(frozen=True)
class PageFormat:
    """The pages of a market."""

    name: str
    market: str
    known_by: etree.XPath
    pages: tuple[PageKind, ...]


def page_formats(own: Path | None = None) -> list[PageFormat]:
    """The formats that come with Samehand, by name; one of a person's own comes first.

    Raises:
        RefusedInput: the person's own is broken.
    """
    folder = resources.files("evidence.formats") / "page_formats"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    known = [
        page_format(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
        for file in files
    ]
    return known if own is None else [page_format(str(own), tomllib.loads(own.read_text())), *known]


def own_page_format(name: str) -> Path | None:
    """The file of a page format, checked; None where there is none or it is of another kind.

    Raises:
        RefusedInput: it is one, and broken.
    """
    path = Path(name)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if "pages" not in content:
        return None
    page_format(name, content)
    return path.resolve()


def page_format(name: str, content: Mapping[str, Any]) -> PageFormat:
    """A format from what its file says.

    Raises:
        RefusedInput: something is missing or wrong in it; says what and where.
    """
    try:
        shared = {"captured_at": content["captured_at"]} if "captured_at" in content else {}
        pages = [_page_kind(page, shared) for page in content["pages"]]
        return PageFormat(name, content["market"], _xpath(content["known_by"]), tuple(pages))
    except KeyError as error:
        raise RefusedInput(f"page format {name}: {error} is missing") from None
    except (etree.XPathError, re.error, TypeError, ValueError) as error:
        raise RefusedInput(f"page format {name}: {error}") from None


def _page_kind(page: Mapping[str, Any], shared: Mapping[str, Any]) -> PageKind:
    rows = [_row_format(rows, shared) for rows in page.get("rows", [])]
    return PageKind(page["name"], _xpath(page["known_by"]), tuple(rows))


def _row_format(rows: Mapping[str, Any], shared: Mapping[str, Any]) -> RowFormat:
    kind, each = rows["kind"], rows.get("each")
    said = {role: field for role, field in rows.items() if role not in ("kind", "each")}
    fields = {**shared, **said}
    unknown = [role for role in fields if role not in ROLES[kind]]
    if unknown:
        raise ValueError(f"{kind} have no {unknown[0]!r}; known: {', '.join(ROLES[kind])}")
    found = {role: _field(field) for role, field in fields.items()}
    return RowFormat(kind, None if each is None else _xpath(each), found)


def _field(said: str | Sequence[str] | Mapping[str, Any]) -> Field:
    if not isinstance(said, Mapping):
        return Field(_xpaths(said))
    unknown = [key for key in said if key not in FIELD_KEYS]
    if unknown:
        raise ValueError(f"a field has no {unknown[0]!r}; known: {', '.join(FIELD_KEYS)}")
    match = re.compile(said["match"], re.DOTALL) if "match" in said else None
    keeps, every = said.get("keep_lines", False), said.get("all", False)
    return Field(_xpaths(said["find"]), match, said.get("date"), keeps, every)


def _xpaths(said: str | Sequence[str]) -> tuple[etree.XPath, ...]:
    return tuple(_xpath(text) for text in ([said] if isinstance(said, str) else said))


def _xpath(text: str) -> etree.XPath:
    return etree.XPath(text, smart_strings=False)
