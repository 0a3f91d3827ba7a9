"""Entries for files as they are delivered: whatever stands there is read, or refused in words."""

import io
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from evidence.errors import RefusedInput
from evidence.formats import (
    json_arrays,
    mail_folders,
    misp,
    sql_readers,
    stix,
    tagpacks,
    text_tables,
)
from evidence.formats.archives import is_archive, open_archive
from evidence.formats.page_format import PageFormat, page_formats
from evidence.formats.page_rows import read_page
from evidence.formats.parts import Part
from evidence.formats.plain import TornStream, head_of, plain_stream
from tests.evidence.garbage.forms import FORMS, GOOD

ROWS = list(GOOD[:3])
NAME = Path("delivered")
MEMBERS_READ = 20


def seeds(*forms: str) -> list[bytes]:
    """One small file of each form."""
    return [FORMS[form].make(ROWS) for form in forms]


def check_parts(parts: Iterator[Part]) -> None:
    """Drain the parts: positions are unique within a name, every row has its cells."""
    seen: dict[str | None, set[int]] = {}
    for part in parts:
        met = seen.setdefault(part.name, set())
        for chunk in part.chunks:
            positions = set(chunk.positions)
            assert len(positions) == len(chunk.positions)
            assert chunk.cells.height == len(positions) or part.why_left is not None
            assert not met & positions
            met |= positions
            assert len(chunk.places) in (0, len(chunk.positions))
            chunk.cells.to_dicts()


def read_with(module: object, data: bytes) -> None:
    """Read bytes as one format, gunzipped where they are packed."""
    with suppress(RefusedInput, TornStream):
        check_parts(module.parts(plain_stream(io.BytesIO(data)), NAME))


def fuzz_csv(data: bytes) -> None:
    read_with(text_tables, data)


def fuzz_json(data: bytes) -> None:
    for module in (text_tables, json_arrays, stix, misp):
        if module.looks_like(data[: 1 << 16], NAME):
            read_with(module, data)


def fuzz_mail(data: bytes) -> None:
    read_with(mail_folders, data)


def fuzz_tags(data: bytes) -> None:
    read_with(tagpacks, data)


def fuzz_sql(data: bytes) -> None:
    """A dump, or a database where it begins as one."""
    parts = sql_readers.dump_parts
    if sql_readers.is_sqlite(data, NAME):
        parts = sql_readers.sqlite_parts
    with suppress(RefusedInput, TornStream):
        check_parts(parts(io.BytesIO(data), NAME))


@cache
def known_pages() -> list[PageFormat]:
    return page_formats(None)


def fuzz_page(data: bytes) -> None:
    """In this process, not in the worker that guards it."""
    page = read_page(data, known_pages())
    assert all(isinstance(value, str) for _, row in page.rows for value in row.values())


def fuzz_archive(data: bytes) -> None:
    with suppress(RefusedInput, TornStream):
        head = head_of(io.BytesIO(data))
        if not is_archive(head):
            return
        with closing(open_archive(io.BytesIO(data), head, NAME.name)) as archive:
            for member in [*archive.members()][:MEMBERS_READ]:
                member.shown.encode()
                with suppress(RefusedInput, TornStream), archive.open(member.name) as stream:
                    assert member.fault is None
                    stream.read(1 << 20)
