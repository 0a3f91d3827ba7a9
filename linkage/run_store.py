"""The run store: each run's tables and summary, under `runs/RUN_ID/`.

Invariant: a run's folder gets its name only when all of it is on disk, and is not changed after.
What an interrupted run left behind has a name that starts with a dot.
"""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict

from evidence.durable import sync_folder, write_bytes, write_parquet, writing_to
from evidence.errors import UnknownThing
from linkage.run_tables import RUN_TABLES

SUMMARY = "run.json"
RUN_ID = re.compile(r"[A-Za-z0-9][\w-]*")
"""A name that stays inside the folder."""


class Frozen(BaseModel):
    """A part of a run's summary."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(Frozen):
    """One stage of a run: how many things it made, how long it took, the peak memory until then."""

    name: str
    count: int
    seconds: float
    memory_mb: int


class Inputs(Frozen):
    """What went into a run: sources by id, and SHA-256 of decisions, public values and model.

    A source that was read once more is named by its reading, see `evidence.sources.reading_id`.
    """

    source_ids: tuple[str, ...]
    decisions_hash: str
    public_values_hash: str
    model_hash: str


class RunSummary(Inputs):
    """What a run is: its inputs, its hash, and its counts. Times are aware UTC."""

    run_id: str
    view: str
    run_hash: str
    model_name: str
    started_at: datetime
    finished_at: datetime
    counts: Mapping[str, int]
    expected_wrong_count: float | None = None
    """How many of its links of one hand are expected to be wrong, see `linkage.q_values`."""
    stages: tuple[Stage, ...]
    prior_sources: Mapping[str, str] = {}
    """By relation, where the bits before any evidence come from; empty in runs of old."""
    join_bits: float | None = None
    """Mean bits from which on two groups of accounts were one; None in runs of old."""
    program: str = "unknown"
    """Version of the program that made it."""


class RunStore:
    """The runs in a folder: all of them, or those of one view, as if there were no others."""

    def __init__(self, folder: Path, view: str | None = None) -> None:
        self._folder, self._view = folder, view

    def write(self, run_id: str, tables: Mapping[str, pl.DataFrame], summary: RunSummary) -> None:
        """Store a run, whole or not at all.

        Args:
            run_id: its id; must be new.
            tables: every table of `run_tables.RUN_TABLES`, by name.
            summary: what it is.

        Raises:
            ValueError: a table is missing, has other columns, or there is one too many.
            NotWritten: the disk is full, or does not let us write.
        """
        _check(tables)
        part = self._folder / f".{run_id}"
        with writing_to(part):
            part.mkdir(parents=True, mode=0o700)
        for name, table in tables.items():
            write_parquet(table, part / f"{name}.parquet")
        write_bytes(summary.model_dump_json(indent=1).encode(), part / SUMMARY)
        with writing_to(self._folder / run_id):
            part.rename(self._folder / run_id)
            sync_folder(self._folder)

    def run_ids(self) -> list[str]:
        """Every stored run, oldest first."""
        if not self._folder.exists():
            return []
        ids = sorted(path.parent.name for path in self._folder.glob(f"[!.]*/{SUMMARY}"))
        return [run_id for run_id in ids if self._is_shown(self._summary(run_id))]

    def summary(self, run_id: str) -> RunSummary:
        """What a run is.

        Raises:
            UnknownThing: there is no such run.
        """
        summary = self._summary(run_id) if RUN_ID.fullmatch(run_id) else None
        if summary is None or not self._is_shown(summary):
            raise UnknownThing("run", run_id)
        return summary

    def table(self, run_id: str, name: str) -> pl.LazyFrame:
        """A table of a run, see `linkage.run_tables`.

        Raises:
            UnknownThing: there is no such run, or no such table; runs of old lack some.
        """
        path = self._run(run_id) / f"{name}.parquet"
        if name not in {table.name for table in RUN_TABLES} or not path.exists():
            raise UnknownThing("table of a run", name)
        return pl.scan_parquet(path, glob=False)

    def evidence_of(self, run_id: str, link_id: str) -> pl.DataFrame:
        """What each feature found on one link, features in the order in which people see them."""
        return self.table(run_id, "evidence").filter(pl.col("link_id") == link_id).collect()

    def remove_torn(self) -> None:
        """Remove what interrupted runs left; only under the lock of a recomputation."""
        if self._folder.exists():
            for torn in self._folder.glob(".*/"):
                shutil.rmtree(torn)

    def remove(self, run_id: str) -> None:
        """Remove a run; it is gone for readers at once.

        Raises:
            UnknownThing: there is no such run.
        """
        part = self._folder / f".{run_id}"
        self._run(run_id).rename(part)
        sync_folder(self._folder)
        shutil.rmtree(part)

    def _run(self, run_id: str) -> Path:
        self.summary(run_id)
        return self._folder / run_id

    def _summary(self, run_id: str) -> RunSummary | None:
        try:
            raw = (self._folder / run_id / SUMMARY).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return RunSummary.model_validate_json(raw)

    def _is_shown(self, summary: RunSummary | None) -> bool:
        return summary is not None and self._view in (None, summary.view)


def _check(tables: Mapping[str, pl.DataFrame]) -> None:
    expected = {table.name: table.schema for table in RUN_TABLES}
    if set(tables) != set(expected):
        raise ValueError(f"a run has the tables {sorted(expected)}, not {sorted(tables)}")
    for name, table in tables.items():
        if table.schema != expected[name]:
            raise ValueError(f"table {name}: {table.schema} is not {expected[name]}")
