"""Tables as text: CSV with any usual delimiter, or an object of JSON a line."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.chunks import COLUMN_LIMIT, Chunk, gather
from evidence.formats.csv_records import Broken, csv_records
from evidence.formats.json_records import json_records
from evidence.formats.lines import Line, read_lines
from evidence.formats.parts import Part

DELIMITERS = ",;\t|"


def looks_like(head: bytes, path: Path) -> bool:
    """Whatever is nothing else is a table of text, or refused as none."""
    return True


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The one table of a file of text; its positions are lines."""
    yield Part(None, "line", _chunks(stream, path))


def _chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    lines = read_lines(stream)
    first = next((line for line in lines if line.content.strip() or line.fault), None)
    if first is None:
        raise RefusedInput(f"{path}: the file is empty")
    _refuse_binary(first, path)
    everything = chain([first], lines)
    if first.content.lstrip().startswith(b"{"):
        yield from gather(json_records(everything), None)
    else:
        yield from _csv_chunks(everything, path)


def _refuse_binary(first: Line, path: Path) -> None:
    if first.fault is not None:
        raise RefusedInput(f"{path}, line {first.number}: {first.fault}")
    if b"\0" in first.content:
        raise RefusedInput(f"{path}, line {first.number}: binary, not text (a NUL byte)")
    try:
        first.content.decode()
    except UnicodeDecodeError as error:
        where = f"{path}, line {first.number}, byte {error.start + 1}"
        raise RefusedInput(f"{where}: not UTF-8 text; save the file as UTF-8") from None


def _csv_chunks(lines: Iterator[Line], path: Path) -> Iterator[Chunk]:
    first = next(lines)
    delimiter = _delimiter(first.content.decode(), path)
    records = csv_records(chain([first], lines), delimiter)
    header = next(records)
    if isinstance(header, Broken):
        raise RefusedInput(f"{path}, line {header.position}: {header.reason}")
    if len(header.cells) > COLUMN_LIMIT:
        raise RefusedInput(f"{path}, line 1: more than {COLUMN_LIMIT} columns")
    if any(map(_has_surrogate, header.cells)):
        raise RefusedInput(f"{path}, line {header.position}: a header that is not UTF-8 text")
    yield from gather(records, _distinct(header.cells))


def _delimiter(header: str, path: Path) -> str:
    """What stands most often in the header; a tab where the file's name says so and one does."""
    named_tsv = ".tsv" in path.suffixes[-2:]
    return "\t" if named_tsv and "\t" in header else max(DELIMITERS, key=header.count)


def _has_surrogate(name: str) -> bool:
    """Whether bytes that are not UTF-8 stand in a name, see `csv_records`."""
    return name != name.encode("utf-8", "replace").decode()


def _distinct(header: list[str]) -> list[str]:
    """The names of columns; a name that is empty or was there before gets its number."""
    names: dict[str, None] = {}
    for number, name in enumerate(header, 1):
        while not name or name in names:
            name = f"{name} (column {number})"
        names[name] = None
    return list(names)
