"""The intake of one delivered file: its parts one after another, and the source once all is in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

import polars as pl

from evidence.admission import admit, record_admitted
from evidence.archive import Archive
from evidence.errors import RefusedInput
from evidence.formats.csv_records import Broken
from evidence.formats.pages import page_parts, saved_pages
from evidence.formats.parts import Part
from evidence.formats.readers import read_parts
from evidence.intake.deliveries import Delivered, folder_id, member_id, photos_of
from evidence.intake.facts import Facts
from evidence.intake.intake_report import FileReport, PartReport, count_reasons
from evidence.intake.part_reading import PartReading
from evidence.intake.photo_folder import photo_part
from evidence.intake.pictures import PhotoFolder
from evidence.intake.quarantine import quarantine_rows
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.records import UTC_TIME
from evidence.sources import Source, reading_id


class FileIntake:
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
        self._source: Source | None = None
        self._batch_count = 0
        self._batches_quarantined: list[int] = []
        self._report = FileReport(delivered.name)

    def run(self, ledger: Ledger) -> FileReport:
        """Take it in; the report says where it was refused."""
        try:
            source = self._read(ledger)
        except RefusedInput as error:
            self._refuse(str(error), ledger)
            return self._report
        self._archive.trim_quarantine(source.reading_id, self._batches_quarantined)
        record_admitted(ledger, source, self._wish.person, self._now)
        if source.reading > 1:
            self._archive.forget(reading_id(source.source_id, source.reading - 1))
        self._report.check()
        return self._report

    def _read(self, ledger: Ledger) -> Source:
        with self._opened(ledger) as (parts, source):
            try:
                for part in parts:
                    self._take(part, source)
            except RefusedInput as error:
                if self._report.rows_in == 0:
                    raise
                self._break_off(str(error), source)
        self._refuse_useless()
        return source

    @contextmanager
    def _opened(self, ledger: Ledger) -> Iterator[tuple[Iterator[Part], Source]]:
        """The parts of the file or folder, and the source that it becomes."""
        delivered, container = self._delivered, self._delivered.container
        if delivered.what == "file":
            (member,) = delivered.members
            source = self._admitted(ledger, *member_id(container, member.name))
            with container.open(member.name) as stream:
                yield read_parts(stream, Path(delivered.name), self._wish.page_format), source
            return
        members = photos_of(delivered) if delivered.what == "photos" else delivered.members
        readable = [member.name for member in members if member.fault is None]
        source = self._admitted(ledger, *folder_id(container, readable))
        if delivered.what == "photos":
            yield iter([photo_part(members, self._wish.market)]), source
        else:
            pages = saved_pages(container, readable)
            yield page_parts(pages, self._wish.page_format), source

    def _admitted(self, ledger: Ledger, source_id: str, size_bytes: int) -> Source:
        """The source that it becomes; what an intake cut off had left of that reading is gone."""
        self._report.source_id = source_id
        delivered = Source(source_id, self._delivered.name, size_bytes, self._now)
        self._source = admit(ledger, delivered, self._wish)
        known = ledger.source(source_id)
        if known is None or known.reading != self._source.reading:
            self._archive.forget(self._source.reading_id)
        return self._source

    def _take(self, part: Part, source: Source) -> None:
        photos = PhotoFolder(self._delivered.container, self._folder(), self._archive.blobs)
        report = self._report.part(part.name)
        reading = PartReading(part, self._wish, self._delivered, photos, report)
        for chunk, facts in reading.facts():
            self._store(facts, report, source)
            bad = sorted([*chunk.broken, *facts.refused], key=lambda broken: broken.position)
            self._quarantine(bad, part.place_word, report, source)
            _count_flaws(facts, report)
            report.rows_in += len(chunk.positions) + len(chunk.broken)
            self._tell(self._report.rows_in)

    def _folder(self) -> str:
        """The folder that the paths of its photos are seen from."""
        if self._delivered.what != "file":
            return ""
        return PurePosixPath(self._delivered.members[0].name).parent.as_posix()

    def _store(self, facts: Facts, report: PartReport, source: Source) -> None:
        for name, rows in facts.tables.items():
            count = self._archive.store(source.reading_id, name, _with_times(rows, source))
            report.count_table(name, count.stored, count.already)
            if name == facts.main:
                report.stored += len(count.new_positions)
                report.already_there += rows["position"].n_unique() - len(count.new_positions)

    def _quarantine(
        self, bad: list[Broken], place_word: str, report: PartReport, source: Source
    ) -> None:
        self._batch_count += 1
        if not bad:
            return
        placed = [(self._place(broken, report), broken) for broken in bad]
        frame = quarantine_rows(source.source_id, placed)
        self._archive.store_quarantine(source.reading_id, self._batch_count, frame)
        self._batches_quarantined.append(self._batch_count)
        report.quarantined += len(bad)
        met = ((b.reason, b.place or f"{place_word} {b.position}") for b in bad)
        count_reasons(report.quarantine_reasons, met)

    def _place(self, broken: Broken, report: PartReport) -> str:
        """The file, or the page or table in it, that a broken row is in."""
        file = self._delivered.name
        if self._delivered.what != "file" and broken.place is not None:
            return f"{file}/{broken.place}"
        return file if report.name is None else f"{file}: {report.name}"

    def _break_off(self, reason: str, source: Source) -> None:
        """Quarantine what follows a break, as one row."""
        report = self._report.part("what follows")
        report.rows_in += 1
        self._quarantine([Broken(1, reason, None)], "part", report, source)

    def _refuse_useless(self) -> None:
        parts = self._report.parts
        if not parts:
            raise RefusedInput(f"{self._delivered.name}: there is no table in it")
        if all(part.why_left is not None and part.rows_in == part.left_aside for part in parts):
            reasons = "; ".join(f"{part.name}: {part.why_left}" for part in parts[:3])
            raise RefusedInput(f"none of its {len(parts)} tables can be used: {reasons}")

    def _refuse(self, reason: str, ledger: Ledger) -> None:
        """Keep why the whole file was refused, unless it was read to its end at another time."""
        self._report.refused = reason
        source = self._source
        if source is not None and ledger.source(source.source_id) is None:
            whole = (self._delivered.name, Broken(0, reason, None))
            frame = quarantine_rows(source.source_id, [whole])
            self._archive.store_quarantine(source.reading_id, 0, frame)
            self._archive.trim_quarantine(source.reading_id, [0])


def _with_times(rows: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The rows with their time of receipt; of capture, where they state none, their source's."""
    is_unsaid = pl.col("captured_at").is_null()
    of_source = pl.lit(source.captured_precision, pl.String)
    return rows.with_columns(
        captured_at=pl.coalesce("captured_at", pl.lit(source.captured_at, UTC_TIME)),
        captured_precision=pl.when(is_unsaid).then(of_source).otherwise("captured_precision"),
        received_at=pl.lit(source.received_at, UTC_TIME),
    )


def _count_flaws(facts: Facts, report: PartReport) -> None:
    flaws = facts.flaws()
    report.flawed += flaws["position"].n_unique()
    count_reasons(report.flaws, flaws.select("flaw", "place").iter_rows())
