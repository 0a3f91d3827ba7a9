"""Saved pages of markets as tables: a part for each market and kind of row."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import polars as pl

from evidence.errors import RefusedInput
from evidence.formats.chunks import Chunk, fault_of
from evidence.formats.containers import Container
from evidence.formats.csv_records import Broken
from evidence.formats.mapping import SourceFormat
from evidence.formats.page_reader import PAGE_LIMIT_BYTES, PageReader
from evidence.formats.page_rows import Page
from evidence.formats.parts import Part
from evidence.formats.plain import plain_stream

PAGES_A_BATCH = 500
HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S
)
ENDINGS = (".html", ".htm", ".xhtml")
UNKNOWN = "pages unread"


@dataclass(frozen=True)
class SavedPage:
    """A page of a delivery: its path there, its bytes, and why it cannot be opened, or None."""

    path: str
    content: bytes
    fault: str | None = None


def looks_like(head: bytes, path: Path) -> bool:
    """A page begins as HTML does; an ending that says so is enough for one that is empty."""
    return HTML.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def parts(stream: BinaryIO, path: Path, own: Path | None = None) -> Iterator[Part]:
    """The parts of one page that comes alone; `own` is a page format besides the known."""
    yield from page_parts([SavedPage(path.name, stream.read(PAGE_LIMIT_BYTES + 1))], own)


def page_parts(pages: Iterable[SavedPage], own: Path | None = None) -> Iterator[Part]:
    """The parts of a delivery of pages, in their order; `own` is a page format besides the known.

    Rows are numbered through the whole delivery; a row's place is the path of its page, and its
    number on the page where there are several.
    """
    count, waiting = 0, iter(pages)
    with PageReader(own) as reader:
        while batch := list(islice(waiting, PAGES_A_BATCH)):
            tables: dict[str, _Table] = {}
            for page in batch:
                count = _add(tables, page, _read(reader, page), count)
            yield from (table.part(name) for name, table in sorted(tables.items()))


def saved_pages(container: Container, names: Iterable[str]) -> Iterator[SavedPage]:
    """The pages of these names, opened one after another."""
    for name in names:
        try:
            with container.open(name) as stream:
                yield SavedPage(name, plain_stream(stream).read(PAGE_LIMIT_BYTES + 1))
        except RefusedInput as error:
            yield SavedPage(name, b"", str(error))


def _read(reader: PageReader, page: SavedPage) -> Page:
    return reader.read(page.content) if page.fault is None else Page(None, None, fault=page.fault)


def _add(tables: dict[str, "_Table"], saved: SavedPage, page: Page, count: int) -> int:
    """Add what a page says to the tables; the number of its last row."""
    for number, (kind, values) in enumerate(page.rows, 1):
        table = tables.setdefault(f"{page.market} {kind}", _Table(kind, page.market))
        place = saved.path if len(page.rows) == 1 else f"{saved.path}, entry {number}"
        table.add(count + number, place, values)
    count += len(page.rows)
    if page.fault is not None:
        table = tables.setdefault(UNKNOWN, _Table("accounts", None))
        table.broken.append(Broken(count + 1, page.fault, saved.content, saved.path))
    elif not page.rows:
        table = tables.setdefault(f"{page.market} {page.name}", _Table(None, page.market))
        table.add(count + 1, saved.path, {})
    return count + (page.fault is not None or not page.rows)


@dataclass
class _Table:
    """The rows of one part, of some pages."""

    kind: str | None
    market: str | None
    rows: list[dict[str, str]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def add(self, position: int, place: str, values: dict[str, str]) -> None:
        fault = fault_of(values.values())
        if fault is not None:
            self.broken.append(Broken(position, fault, _raw(values), place))
            return
        self.rows.append(values)
        self.positions.append(position)
        self.places.append(place)

    def part(self, name: str) -> Part:
        columns = ["handle", *sorted({role for row in self.rows for role in row} - {"handle"})]
        cells = pl.DataFrame(self.rows, schema=dict.fromkeys(columns, pl.String))
        raws = [_raw(row) for row in self.rows]
        chunk = Chunk(cells, self.positions, raws, self.broken, places=self.places)
        if self.kind is None:
            return Part(name, "page", iter([chunk]), why_left="it says nothing of an account")
        constants = {"market": self.market or "unknown"}
        known = {role: (role,) for role in columns}
        read_as = SourceFormat("pages", self.kind, known, constants, "saved pages")
        return Part(name, "page", iter([chunk]), read_as)


def _raw(values: dict[str, str]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
