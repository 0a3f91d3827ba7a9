"""Deliveries: a folder for each market, written its scraper's way, and where each row stands."""

import csv
import gzip
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from world.markets import Market
from world.plan import Account
from world.rows import Row

DATE_COLUMN = {"accounts": "registered", "listings": "date", "posts": "posted_at", "keys": "date"}
ORDER = ("accounts", "keys", "listings", "posts")

Value = str | float | int | datetime | None


@dataclass(frozen=True)
class Record:
    """A row where it stands: file (relative to the delivery), and its line or row, from 1."""

    row: Row
    file: str
    place: str


def deliver_market(
    folder: Path,
    market: Market,
    rows: Iterable[Row],
    accounts: Sequence[Account],
    shown: Collection[int],
) -> list[Record]:
    """Write the rows of one market into its folder.

    Returns:
        Where the rows of the `shown` accounts stand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, list[Row]] = {table: [] for table in ORDER}
    for row in rows:
        tables[row.table].append(row)
    records: list[Record] = []
    word = "row" if market.form == "parquet" else "line"
    for table, written in tables.items():
        if not written:
            continue
        written.sort(key=lambda row: (row.at, row.account))
        lines = [_line(market, row, accounts, count) for count, row in enumerate(written)]
        name = f"{table}.{market.form}"
        starts = _write(folder / name, market.form, lines)
        records += [
            Record(row, f"{market.name}/{name}", f"{word} {start}")
            for row, start in zip(written, starts, strict=True)
            if row.account in shown
        ]
    return records


def write_markets(path: Path, markets: Iterable[Market]) -> None:
    """The table of markets and their life cycles (CSV)."""
    rows: list[Mapping[str, Value]] = [
        {
            "name": market.name,
            "kind": market.kind,
            "opened": f"{market.opened_at:%Y-%m-%d}",
            "closed": f"{market.closed_at:%Y-%m-%d}" if market.closed_at else "",
            "reason": market.reason or "",
            "belongs_to": market.belongs_to or "",
        }
        for market in markets
    ]
    _write(path, "csv", rows)


def _line(market: Market, row: Row, accounts: Sequence[Account], count: int) -> dict[str, Value]:
    owner = {market.owner: accounts[row.account].handle}
    values: dict[str, Value] = dict(row.values)
    if row.table == "accounts" and market.keys != "column":
        values.pop("pgp")
    if row.table in ("listings", "posts"):
        owner = {"id": f"{market.name[:2]}{count + 1:06d}", **owner}
    return {**owner, DATE_COLUMN[row.table]: _date(market, row.at), **values}


def _date(market: Market, at: datetime) -> Value:
    seconds = int(at.timestamp())
    forms: dict[str, Value] = {
        "iso with zone": f"{at:%Y-%m-%dT%H:%M:%S}+00:00",
        "iso without zone": f"{at:%Y-%m-%d %H:%M:%S}",
        "epoch seconds": seconds,
        "epoch milliseconds": seconds * 1000,
        "typed": at,
    }
    return forms[market.dates]


def _write(path: Path, form: str, lines: Sequence[Mapping[str, Value]]) -> list[int]:
    """Write the lines; returns the line or row number on which each begins."""
    if form == "parquet":
        pl.DataFrame(lines, infer_schema_length=None).write_parquet(path)
        return list(range(1, len(lines) + 1))
    pieces = _csv(lines) if form.startswith("csv") else _json_lines(lines)
    content = "".join(pieces).encode()
    packed = gzip.compress(content, compresslevel=6, mtime=0) if form.endswith("gz") else content
    path.write_bytes(packed)
    first = 2 if form.startswith("csv") else 1
    starts, line = [], 1
    for piece in pieces:
        starts.append(line)
        line += piece.count("\n")
    return starts[first - 1 :]


def _csv(lines: Sequence[Mapping[str, Value]]) -> list[str]:
    pieces = []
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    cells_of: list[list[Value]] = [[*lines[0]], *([*line.values()] for line in lines)]
    for cells in cells_of:
        writer.writerow(cells)
        pieces.append(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    return pieces


def _json_lines(lines: Sequence[Mapping[str, Value]]) -> list[str]:
    return [json.dumps(line, ensure_ascii=False) + "\n" for line in lines]
