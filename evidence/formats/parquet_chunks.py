"""Parquet files as chunks of rows: typed columns as text, rows numbered from 1."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars.exceptions import PanicException, PolarsError

from evidence.errors import RefusedInput
from evidence.formats.chunks import CHUNK_ROWS, COLUMN_LIMIT, Chunk, fault_of
from evidence.formats.csv_records import Broken
from evidence.formats.parts import Part

MAGIC = b"PAR1"


def looks_like(head: bytes, path: Path) -> bool:
    """A Parquet file says so in its first four bytes."""
    return head.startswith(MAGIC)


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The one table of a Parquet file; its positions are rows."""
    yield Part(None, "row", parquet_chunks(stream, path))


def parquet_chunks(stream: BinaryIO, path: Path) -> Iterator[Chunk]:
    """The rows of a Parquet file, typed columns as text (times in ISO 8601).

    Raises:
        RefusedInput: it is damaged from its start; later on that is a broken row.
    """
    at = 1
    try:
        rows = pl.scan_parquet(stream)
        texts = _as_texts(rows)
        read = texts.collect_schema()
        skipped = [name for name in rows.collect_schema() if name not in read]
        yield Chunk(pl.DataFrame(schema=read), [], [], [], skipped)
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
    faults = [fault_of(row) for row in texts.iter_rows()]
    good = pl.Series([fault is None for fault in faults], dtype=pl.Boolean)
    numbered = list(enumerate(zip(faults, raws, strict=True), first))
    return Chunk(
        texts.filter(good).with_columns(pl.all().replace("", None)),
        [position for position, (fault, _) in numbered if fault is None],
        [raw for _, (fault, raw) in numbered if fault is None],
        [Broken(at, fault, raw) for at, (fault, raw) in numbered if fault is not None],
    )


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
