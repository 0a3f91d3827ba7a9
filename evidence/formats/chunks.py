"""Rows of a file gathered into chunks; a row that cannot be stored is named with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from evidence.formats.csv_records import Broken, Record

CHUNK_ROWS = 20_000
CHUNK_BYTES = 32 << 20
CELL_LIMIT_BYTES = 1 << 20
COLUMN_LIMIT = 256


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    `cells` has the file's columns as text, empty is null; `positions` are lines (text) or rows
    (Parquet) from 1, `raws` the bytes of each row; `broken` are the rows that could not be read;
    `skipped`, in the first chunk, are the columns whose type no column of ours has; `places` say
    for people where each row stands, where that is more than its position.
    """

    cells: pl.DataFrame
    positions: list[int]
    raws: list[bytes]
    broken: list[Broken]
    skipped: Sequence[str] = ()
    places: Sequence[str] = ()


def gather(records: Iterable[Record | Broken], names: list[str] | None) -> Iterator[Chunk]:
    """Gather records; with `names` they are CSV, else each is one JSON object."""
    good: list[Record] = []
    broken: list[Broken] = []
    met: set[str] = set()
    size, empty = 0, True
    for record in records:
        reason = record.reason if isinstance(record, Broken) else _why_not(record, names, met)
        if isinstance(record, Broken) or reason is not None:
            broken.append(Broken(record.position, reason or "", record.raw, record.place))
        else:
            good.append(record)
        size += len(record.raw or b"")
        if len(good) + len(broken) >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield chunk_of(good, broken, names)
            good, broken, size, empty = [], [], 0, False
    if good or broken or empty:
        yield chunk_of(good, broken, names)


def _why_not(record: Record, names: list[str] | None, met: set[str]) -> str | None:
    """Why a record cannot be stored, or None; `met` gathers the names of JSON objects."""
    if names is not None and len(record.cells) != len(names):
        return f"{len(record.cells)} cells where the header has {len(names)}"
    if not record.cells:
        return "an object without any name"
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        return "not UTF-8 text"
    fault = fault_of(record.cells)
    return _why_too_wide(record, met) if fault is None and names is None else fault


def _why_too_wide(record: Record, met: set[str]) -> str | None:
    """Every name is a column of the whole chunk, so that a file may have only so many."""
    if len(both := met.union(record.cells[::2])) > COLUMN_LIMIT:
        return f"the file has more than {COLUMN_LIMIT} different names"
    met |= both
    return None


def fault_of(cells: Iterable[str | None]) -> str | None:
    """Why the cells of a row cannot be stored, or None."""
    for cell in cells:
        if cell is not None and "\0" in cell:
            return "a NUL character"
        if cell is not None and len(cell) > CELL_LIMIT_BYTES // 4 and _is_large(cell):
            return "a cell of more than 1 MiB"
    return None


def _is_large(cell: str) -> bool:
    return len(cell.encode()) > CELL_LIMIT_BYTES


def chunk_of(good: list[Record], broken: list[Broken], names: list[str] | None) -> Chunk:
    """Records as a chunk; with `names` those are its columns, else each record is a JSON object."""
    if names is None:
        names = list(dict.fromkeys(name for record in good for name in record.cells[::2]))
        objects = [dict(zip(r.cells[::2], r.cells[1::2], strict=True)) for r in good]
        columns = {name: [row.get(name) for row in objects] for name in names}
    else:
        rows = zip(*(record.cells for record in good), strict=True)
        columns = {name: list(cells) for name, cells in zip(names, rows, strict=False)}
    schema = dict.fromkeys(names, pl.String)
    cells = pl.DataFrame(columns or None, schema=schema).with_columns(pl.all().replace("", None))
    places = [record.place for record in good if record.place is not None]
    positions = [record.position for record in good]
    return Chunk(cells, positions, [record.raw for record in good], broken, places=places)
