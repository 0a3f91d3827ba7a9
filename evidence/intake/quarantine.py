"""What could not be stored, as the quarantine keeps it."""

from collections.abc import Iterable

import polars as pl

from evidence.formats.csv_records import Broken
from evidence.formats.lines import RAW_LIMIT_BYTES
from evidence.records import QUARANTINE


def quarantine_rows(source_id: str, bad: Iterable[tuple[str, Broken]]) -> pl.DataFrame:
    """The columns of `records.QUARANTINE`; each broken row with the name of its file."""
    rows = [
        (source_id, file, b.position, b.reason, b.raw and b.raw[:RAW_LIMIT_BYTES])
        for file, b in bad
    ]
    return pl.DataFrame(rows, schema=QUARANTINE.schema, orient="row")
