"""The archive: every fact once, and every place where it was seen.

Layout: `archive/TABLE/DIGEST.parquet` (facts), `archive/sightings/READING-DIGEST.parquet`,
`archive/quarantine/READING/NUMBER.parquet` (readings: see `sources.reading_id`); a file is named by
the rows that were written to it, and never changed, but that an erasure takes rows out of it.
Invariant: a sighting is written after the fact it belongs to, and facts without a sighting do not
exist for any reader. So a batch is there whole or not at all, and storing it again completes it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.assembly import assemble
from evidence.blobs import BlobStore
from evidence.corpus import Corpus
from evidence.durable import remove_folder, remove_torn, write_parquet
from evidence.known_ids import Halves, KnownIds, halves
from evidence.ledger import Ledger
from evidence.only_one import only_one
from evidence.recall import FileRecall
from evidence.records import QUARANTINE, SIGHTINGS, TABLES
from evidence.sources import source_of
from evidence.workspace import Workspace

SIGHTING_COLUMNS = tuple(c for c in SIGHTINGS.schema.names() if c not in ("row_id", "table"))


@dataclass(frozen=True)
class StoreCount:
    """How many rows were new, and how many were known facts; positions of the new ones."""

    stored: int
    already: int
    new_positions: frozenset[int]


class Archive:
    """The archive of a workspace. One that stores must hold `writing()`."""

    def __init__(self, workspace: Workspace) -> None:
        workspace.create()
        self._folder = workspace.archive
        self._known: dict[str, KnownIds] = {}
        self._seen: tuple[str, KnownIds] = ("", KnownIds())
        self.blobs = BlobStore(workspace.blobs)
        self.recall = FileRecall(workspace.cache / "recall.sqlite")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who stores.

        Raises:
            Busy: another process does.
        """
        with only_one(self._folder / ".lock", "is taking files in"):
            remove_torn(self._folder)
            yield

    def store(self, reading: str, table_name: str, rows: pl.DataFrame) -> StoreCount:
        """Store a batch of rows of one table; the same batch again adds nothing.

        Args:
            reading: of the delivery they came from, see `sources.reading_id`.
            table_name: one of `records.TABLES`.
            rows: the columns of that table, and those of `SIGHTINGS` but for table and source_id.
        """
        new = self._store_facts(table_name, rows)
        seen_in = pl.lit(source_of(reading))
        sightings = rows.with_columns(table=pl.lit(table_name), source_id=seen_in)
        self._store_sightings(reading, sightings.select(SIGHTINGS.schema.names()))
        stored = new.height
        return StoreCount(stored, rows.height - stored, frozenset(new["position"].to_list()))

    def _store_facts(self, table_name: str, rows: pl.DataFrame) -> pl.DataFrame:
        if table_name not in self._known:
            self._known[table_name] = self._load_known(self._folder / table_name)
        new = rows.filter(_unknown(self._known[table_name], halves(rows["row_id"])))
        if new.height:
            name = _digest(new["row_id"].to_list())
            facts = new.select(TABLES[table_name].schema.names())
            write_parquet(facts, self._folder / table_name / f"{name}.parquet")
        return new

    def _store_sightings(self, reading: str, sightings: pl.DataFrame) -> None:
        if self._seen[0] != reading:
            self._seen = (reading, self._load_seen(reading))
        new = sightings.filter(_unknown(self._seen[1], _sighting_ids(sightings)))
        if new.height:
            name = _digest(
                new.select(pl.format("{} {}", "row_id", "position")).to_series().to_list()
            )
            write_parquet(new, self._folder / "sightings" / f"{reading}-{name}.parquet")

    def _load_known(self, folder: Path) -> KnownIds:
        known = KnownIds()
        for path in batches(folder, "*"):
            known.add(halves(pl.read_parquet(path, columns=["row_id"])["row_id"]))
        return known

    def _load_seen(self, reading: str) -> KnownIds:
        seen = KnownIds()
        for path in batches(self._folder / "sightings", f"{reading}-*"):
            seen.add(_sighting_ids(pl.read_parquet(path, columns=["row_id", "position"])))
        return seen

    def store_quarantine(self, reading: str, number: int, rows: pl.DataFrame) -> None:
        """Keep batch `number` of a reading's rows that could not be stored (QUARANTINE columns)."""
        write_parquet(rows, self._folder / "quarantine" / reading / f"{number:08}.parquet")

    def trim_quarantine(self, reading: str, written: Collection[int]) -> None:
        """Forget what an earlier intake of this reading had quarantined and this one did not."""
        for path in batches(self._folder / "quarantine" / reading, "*"):
            if int(path.stem) not in written:
                path.unlink()

    def forget(self, reading: str) -> None:
        """Remove what a reading saw and quarantined; its facts stay, without this sighting."""
        for path in batches(self._folder / "sightings", f"{reading}-*"):
            path.unlink()
        remove_folder(self._folder / "quarantine" / reading)
        self._seen = (reading, KnownIds())

    def counts(self, reading: str) -> dict[str, int]:
        """How many facts of each table a reading saw, and how many rows it has in `quarantine`."""
        paths = batches(self._folder / "sightings", f"{reading}-*")
        seen = [pl.read_parquet(path, columns=["table", "row_id"]) for path in paths]
        empty = SIGHTINGS.empty().select("table", "row_id")
        by_table = pl.concat([empty, *seen]).unique()["table"].value_counts().sort("table")
        refused = batches(self._folder / "quarantine" / reading, "*")
        rows = sum(
            pl.scan_parquet(p, glob=False).select(pl.len()).collect().item() for p in refused
        )
        return {**dict(by_table.iter_rows()), "quarantine": rows}

    def quarantine(self) -> pl.DataFrame:
        """Every quarantined row, by source, file and line."""
        kept = [pl.read_parquet(path) for path in batches(self._folder / "quarantine", "*/*")]
        return pl.concat([QUARANTINE.empty(), *kept]).sort("source_id", "file", "line")

    def tables(
        self, readings: Collection[str] | None = None, names: Collection[str] = tuple(TABLES)
    ) -> dict[str, pl.DataFrame]:
        """Tables, each row with its first sighting, sorted by (source_id, position, row_id).

        Args:
            readings: the readings that count; None: all.
            names: the tables that are wanted; all by default.

        Returns:
            By name the columns of the table and `SIGHTING_COLUMNS`; `markets` without these, what
            was received last first.
        """
        first = self._first_sightings(readings)
        return {name: self._table(name, first) for name in names}

    def markets(self, readings: Collection[str] | None = None) -> pl.DataFrame:
        """The table of markets alone, see `tables`."""
        return self._table("markets", self._first_sightings(readings))

    def state(self, readings: Collection[str]) -> str:
        """A digest (hex) of what these readings saw: another where any of it is another.

        Batches are named by what they hold, so that their names are enough; of photos it tells
        when any came or went.
        """
        paths = batches(self._folder / "sightings", "*")
        names = [path.name for path in paths if path.stem.split("-")[0] in readings]
        return _digest([*names, "photos", *self.blobs.state()])

    def _first_sightings(self, readings: Collection[str] | None) -> pl.DataFrame:
        paths = batches(self._folder / "sightings", "*")
        if readings is not None:
            paths = [path for path in paths if path.stem.split("-")[0] in readings]
        sightings = pl.concat([SIGHTINGS.empty(), *(pl.read_parquet(path) for path in paths)])
        order = ["captured_at", "received_at", "source_id", "position"]
        return sightings.sort(order, nulls_last=True).unique(
            ["table", "row_id"], keep="first", maintain_order=True
        )

    def _table(self, name: str, first: pl.DataFrame) -> pl.DataFrame:
        table = TABLES[name]
        stored = [pl.read_parquet(path) for path in batches(self._folder / name, "*")]
        sightings = first.filter(table=name).select("row_id", *SIGHTING_COLUMNS)
        rows = pl.concat([table.empty(), *stored]).join(sightings, on="row_id", how="inner")
        if name == "markets":
            rows = rows.sort(
                "received_at", "source_id", "position", descending=[True, False, False]
            )
            return rows.select(table.schema.names())
        return rows.sort("source_id", "position", "row_id")


def load_corpus(workspace: Workspace, readings: Collection[str] | None = None) -> Corpus:
    """The corpus of these readings; by default of all in force, each of them read to its end."""
    archive = Archive(workspace)
    if readings is None:
        with Ledger.open(workspace) as ledger:
            readings = ledger.in_force()
    return assemble(archive.tables(set(readings)), archive.blobs, archive.recall)


def _unknown(known: KnownIds, ids: Halves) -> NDArray[np.bool_]:
    """Marks the first row of each id that is not known yet, and makes those known."""
    both = pl.DataFrame({"first": ids[0], "second": ids[1]})
    first = both.select(pl.struct(pl.all()).is_first_distinct()).to_series().to_numpy()
    new = first & ~known.contains(ids)
    known.add((ids[0][new], ids[1][new]))
    return np.asarray(new, np.bool_)


def _sighting_ids(sightings: pl.DataFrame) -> Halves:
    return halves(sightings["row_id"])[0], sightings["position"].cast(pl.UInt64).to_numpy()


def _digest(names: list[str]) -> str:
    return blake2b("\n".join(names).encode(), digest_size=16).hexdigest()


def batches(folder: Path, pattern: str) -> list[Path]:
    """The whole batches of a folder, by name."""
    return sorted(path for path in folder.glob(f"{pattern}.parquet") if path.name[0] != ".")
