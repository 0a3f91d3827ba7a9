"""Decisions in the ledger: what people ruled on pairs, one by one or a file of casework at a time.

A file of decisions is a source like any other: withdrawn, its decisions do not count; the same file
again adds nothing. A decision is never changed: who thinks otherwise later decides again.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from evidence.admission import admit, record_admitted
from evidence.archive import Archive
from evidence.erased import ERASED
from evidence.errors import RefusedInput
from evidence.formats.chunks import Chunk
from evidence.formats.csv_records import Broken
from evidence.formats.lines import open_regular
from evidence.formats.parsing import parse_time
from evidence.formats.readers import read_parts
from evidence.intake.deliveries import file_id
from evidence.intake.facts import NAME_LIMIT_CHARS
from evidence.intake.intake_report import Reason, count_reasons
from evidence.intake.quarantine import quarantine_rows
from evidence.intake.wishes import Wish
from evidence.ledger import BY_TIME, Ledger
from evidence.ledger_schema import DECISION_ROWS, SHOWN_ROWS
from evidence.persona_mates import forget_rulings, keep_mates, mates
from evidence.records import account_id, canonical
from evidence.second_person import RULED, Made, ruled_pairs
from evidence.sources import Source, source_of
from evidence.workspace import Workspace

RULINGS = {"1": "same", "0": "different", "": "unsure"}
"""What the column `same` of a file says."""
REQUIRED = ("market_a", "handle_a", "market_b", "handle_b", "same", "person", "reason")
OPTIONAL = ("decided_at", "source", "grade", "kind")
FORCES = COUNTS, AWAITS, RULED_AGAIN, OUT_OF_FORCE, BLANKED = (
    "counts",
    "awaits a second person",
    "ruled again later",
    "source out of force",
    "an account was erased",
)
"""What a decision on record is worth now."""


@dataclass(frozen=True)
class Shown:
    """How a pair stood when a person ruled on it: the evidence is what that run stored."""

    run_id: str
    """The run that was published then,"""
    view: str
    """of this view."""
    proposed: str | None
    """lead, strong, proved or copies; None where the run proposed nothing."""
    bits: float | None
    """Of the link; None where there was none."""


@dataclass(frozen=True)
class Decision:
    """What a person ruled on two accounts (by id), why and when (aware UTC)."""

    left: str
    right: str
    ruling: str
    """same, different or unsure."""
    person: str
    reason: str
    decided_at: datetime
    cites: str | None = None
    """What it rests on, as people cite it: a judgment, an indictment, a report."""
    grade: str = "unknown"
    """4x4 grade of that."""
    kind: str = "unknown"
    """What sort of pair it is, as the file says."""
    source_id: str | None = None
    """The file it came in; None where a person entered it."""
    number: int = 0
    """Its place in the ledger; 0 before it is there."""
    shown: Shown | None = None
    """None where nothing was published, or where the decision came in a file."""

    def __post_init__(self) -> None:
        """Hold what every decision needs; raises RefusedInput."""
        if self.ruling not in RULED:
            raise RefusedInput(f"{self.ruling!r} is no ruling; there are {', '.join(RULED)}")
        if self.left == self.right:
            raise RefusedInput(f"{self.left} twice: a decision is on two accounts")
        if not self.person.strip() or not self.reason.strip():
            raise RefusedInput("a decision needs a person and a reason")


@dataclass
class ImportReport:
    """What became of a file of decisions: `rows_in` = stored + already_there + quarantined."""

    name: str
    source_id: str
    rows_in: int = 0
    stored: int = 0
    already_there: int = 0
    quarantined: int = 0
    reasons: dict[str, Reason] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    """Ids of the accounts that the stored decisions name."""


def decide(ledger: Ledger, decision: Decision) -> int:
    """Enter one decision; its number in the ledger."""
    with ledger.writing() as connection:
        added = connection.execute(insert(DECISION_ROWS), _row(decision)).inserted_primary_key
        number = int(added[0]) if added else 0
        keep_mates(connection, DECISION_ROWS.c.number == number)
        if decision.shown is not None:
            row = asdict(decision.shown) | {"number": number}
            connection.execute(insert(SHOWN_ROWS), row)
    return number


def decisions(ledger: Ledger) -> list[Decision]:
    """Every decision in the order of time, those of sources out of force among them."""
    with ledger.reading() as connection:
        known = connection.execute(select(SHOWN_ROWS)).all()
        shown = {number: Shown(*how) for number, *how in known}
        rows = connection.execute(select(DECISION_ROWS).order_by(*BY_TIME)).mappings()
        return [Decision(**row, shown=shown.get(row["number"])) for row in rows]


def on_record(
    ledger: Ledger, readings: Collection[str] | None = None
) -> list[tuple[Decision, str]]:
    """Every decision in the order of time, and what it is worth now: one of `FORCES`.

    The last one on each pair counts, of those whose source is in force; one that joins two
    confirmed personas awaits a second person (see `second_person`).

    Args:
        ledger: where they are.
        readings: decisions are told that came from these or from none, those of other sources
            left out altogether; None: all, those of sources out of force among them.
    """
    counted = {source_of(name) for name in (ledger.in_force() if readings is None else readings)}
    made = decisions(ledger)
    heard = [d for d in made if d.source_id is None or d.source_id in counted]
    whole = [d for d in heard if ERASED not in (d.left, d.right)]
    with ledger.reading() as connection:
        beside = mates(connection)
    ruled = ruled_pairs(Made(d.left, d.right, d.ruling, d.person, *beside[d.number]) for d in whole)
    force = dict.fromkeys((d.number for d in heard), BLANKED)
    force |= dict.fromkeys((d.number for d in whole), RULED_AGAIN)
    last = {(min(d.left, d.right), max(d.left, d.right)): d.number for d in whole}
    force |= {last[pair]: AWAITS if ruled[pair].awaits else COUNTS for pair in last}
    told = made if readings is None else heard
    return [(decision, force.get(decision.number, OUT_OF_FORCE)) for decision in told]


def counting(ledger: Ledger) -> list[Decision]:
    """The decisions that count, in the order of time."""
    return [decision for decision, force in on_record(ledger) if force == COUNTS]


def import_decisions(path: Path, wish: Wish, workspace: Workspace, now: datetime) -> ImportReport:
    """Read a file of decisions into the ledger.

    A table in any form that intake reads, with the columns of `REQUIRED` and maybe `OPTIONAL`;
    `same` is 1, 0, or empty for unsure. A row that cannot be read is quarantined with line and
    reason, the others go in. A decision without `decided_at` was decided now. Accounts need not be
    known: evidence comes late.

    Args:
        path: the file.
        wish: what the person says of it as a source.
        workspace: where it goes.
        now: time of receipt, aware UTC.

    Raises:
        RefusedInput: the file cannot be read, or lacks a column; nothing is kept of it.
        Busy: another process is taking files in.
    """
    source_id, size_bytes = file_id(path)
    archive = Archive(workspace)
    with archive.writing(), Ledger.open(workspace) as ledger:
        source = admit(ledger, Source(source_id, path.name, size_bytes, now), wish)
        is_known = ledger.source(source_id) is not None
        good, bad, report = _read(path, source, now)
        report.stored = 0 if is_known else len(good)
        report.already_there = len(good) - report.stored
        if not is_known:
            _keep(ledger, source_id, good)
        _quarantine(archive, path.name, source, bad)
        record_admitted(ledger, source, wish.person, now)
    return report


def _keep(ledger: Ledger, source_id: str, good: list[Decision]) -> None:
    """All decisions of a file; what an import that was cut off had left of it goes first."""
    with ledger.writing() as connection:
        forget_rulings(connection, source_id)
        if good:
            connection.execute(insert(DECISION_ROWS), [_row(decision) for decision in good])
            keep_mates(connection, DECISION_ROWS.c.source_id == source_id)


def _read(
    path: Path, source: Source, now: datetime
) -> tuple[list[Decision], list[Broken], ImportReport]:
    report = ImportReport(path.name, source.source_id)
    good: list[Decision] = []
    bad: list[Broken] = []
    for chunk in _chunks(path):
        bad += chunk.broken
        rows = zip(chunk.positions, chunk.raws, chunk.cells.iter_rows(named=True), strict=True)
        for position, raw, cells in rows:
            try:
                said = {name: cell or "" for name, cell in cells.items()}
                good.append(_decision(dict.fromkeys(REQUIRED, "") | said, source, now))
            except RefusedInput as error:
                bad.append(Broken(position, str(error), raw))
    bad.sort(key=lambda broken: broken.position)
    report.rows_in, report.quarantined = len(good) + len(bad), len(bad)
    count_reasons(report.reasons, ((b.reason, f"line {b.position}") for b in bad))
    report.accounts = {account for d in good for account in (d.left, d.right)}
    return good, bad, report


def _chunks(path: Path) -> Iterator[Chunk]:
    with open_regular(path) as stream:
        for part in read_parts(stream, path):
            for number, chunk in enumerate(part.chunks):
                missing = [name for name in REQUIRED if name not in chunk.cells.columns]
                if missing and number == 0:
                    raise RefusedInput(
                        f"{path}: no column {', '.join(missing)}; a file of decisions has "
                        f"{', '.join(REQUIRED)}, and may have {', '.join(OPTIONAL)}"
                    )
                yield chunk


def _decision(cells: dict[str, str], source: Source, now: datetime) -> Decision:
    if cells["same"].strip() not in RULINGS:
        raise RefusedInput(f"`same` is {cells['same']!r}; it must be 1, 0, or empty for unsure")
    left, right = (_account(cells, side) for side in ("a", "b"))
    said = cells.get("decided_at", "").strip()
    moment = parse_time(said) if said else None
    if said and moment is None:
        raise RefusedInput("decided_at: not a date")
    return Decision(
        left=left,
        right=right,
        ruling=RULINGS[cells["same"].strip()],
        person=cells["person"].strip(),
        reason=cells["reason"].strip(),
        decided_at=moment.at if moment else now.astimezone(UTC),
        cites=cells.get("source", "").strip() or None,
        grade=cells.get("grade", "").strip() or "unknown",
        kind=cells.get("kind", "").strip() or "unknown",
        source_id=source.source_id,
    )


def _account(cells: dict[str, str], side: str) -> str:
    market, handle = (canonical(cells[f"{part}_{side}"]) for part in ("market", "handle"))
    if not market or not handle:
        raise RefusedInput(f"no market_{side} or no handle_{side}")
    if ":" in market or max(len(market), len(handle)) > NAME_LIMIT_CHARS:
        raise RefusedInput(f"market_{side} or handle_{side} is no name that an account can have")
    return account_id(market, handle)


def _quarantine(archive: Archive, name: str, source: Source, bad: list[Broken]) -> None:
    if bad:
        frame = quarantine_rows(source.source_id, [(name, broken) for broken in bad])
        archive.store_quarantine(source.reading_id, 0, frame)
    archive.trim_quarantine(source.reading_id, [0] if bad else [])


def _row(decision: Decision) -> dict[str, object]:
    return {
        name: value for name, value in asdict(decision).items() if name not in ("number", "shown")
    }
