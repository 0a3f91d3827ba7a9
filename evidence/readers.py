"""Files as chunks of rows, with the exact line or row of each; what cannot be read is named."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars.exceptions import PanicException, PolarsError

from evidence.csv_records import Broken, Record, csv_records
from evidence.errors import RefusedInput
from evidence.lines import Line, read_lines

CHUNK_ROWS = 20_000
CHUNK_BYTES = 32 << 20
CELL_LIMIT_BYTES = 1 << 20
COLUMN_LIMIT = 256
PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    `cells` has the file's columns as text, empty is null; `positions` are lines (text) or rows
    (Parquet) from 1, `raws` the bytes of each row; `broken` are the rows that could not be read.
    """

    cells: pl.DataFrame
    positions: list[int]
    raws: list[bytes]
    broken: list[Broken]


def read_chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    """The rows of a CSV, JSON lines or Parquet file, the first two also gzipped.

    The content decides what it is, not the name.

    Raises:
        RefusedInput: it is none of these, or empty; before the first chunk.
    """
    magic = stream.read(len(PARQUET_MAGIC))
    stream.seek(0)
    if not magic:
        raise RefusedInput(f"{path}: the file is empty")
    return _parquet_chunks(stream, path) if magic == PARQUET_MAGIC else _text_chunks(stream, path)


def place_word(stream: BinaryIO) -> str:
    """What a position in a file, open at its start, counts: `row` in Parquet, else `line`."""
    magic = stream.read(len(PARQUET_MAGIC))
    stream.seek(0)
    return "row" if magic == PARQUET_MAGIC else "line"


def _text_chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    lines = read_lines(stream)
    first = next((line for line in lines if line.content.strip() or line.fault), None)
    if first is None:
        raise RefusedInput(f"{path}: the file is empty")
    _refuse_binary(first, path)
    everything = _chain(first, lines)
    if first.content.lstrip().startswith(b"{"):
        yield from _chunks(_json_records(everything), None)
    elif first.content.lstrip().startswith(b"["):
        raise RefusedInput(f"{path}, line 1: a JSON array; one object a line is wanted")
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
    delimiter = max(DELIMITERS, key=first.content.decode().count)
    records = csv_records(_chain(first, lines), delimiter)
    header = next(records)
    if isinstance(header, Broken):
        raise RefusedInput(f"{path}, line {header.position}: {header.reason}")
    if len(header.cells) > COLUMN_LIMIT:
        raise RefusedInput(f"{path}, line 1: more than {COLUMN_LIMIT} columns")
    yield from _chunks(records, _distinct(header.cells))


def _distinct(header: list[str]) -> list[str]:
    """The names of columns; a name that is empty or was there before gets its number."""
    names: dict[str, None] = {}
    for number, name in enumerate(header, 1):
        names[name if name and name not in names else f"{name} (column {number})"] = None
    return list(names)


def _chunks(records: Iterable[Record | Broken], names: list[str] | None) -> Iterator[Chunk]:
    """Gather records; with `names` they are CSV, else each is one JSON object."""
    good: list[Record] = []
    broken: list[Broken] = []
    size, empty = 0, True
    for record in records:
        reason = record.reason if isinstance(record, Broken) else _why_not(record, names)
        if isinstance(record, Broken) or reason is not None:
            broken.append(Broken(record.position, reason or "", record.raw))
        else:
            good.append(record)
        size += len(record.raw or b"")
        if len(good) + len(broken) >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield _chunk(good, broken, names)
            good, broken, size, empty = [], [], 0, False
    if good or broken or empty:
        yield _chunk(good, broken, names)


def _why_not(record: Record, names: list[str] | None) -> str | None:
    """Why a record cannot be stored, or None."""
    if names is not None and len(record.cells) != len(names):
        return f"{len(record.cells)} cells where the header has {len(names)}"
    if b"\0" in record.raw or b"\\u0000" in record.raw:
        return "a NUL character"
    if len(record.raw) > CELL_LIMIT_BYTES and any(_is_large(cell) for cell in record.cells):
        return "a cell of more than 1 MiB"
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        return "not UTF-8 text"
    return None


def _is_large(cell: str) -> bool:
    return len(cell.encode("utf-8", "surrogatepass")) > CELL_LIMIT_BYTES


def _chunk(good: list[Record], broken: list[Broken], names: list[str] | None) -> Chunk:
    if names is None:
        names = list(dict.fromkeys(name for record in good for name in record.cells[::2]))
        objects = [dict(zip(r.cells[::2], r.cells[1::2], strict=True)) for r in good]
        columns = {name: [row.get(name) for row in objects] for name in names}
    else:
        rows = zip(*(record.cells for record in good), strict=True)
        columns = {name: list(cells) for name, cells in zip(names, rows, strict=False)}
    schema = dict.fromkeys(names, pl.String)
    cells = pl.DataFrame(columns or None, schema=schema).with_columns(pl.all().replace("", None))
    return Chunk(cells, [record.position for record in good], [r.raw for r in good], broken)


def _json_records(lines: Iterator[Line]) -> Iterator[Record | Broken]:
    """Each JSON object (RFC 8259) as name, value, name, value, …; null is left out."""
    for line in lines:
        if line.fault is not None:
            yield Broken(line.number, line.fault, line.content)
        elif line.content.strip():
            yield _json_record(line)


def _json_record(line: Line) -> Record | Broken:
    try:
        row = json.loads(line.content)
        if not isinstance(row, dict):
            return Broken(line.number, "not a JSON object", line.content)
        pairs = [(name, _as_text(value)) for name, value in row.items() if value is not None]
        cells = [text for pair in pairs for text in pair]
        "".join(cells).encode()
    except UnicodeEncodeError:
        return Broken(line.number, "half a character (a lone surrogate)", line.content)
    except (ValueError, RecursionError):
        return Broken(line.number, "broken JSON", line.content)
    return Record(line.number, cells, line.content)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)


def _chain(first: Line, lines: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from lines


def _parquet_chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    """The rows of a Parquet file, typed columns as text (times in ISO 8601)."""
    at = 1
    try:
        texts = _as_texts(pl.scan_parquet(stream))
        for frame in texts.collect_batches(chunk_size=CHUNK_ROWS, maintain_order=True):
            for piece in frame.iter_slices(CHUNK_ROWS):
                yield _parquet_chunk(piece, at)
                at += piece.height
    except (PolarsError, PanicException, OSError) as error:
        reason = str(error).splitlines()[0][:200]
        if at == 1:
            raise RefusedInput(f"{path}: damaged Parquet ({reason})") from None
        broken = Broken(at, f"damaged Parquet from here on ({reason})", None)
        yield Chunk(pl.DataFrame(), [], [], [broken])


def _as_texts(rows: pl.LazyFrame) -> pl.LazyFrame:
    columns = [_column_text(name, dtype) for name, dtype in rows.collect_schema().items()]
    return rows.select(column for column in columns[:COLUMN_LIMIT] if column is not None)


def _parquet_chunk(texts: pl.DataFrame, first: int) -> Chunk:
    raws = [json.dumps(row, ensure_ascii=False).encode() for row in texts.iter_rows(named=True)]
    faults = [_parquet_fault(raw) for raw in raws]
    good = pl.Series([fault is None for fault in faults], dtype=pl.Boolean)
    numbered = list(enumerate(zip(faults, raws, strict=True), first))
    return Chunk(
        texts.filter(good).with_columns(pl.all().replace("", None)),
        [position for position, (fault, _) in numbered if fault is None],
        [raw for _, (fault, raw) in numbered if fault is None],
        [Broken(at, fault, raw) for at, (fault, raw) in numbered if fault is not None],
    )


def _parquet_fault(raw: bytes) -> str | None:
    if b"\\u0000" in raw:
        return "a NUL character"
    if len(raw) > CELL_LIMIT_BYTES and any(map(_is_large, filter(None, json.loads(raw).values()))):
        return "a cell of more than 1 MiB"
    return None


def _column_text(name: str, dtype: pl.DataType) -> pl.Expr | None:
    """A column as text; None where it has a type that no column of ours has."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        zoned = column.dt.convert_time_zone("UTC") if dtype.time_zone else column
        return zoned.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    if isinstance(dtype, pl.List):
        return column.list.join(";") if dtype.inner == pl.String else None
    readable = dtype == pl.Date or dtype == pl.Boolean or dtype.is_numeric()
    readable = readable or isinstance(dtype, pl.String | pl.Categorical | pl.Enum)
    return column.cast(pl.String) if readable else None
