"""Intake: files in, facts out; every row stored, known already, or quarantined with its reason.

Invariant: a source is recorded in the ledger only after its last batch is on disk, and a batch is
there whole or not at all (see `archive`). So an intake that was cut off is completed by repeating
it, and until then no corpus shows any of that file. `admission` says which source it becomes.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidence.archive import Archive
from evidence.errors import RefusedInput
from evidence.intake.deliveries import Deliveries, find_deliveries
from evidence.intake.file_intake import FileIntake
from evidence.intake.intake_report import FileReport, IntakeReport
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.workspace import Workspace

__all__ = ("Progress", "Wish", "take_in")


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
        RefusedInput: several files are to replace one source.
    """
    with closing(find_deliveries(paths, photo_folders=wish.kind == "photos")) as found:
        return _take_found(found, wish, workspace, now, watch)


def _take_found(
    found: Deliveries,
    wish: Wish,
    workspace: Workspace,
    now: datetime,
    watch: Callable[[Progress], None],
) -> IntakeReport:
    if wish.replaces is not None and len(found.files) > 1:
        raise RefusedInput(
            f"--replaces: one file replaces a source, and here are {len(found.files)}"
        )
    reports = [FileReport(name, refused=reason) for name, reason in found.refused]
    archive = Archive(workspace)
    with archive.writing(), Ledger.open(workspace) as ledger:
        for number, delivered in enumerate(found.files, 1):

            def tell(row_count: int, number: int = number, name: str = delivered.name) -> None:
                watch(Progress(number, len(found.files), name, row_count))

            reports.append(FileIntake(delivered, wish, archive, now, tell).run(ledger))
    return IntakeReport(reports, found.left_aside)
