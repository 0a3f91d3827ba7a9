"""What an intake did with every file, for people and for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field


@dataclass
class Reason:
    """A reason, how many rows it met, and the place of the first."""

    count: int
    first: str


@dataclass
class PartReport:
    """What became of one table of a file.

    `rows_in` = stored + already_there + quarantined + left_aside, by its rows. `read_as`,
    `market_from`, `columns` (what it is to us: the file's column) and `unread` say how it was
    read, the market only of rows that belong to accounts; `tables` counts the new and the known
    rows by table, keys and photos that stood in the rows among them. `why_left` is the reason why
    rows were left aside, else None.
    """

    name: str | None
    read_as: str | None = None
    how: str | None = None
    market_from: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    rows_in: int = 0
    stored: int = 0
    already_there: int = 0
    quarantined: int = 0
    left_aside: int = 0
    flawed: int = 0
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    quarantine_reasons: dict[str, Reason] = field(default_factory=dict)
    flaws: dict[str, Reason] = field(default_factory=dict)
    why_left: str | None = None

    def count_table(self, name: str, stored: int, already: int) -> None:
        """Add to the counts of a table."""
        counts = self.tables.setdefault(name, {"stored": 0, "already_there": 0})
        counts["stored"] += stored
        counts["already_there"] += already


@dataclass
class FileReport:
    """What became of one file, part by part; `refused` is why the whole file was refused."""

    name: str
    source_id: str | None = None
    refused: str | None = None
    parts: list[PartReport] = field(default_factory=list)

    def part(self, name: str | None) -> PartReport:
        """The report of the part of that name, begun where there is none."""
        found = next((part for part in self.parts if part.name == name), None)
        if found is None:
            found = PartReport(name)
            self.parts.append(found)
        return found

    @property
    def rows_in(self) -> int:
        """Rows that came in."""
        return sum(part.rows_in for part in self.parts)

    @property
    def stored(self) -> int:
        """Rows that are new facts."""
        return sum(part.stored for part in self.parts)

    @property
    def already_there(self) -> int:
        """Rows that were known facts."""
        return sum(part.already_there for part in self.parts)

    @property
    def quarantined(self) -> int:
        """Rows that could not be read, kept with their reason."""
        return sum(part.quarantined for part in self.parts)

    @property
    def left_aside(self) -> int:
        """Rows of tables that say nothing to us."""
        return sum(part.left_aside for part in self.parts)

    @property
    def flawed(self) -> int:
        """Stored rows of which a part could not be read."""
        return sum(part.flawed for part in self.parts)

    def check(self) -> None:
        """Hold the books: every row that came in is somewhere."""
        for part in self.parts:
            accounted = part.stored + part.already_there + part.quarantined + part.left_aside
            where = self.name if part.name is None else f"{self.name}: {part.name}"
            assert part.rows_in == accounted, f"{where}: {part.rows_in} in, {accounted} found"

    def as_dict(self) -> dict[str, object]:
        """The report as plain values, with the sums over its parts."""
        names = ("rows_in", "stored", "already_there", "quarantined", "left_aside", "flawed")
        sums = {name: getattr(self, name) for name in names}
        said = asdict(self)
        return {**{name: said[name] for name in ("name", "source_id", "refused")}, **sums} | said


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
        files = [file.as_dict() for file in self.files]
        return {"files": files, "left_aside": self.left_aside}


def count_reasons(into: dict[str, Reason], met: Iterable[tuple[str, str]]) -> None:
    """Count (reason, place) pairs; the first place of a reason stays."""
    for reason, place in met:
        if reason in into:
            into[reason].count += 1
        else:
            into[reason] = Reason(1, place)
