"""Taking out of the archive what no source holds any more.

A batch is rewritten at one stroke, under its name, without the rows that go; so a reader sees the
old batch or the new one, and whoever was cut off does the rest by doing it again.
"""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from evidence.archive import batches
from evidence.assembly import on_known_markets
from evidence.durable import remove_torn, write_parquet
from evidence.records import ACCOUNT_TABLES, SIGHTINGS, TABLES
from evidence.workspace import Workspace

OWNED = ("market", "handle")
WHOLE_FILE = 0
"""The line of a quarantined row that says why a whole file was refused."""


def names_of(workspace: Workspace, readings: Collection[str]) -> set[str]:
    """Accounts (`market:handle`, markets as delivered and as listed) and handles of readings."""
    folder = workspace.archive
    seen = _seen(folder, readings)
    parts = [pl.DataFrame(schema=dict.fromkeys(OWNED, pl.String))]
    for name in ACCOUNT_TABLES:
        for path in batches(folder / name, "*"):
            rows = pl.read_parquet(path, columns=["row_id", *OWNED])
            here = rows.join(seen.filter(table=name), on="row_id", how="semi")
            parts.append(here.select(OWNED).unique())
    delivered = pl.concat(parts).unique()
    accounts = pl.concat([delivered, on_known_markets(delivered, _markets(folder)).select(OWNED)])
    ids = accounts.select(pl.concat_str("market", pl.lit(":"), "handle")).to_series()
    return {*ids.to_list(), *accounts["handle"].to_list()}


def purge(workspace: Workspace, kept: Collection[str]) -> None:
    """Remove every sighting, fact and photo that none of these readings saw.

    With them goes what an intake that was cut off had left, and its quarantined rows; why whole
    files were refused stays. Only under `Archive.writing`.
    """
    folder = workspace.archive
    for path in batches(folder / "sightings", "*"):
        if _reading(path) not in kept:
            path.unlink()
    for path in batches(folder / "quarantine", "*/*"):
        if path.parent.name not in kept:
            refused = pl.read_parquet(path)
            _leave(path, refused, refused.filter(line=WHOLE_FILE))
    seen = _seen(folder, kept)
    for name in TABLES:
        for path in batches(folder / name, "*"):
            _rewrite(path, seen.filter(table=name))
    remove_torn(folder)
    _remove_blobs(workspace)


def _rewrite(path: Path, seen: pl.DataFrame) -> None:
    rows = pl.read_parquet(path)
    _leave(path, rows, rows.join(seen, on="row_id", how="semi", maintain_order="left"))


def _leave(path: Path, rows: pl.DataFrame, left: pl.DataFrame) -> None:
    """Leave only some rows of a batch."""
    if left.is_empty():
        path.unlink()
    elif left.height < rows.height:
        write_parquet(left, path)


def _remove_blobs(workspace: Workspace) -> None:
    """Remove the bytes of photos that no fact names, and what an interrupted write left."""
    photos = [
        pl.read_parquet(p, columns=["blob"]) for p in batches(workspace.archive / "photos", "*")
    ]
    named = set(pl.concat([TABLES["photos"].empty().select("blob"), *photos])["blob"].drop_nulls())
    for path in workspace.blobs.glob("*/*"):
        if path.name not in named:
            path.unlink()


def _markets(folder: Path) -> pl.DataFrame:
    rows = [pl.read_parquet(path) for path in batches(folder / "markets", "*")]
    return pl.concat([TABLES["markets"].empty(), *rows])


def _seen(folder: Path, readings: Collection[str]) -> pl.DataFrame:
    """Columns `table` and `row_id`: the facts that these readings saw."""
    paths = [p for p in batches(folder / "sightings", "*") if _reading(p) in readings]
    rows = [pl.read_parquet(path, columns=["table", "row_id"]) for path in paths]
    return pl.concat([SIGHTINGS.empty().select("table", "row_id"), *rows]).unique()


def _reading(sightings: Path) -> str:
    return sightings.stem.split("-")[0]
