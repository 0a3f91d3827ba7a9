"""A desk for tests of the intake: files written, taken in, and what the archive then holds."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from evidence.archive import Archive, load_corpus
from evidence.corpus import Corpus
from evidence.intake.intake import Wish, take_in
from evidence.intake.intake_report import FileReport, IntakeReport
from evidence.workspace import Workspace

NOW = datetime(2020, 1, 1, tzinfo=UTC)
LISTING_HEADER = "market,vendor,title,price,date\n"
JPEG = b"\xff\xd8\xff\xe0 head \xff\xda a picture \xff\xd9"


class Desk:
    """A workspace and a delivery folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder / "workspace")
        self.delivery = folder / "delivery"
        self.delivery.mkdir()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.delivery / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
        return path

    def take(self, *paths: Path, wish: Wish | None = None) -> IntakeReport:
        return take_in(paths, wish or Wish(), self.workspace, NOW)

    def take_one(self, name: str, content: str | bytes, **wishes: object) -> FileReport:
        """Write a file, take it in, and check that its rows add up."""
        report = self.take(self.write(name, content), wish=Wish(**wishes)).files[0]
        report.check()
        return report

    def table(self, name: str) -> pl.DataFrame:
        return Archive(self.workspace).tables()[name]

    def rows(self, name: str, *columns: str) -> list[tuple[object, ...]]:
        """Rows of a table in the order of their places."""
        return self.table(name).sort("position").select(columns).rows()

    def quarantine(self) -> list[tuple[object, ...]]:
        return Archive(self.workspace).quarantine().select("file", "line", "reason").rows()

    def corpus(self) -> Corpus:
        return load_corpus(self.workspace)
