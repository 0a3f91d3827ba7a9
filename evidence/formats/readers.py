"""The formats of files, and which of them a file is of: its content decides, not its name."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats import (
    json_arrays,
    mail_folders,
    misp,
    pages,
    parquet_chunks,
    sql_readers,
    stix,
    tagpacks,
    text_tables,
)
from evidence.formats.parts import Part, Reader
from evidence.formats.plain import TornStream, head_of, plain_stream

READERS = (
    Reader(parquet_chunks.looks_like, parquet_chunks.parts),
    Reader(sql_readers.is_sqlite, sql_readers.sqlite_parts),
    Reader(stix.looks_like, stix.parts),
    Reader(misp.looks_like, misp.parts),
    Reader(json_arrays.looks_like, json_arrays.parts),
    Reader(sql_readers.is_dump, sql_readers.dump_parts),
    Reader(mail_folders.looks_like, mail_folders.parts),
    Reader(pages.looks_like, pages.parts),
    Reader(tagpacks.looks_like, tagpacks.parts),
    Reader(text_tables.looks_like, text_tables.parts),
)
"""The first that knows a file reads it; the last one takes what nobody else knows."""


def read_parts(stream: BinaryIO, path: Path, page_format: Path | None = None) -> Iterator[Part]:
    """The parts of a delivered file, plain or gzip.

    Args:
        stream: the file, open at its start, able to go back there.
        path: its name as people know it.
        page_format: a format for saved pages besides those that come along.

    Raises:
        RefusedInput: it is empty or of no known format; before or within the first part.
    """
    try:
        head = head_of(stream)
    except TornStream as error:
        raise RefusedInput(f"{path}: {error}") from None
    if not head:
        raise RefusedInput(f"{path}: the file is empty")
    reader = next(reader for reader in READERS if reader.looks_like(head, path))
    plain = plain_stream(stream)
    if page_format is not None and reader.parts is pages.parts:
        return pages.parts(plain, path, page_format)
    return reader.parts(plain, path)


def is_known(head: bytes, path: Path) -> bool:
    """Whether a file that begins so (gunzipped) is of a format that its content gives away."""
    return bool(head) and any(reader.looks_like(head, path) for reader in READERS[:-1])
