"""Intake: files in, facts out; every row stored, known already, or quarantined with its reason.

Invariant: a source is recorded in the ledger only after its last batch is on disk, and a batch is
there whole or not at all (see `archive`). So an intake that was cut off is completed by repeating
it, and until then no corpus shows any of that file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import polars as pl

from evidence.archive import Archive
from evidence.chunks import Chunk
from evidence.columns import Reading, guess
from evidence.csv_records import Broken
from evidence.deliveries import Delivered, file_id, find_deliveries, folder_id, photos_of
from evidence.errors import RefusedInput
from evidence.facts import Extraction, Facts
from evidence.intake_report import FileReport, IntakeReport, count_reasons
from evidence.ledger import Ledger
from evidence.lines import RAW_LIMIT_BYTES, open_regular
from evidence.mapping import SourceFormat
from evidence.photo_folder import FOLDER_COLUMNS, photo_chunks
from evidence.pictures import PhotoFolder
from evidence.readers import place_word, read_chunks
from evidence.records import QUARANTINE, UTC_TIME
from evidence.sources import Source
from evidence.workspace import Workspace


@dataclass(frozen=True)
class Wish:
    """What the person said about the files: market for rows that name none, kind, and format."""

    market: str | None = None
    kind: str | None = None
    source_format: SourceFormat | None = None

    def reading(self, names: Sequence[str], kind: str | None = None) -> Reading:
        """How a file with these columns, of a kind that is known already, is read.

        Raises:
            RefusedInput: nothing says who owns its rows, or nothing is said about him.
        """
        if self.source_format is not None:
            return self.source_format.reading(names)
        return guess(names, kind or self.kind)


@dataclass(frozen=True)
class Progress:
    """Which file is being read, and how many of its rows so far."""

    file_number: int
    file_count: int
    name: str
    row_count: int


def take_in(
    paths: Sequence[Path],
    wish: Wish,
    workspace: Workspace,
    now: datetime,
    watch: Callable[[Progress], None] = lambda _: None,
) -> IntakeReport:
    """Read files and folders into the archive.

    Args:
        paths: files and folders as delivered.
        wish: what the person said about them.
        workspace: where they go.
        now: time of receipt, aware UTC.
        watch: is told after every batch how far it is.

    Raises:
        Busy: another process is taking files in.
    """
    found = find_deliveries(paths, photo_folders=wish.kind == "photos")
    reports = [FileReport(name, refused=reason) for name, reason in found.refused]
    archive = Archive(workspace)
    with archive.writing(), Ledger.open(workspace) as ledger:
        for number, delivered in enumerate(found.files, 1):

            def tell(row_count: int, number: int = number, name: str = delivered.name) -> None:
                watch(Progress(number, len(found.files), name, row_count))

            reports.append(_FileIntake(delivered, wish, archive, now, tell).run(ledger))
    return IntakeReport(reports, found.left_aside)


class _FileIntake:
    """The intake of one delivered file or photo folder."""

    def __init__(
        self,
        delivered: Delivered,
        wish: Wish,
        archive: Archive,
        now: datetime,
        tell: Callable[[int], None],
    ) -> None:
        self._delivered = delivered
        self._wish = wish
        self._archive = archive
        self._now = now
        self._tell = tell
        self._source_id = ""
        self._names: dict[str, None] = {}
        self._skipped: Sequence[str] = ()
        self._batches_quarantined: list[int] = []
        self._report = FileReport(delivered.name)

    def run(self, ledger: Ledger) -> FileReport:
        try:
            size_bytes = self._read()
        except RefusedInput as error:
            self._refuse(str(error), ledger)
            return self._report
        self._archive.trim_quarantine(self._source_id, self._batches_quarantined)
        ledger.add_source(Source(self._source_id, self._delivered.name, size_bytes, self._now))
        self._report.check()
        return self._report

    def _read(self) -> int:
        if self._delivered.path.is_dir():
            return self._read_photo_folder()
        path = self._delivered.path
        self._source_id, size_bytes = file_id(path)
        self._report.source_id = self._source_id
        with open_regular(path) as stream:
            word = place_word(stream)
            chunks = read_chunks(stream, Path(self._delivered.name))
            first = next(chunks)
            self._names = dict.fromkeys(first.cells.columns)
            self._skipped = first.skipped
            reading = self._wish.reading(list(self._names))
            self._store_all(self._extraction(reading, word), chain([first], chunks))
        return size_bytes

    def _widened(self, extraction: Extraction, chunk: Chunk) -> Extraction:
        """The extraction with the columns that a JSON file names only now."""
        count = len(self._names)
        self._names |= dict.fromkeys(chunk.cells.columns)
        if len(self._names) == count:
            return extraction
        later = self._wish.reading(list(self._names), extraction.reading.kind)
        return self._extraction(extraction.reading.widened(later), extraction.place_word)

    def _read_photo_folder(self) -> int:
        root, photos = self._delivered.path, photos_of(self._delivered)
        readable = [path for path, fault in photos if fault is None]
        self._source_id, size_bytes = folder_id(root, readable)
        self._report.source_id = self._source_id
        reading = Reading("photos", FOLDER_COLUMNS, how="a folder of photos")
        self._names = dict.fromkeys(FOLDER_COLUMNS.values())
        market = self._wish.market or root.name
        extraction = Extraction(
            reading, market, "file", PhotoFolder(root, root, self._archive.blobs)
        )
        self._say(reading, "--market" if self._wish.market else "folder")
        self._store_all(extraction, photo_chunks(root, photos, self._wish.market))
        return size_bytes

    def _extraction(self, reading: Reading, word: str) -> Extraction:
        """How rows are read; the market is the column's, else --market, mapping or folder."""
        path, constant = self._delivered.path, reading.constants.get("market")
        market = self._wish.market or constant or self._delivered.market
        if "market" in reading.columns:
            market_from = f"column {reading.columns['market']}"
        elif market is None:
            raise RefusedInput("no column names the market; say --market NAME")
        else:
            market_from = "mapping" if constant else f"folder {market}"
            market_from = "--market" if self._wish.market else market_from
        self._say(reading, market_from)
        photos = PhotoFolder(path.parent, self._delivered.root, self._archive.blobs)
        return Extraction(reading, market, word, photos)

    def _say(self, reading: Reading, market_from: str) -> None:
        report = self._report
        report.read_as, report.how, report.columns = reading.kind, reading.how, reading.columns
        report.market_from = market_from
        report.unread = reading.unread([*self._names, *self._skipped])

    def _store_all(self, extraction: Extraction, chunks: Iterable[Chunk]) -> None:
        for number, chunk in enumerate(chunks):
            extraction = self._widened(extraction, chunk)
            facts = extraction.facts(chunk)
            self._store(facts)
            bad = sorted([*chunk.broken, *facts.refused], key=lambda broken: broken.position)
            self._quarantine(number, bad, extraction.place_word)
            self._count_flaws(facts, extraction.place_word)
            self._report.rows_in += len(chunk.positions) + len(chunk.broken)
            self._tell(self._report.rows_in)

    def _store(self, facts: Facts) -> None:
        for name, rows in facts.tables.items():
            received = pl.lit(self._now, UTC_TIME).alias("received_at")
            count = self._archive.store(self._source_id, name, rows.with_columns(received))
            self._report.count_table(name, count.stored, count.already)
            if name == facts.main:
                self._report.stored += len(count.new_positions)
                self._report.already_there += rows["position"].n_unique() - len(count.new_positions)

    def _quarantine(self, number: int, bad: list[Broken], place_word: str) -> None:
        if not bad:
            return
        name = self._delivered.name
        rows = [
            (self._source_id, name, b.position, b.reason, b.raw and b.raw[:RAW_LIMIT_BYTES])
            for b in bad
        ]
        frame = pl.DataFrame(rows, schema=QUARANTINE.schema, orient="row")
        self._archive.store_quarantine(self._source_id, number, frame)
        self._batches_quarantined.append(number)
        self._report.quarantined += len(bad)
        met = ((b.reason, f"{place_word} {b.position}") for b in bad)
        count_reasons(self._report.quarantine_reasons, met)

    def _count_flaws(self, facts: Facts, place_word: str) -> None:
        flaws = facts.flaws()
        self._report.flawed += flaws["position"].n_unique()
        met = ((flaw, f"{place_word} {position}") for position, flaw in flaws.iter_rows())
        count_reasons(self._report.flaws, met)

    def _refuse(self, reason: str, ledger: Ledger) -> None:
        """Keep why the whole file was refused, unless it was read to its end at another time."""
        self._report.refused = reason
        if self._source_id and ledger.source(self._source_id) is None:
            row = [(self._source_id, self._delivered.name, 0, reason, None)]
            frame = pl.DataFrame(row, schema=QUARANTINE.schema, orient="row")
            self._archive.store_quarantine(self._source_id, 0, frame)
            self._archive.trim_quarantine(self._source_id, [0])
