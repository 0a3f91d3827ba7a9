"""What an intake did with every file, for people and for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field


@dataclass
class Reason:
    """A reason, how many rows it met, and the place of the first."""

    count: int
    first: str


@dataclass
class FileReport:
    """What became of one file: `rows_in` = stored + already_there + quarantined, by its rows.

    `read_as`, `market_from`, `columns` (what it is to us: the file's column) and `unread` say how
    it was read; `tables` counts the new and the known rows by table, keys and photos that stood in
    the rows among them. `refused` is the reason why the whole file was refused, else None.
    """

    name: str
    source_id: str | None = None
    read_as: str | None = None
    how: str | None = None
    market_from: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    rows_in: int = 0
    stored: int = 0
    already_there: int = 0
    quarantined: int = 0
    flawed: int = 0
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    quarantine_reasons: dict[str, Reason] = field(default_factory=dict)
    flaws: dict[str, Reason] = field(default_factory=dict)
    refused: str | None = None

    def count_table(self, name: str, stored: int, already: int) -> None:
        """Add to the counts of a table."""
        counts = self.tables.setdefault(name, {"stored": 0, "already_there": 0})
        counts["stored"] += stored
        counts["already_there"] += already

    def check(self) -> None:
        """Hold the books: every row that came in is somewhere."""
        accounted = self.stored + self.already_there + self.quarantined
        assert self.rows_in == accounted, f"{self.name}: {self.rows_in} rows in, {accounted} found"


@dataclass(frozen=True)
class IntakeReport:
    """The reports of all files, and the names of those that are no tables and were left aside."""

    files: list[FileReport]
    left_aside: list[str]

    @property
    def any_refused(self) -> bool:
        """Whether a whole file was refused."""
        return any(report.refused is not None for report in self.files)

    def as_dict(self) -> dict[str, object]:
        """The report as plain values, for JSON."""
        return asdict(self)


def count_reasons(into: dict[str, Reason], met: Iterable[tuple[str, str]]) -> None:
    """Count (reason, place) pairs; the first place of a reason stays."""
    for reason, place in met:
        if reason in into:
            into[reason].count += 1
        else:
            into[reason] = Reason(1, place)
