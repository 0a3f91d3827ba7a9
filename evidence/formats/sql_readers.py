"""The readers of databases: SQLite files, and dumps of MySQL, PostgreSQL and SQLite as text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.parts import Part
from evidence.formats.plain import HEAD_BYTES
from evidence.formats.sql_dump import Dump
from evidence.formats.sql_parts import database_parts
from evidence.formats.sql_sqlite import MAGIC, opened

ARCHIVE_MAGIC = b"PGDMP"
FIRST_WORD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|--[^\n]*+\n|\#[^\n]*+\n|/\*.*?\*/;?)*+(?:\\[a-z]++\s|(?:CREATE|INSERT"
    rb"|REPLACE|DROP|SET|BEGIN|START|USE|LOCK|COPY|PRAGMA|ALTER|DELIMITER|SELECT)\s|\Z)",
    re.IGNORECASE | re.DOTALL,
)
SAYS_SOMETHING = re.compile(
    rb"^(?:CREATE\s+(?:\w+\s+){0,2}TABLE|(?:INSERT|REPLACE)\s|COPY\s)"
    rb"|^-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)",
    re.IGNORECASE | re.MULTILINE,
)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """What is refused says in which file."""
    try:
        yield
    except RefusedInput as error:
        raise RefusedInput(f"{path}: {error}") from None


def is_sqlite(head: bytes, path: Path) -> bool:
    """An SQLite file says so in its first sixteen bytes."""
    return head.startswith(MAGIC)


def sqlite_parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The tables of an SQLite file; positions are rowids."""
    with _named(path), opened(stream) as database:
        yield from database_parts(database)


def is_dump(head: bytes, path: Path) -> bool:
    """A dump's first words, after comments, are SQL, and among the first lines some say more."""
    is_archive = head.startswith(ARCHIVE_MAGIC)
    return is_archive or bool(FIRST_WORD.match(head) and SAYS_SOMETHING.search(head))


def dump_parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The tables of a dump; positions are bytes from 1, places also name the line."""
    head = stream.read(HEAD_BYTES)
    if head.startswith(ARCHIVE_MAGIC):
        how = f"deliver it as text (pg_restore -f dump.sql {path.name})"
        raise RefusedInput(f"{path}: an archive of pg_dump; {how}")
    with _named(path):
        yield from database_parts(Dump(stream, head))
