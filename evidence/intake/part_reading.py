"""How one part of a delivered file is read, and what it says, chunk by chunk."""

from collections.abc import Iterator, Sequence
from itertools import chain

import polars as pl

from evidence.errors import RefusedInput
from evidence.formats.chunks import Chunk
from evidence.formats.columns import Reading
from evidence.formats.csv_records import Broken
from evidence.formats.parts import Part
from evidence.intake.deliveries import Delivered
from evidence.intake.facts import Extraction, Facts
from evidence.intake.intake_report import PartReport
from evidence.intake.pictures import PhotoFolder
from evidence.intake.wishes import Wish
from evidence.records import ACCOUNT_TABLES


class PartReading:
    """The reading of one part; its report is told how it is read, or why it is left aside."""

    def __init__(
        self,
        part: Part,
        wish: Wish,
        delivered: Delivered,
        photos: PhotoFolder,
        report: PartReport,
    ) -> None:
        self._part = part
        self._wish = wish
        self._delivered = delivered
        self._photos = photos
        self._report = report
        self._names: dict[str, None] = {}
        self._skipped: Sequence[str] = ()

    def facts(self) -> Iterator[tuple[Chunk, Facts]]:
        """Each chunk with what it says; where the part breaks off a broken row says so.

        A named part that says nothing to us is left aside, its rows are counted.

        Raises:
            RefusedInput: the part cannot be read from its start; or it is the whole file, and
                nothing says who owns its rows.
        """
        first = next(self._part.chunks, None)
        if first is None:
            return
        chunks = chain([first], _until_break(self._part.chunks))
        self._names, self._skipped = dict.fromkeys(first.cells.columns), first.skipped
        try:
            if self._part.why_left is not None:
                raise RefusedInput(self._part.why_left)
            extraction = self._extraction(self._reading())
        except RefusedInput as error:
            if self._part.name is None:
                raise
            self._leave_aside(chunks, str(error))
            return
        for chunk in chunks:
            extraction = self._widened(extraction, chunk)
            yield chunk, extraction.facts(chunk)

    def _reading(self, kind: str | None = None) -> Reading:
        names = list(self._names)
        if self._part.source_format is not None:
            return self._part.source_format.reading(names)
        return self._wish.reading(names, kind)

    def _widened(self, extraction: Extraction, chunk: Chunk) -> Extraction:
        """The extraction with the columns that a part names only now."""
        count = len(self._names)
        self._names |= dict.fromkeys(chunk.cells.columns)
        if len(self._names) == count:
            return extraction
        later = self._reading(extraction.reading.kind)
        return self._extraction(extraction.reading.widened(later))

    def _extraction(self, reading: Reading) -> Extraction:
        """How rows are read; the market is the column's, else --market, mapping or folder."""
        constant = reading.constants.get("market")
        market = self._wish.market or constant or self._delivered.market
        market_from: str | None
        if "market" in reading.columns:
            market_from = f"column {reading.columns['market']}"
        elif reading.kind not in ACCOUNT_TABLES:
            market_from = None
        elif market is None:
            raise RefusedInput("no column names the market; say --market NAME")
        else:
            market_from = reading.how if constant else f"folder {market}"
            market_from = "--market" if self._wish.market else market_from
        self._say(reading, market_from)
        name, word = self._part.name, self._part.place_word
        place_word = word if name is None else f"{name}, {word}"
        return Extraction(reading, market, place_word, self._photos)

    def _say(self, reading: Reading, market_from: str | None) -> None:
        report = self._report
        report.read_as, report.how, report.columns = reading.kind, reading.how, reading.columns
        report.market_from = market_from
        report.unread = reading.unread([*self._names, *self._skipped])

    def _leave_aside(self, chunks: Iterator[Chunk], why: str) -> None:
        count = sum(len(chunk.positions) + len(chunk.broken) for chunk in chunks)
        self._report.why_left = why
        self._report.left_aside += count
        self._report.rows_in += count


def _until_break(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks behind the first; a break becomes a broken row behind the last one."""
    at = 1
    try:
        for chunk in chunks:
            yield chunk
            at = max([at, *chunk.positions[-1:], *(broken.position for broken in chunk.broken)])
    except RefusedInput as error:
        yield Chunk(pl.DataFrame(), [], [], [Broken(at + 1, str(error), None)])
