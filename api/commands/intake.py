"""`samehand intake`: files and folders into the archive, and what became of every row."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from api.commands.options import JsonOption, WorkspaceOption, workspace_at
from api.settings import Settings, utc_now
from api.terminal import plain
from evidence.formats.mapping import load_format
from evidence.formats.page_format import own_page_format
from evidence.intake.intake import Progress, Wish, take_in
from evidence.intake.intake_report import FileReport, IntakeReport, PartReport, Reason
from evidence.ledger import Ledger
from evidence.source_card import read_source_card
from evidence.source_names import source_named
from evidence.workspace import Workspace

Kind = Literal["accounts", "listings", "posts", "keys", "photos", "markets", "tags"]
LEFT_ASIDE_SHOWN = 5

PathsArgument = Annotated[list[Path], typer.Argument(help="Files, or folders or archives of them.")]
MarketOption = Annotated[str | None, typer.Option(help="Market of the rows that name none.")]
KindOption = Annotated[
    Kind | None, typer.Option("--as", help="What the rows are; guessed where not said.")
]
MapOption = Annotated[
    str | None,
    typer.Option("--map", help="A named source format, or a TOML file of one or of a page format."),
]
SourceOption = Annotated[
    Path | None,
    typer.Option("--source", help="TOML file that says whose it is, see docs/sources.md."),
]
ReplacesOption = Annotated[
    str | None, typer.Option(help="The source that this file corrects: its name or id.")
]


def intake(
    paths: PathsArgument,
    market: MarketOption = None,
    kind: KindOption = None,
    mapping: MapOption = None,
    source: SourceOption = None,
    replaces: ReplacesOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files in: tables, saved pages, photos, archives; the same file twice adds nothing."""
    place = workspace_at(workspace)
    pages = own_page_format(mapping) if mapping is not None else None
    wish = Wish(
        market,
        kind,
        load_format(mapping) if mapping is not None and pages is None else None,
        read_source_card(source) if source is not None else None,
        _source_id(place, replaces) if replaces is not None else None,
        Settings().actor,
        pages,
    )
    with _progress_bar() as watch:
        report = take_in(paths, wish, place, utc_now(), watch)
    if as_json:
        print(json.dumps(report.as_dict(), indent=2))
    else:
        _print_report(report, Console())
    if report.any_refused:
        raise typer.Exit(1)


def _source_id(place: Workspace, name: str) -> str:
    with Ledger.open(place.existing()) as ledger:
        return source_named(ledger, name).source_id


@contextmanager
def _progress_bar() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    rows = TextColumn("{task.fields[rows]:,} rows")
    console = Console(stderr=True)
    with Bar(
        *columns, rows, console=console, transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("files", total=None, rows=0)

        def watch(progress: Progress) -> None:
            bar.update(
                task,
                description=plain(progress.name),
                completed=progress.file_number - 1,
                total=progress.file_count,
                rows=progress.row_count,
            )

        yield watch


def _print_report(report: IntakeReport, console: Console) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("file", overflow="fold")
    table.add_column("read as", no_wrap=True)
    for name in ("rows in", "stored", "already\nthere", "quarantined", "flawed"):
        table.add_column(name, justify="right", no_wrap=True)
    for file in report.files:
        _add_rows(table, file)
    console.print(table)
    for file in report.files:
        _print_details(file, console)
    if report.left_aside:
        names = ", ".join(report.left_aside[:LEFT_ASIDE_SHOWN])
        _say(f"Left aside, no tables: {len(report.left_aside)} ({names})", console)


def _add_rows(table: Table, file: FileReport) -> None:
    """A line a part that was read, under the file's name."""
    name = Text(plain(file.name))
    if file.refused is not None:
        table.add_row(name, "refused", *("-",) * 5)
        return
    parts = [part for part in file.parts if part.rows_in > part.left_aside or not part.why_left]
    if any(part.name is not None for part in parts):
        table.add_row(name)
    for part in parts:
        counts = (part.rows_in, part.stored, part.already_there, part.quarantined, part.flawed)
        shown = name if part.name is None else Text(f"  {plain(part.name)}")
        table.add_row(shown, _read_as(part), *(f"{count:,}" for count in counts))


def _read_as(part: PartReport) -> str:
    """What a part was read as; nothing where none of its rows could be."""
    is_read = part.read_as is not None and (part.rows_in > part.quarantined or part.rows_in == 0)
    return part.read_as or "-" if is_read else "-"


def _print_details(file: FileReport, console: Console) -> None:
    if file.refused is not None:
        _say(f"{file.name}: refused: {file.refused.removeprefix(f'{file.name}: ')}", console)
        return
    for part in file.parts:
        name = file.name if part.name is None else f"{file.name}: {part.name}"
        if part.why_left is not None:
            count = "1 row" if part.left_aside == 1 else f"{part.left_aside:,} rows"
            _say(f"{file.name}: left aside: {part.name}, {count}: {part.why_left}", console)
        else:
            _say(f"{name}: {_how(part)}", console)
        _print_reasons("quarantined", part.quarantine_reasons, console)
        _print_reasons("kept, a part unread", part.flaws, console)


def _print_reasons(what: str, reasons: dict[str, Reason], console: Console) -> None:
    for text, reason in reasons.items():
        _say(f"  {what}: {reason.count:,} x {text} (first: {reason.first})", console)


def _say(text: str, console: Console) -> None:
    console.print(plain(text), markup=False, highlight=False, soft_wrap=True)


def _how(part: PartReport) -> str:
    """How a part was read, in a sentence."""
    if _read_as(part) == "-":
        return "nothing in it could be read"
    columns = part.columns.items()
    roles = ", ".join(role if role == column else f"{role} = {column}" for role, column in columns)
    shown = [
        f"{counts['stored']:,} new {name}"
        for name, counts in part.tables.items()
        if name != part.read_as
    ]
    said = [f"{part.how}: {part.read_as} with {roles}"]
    if part.market_from is not None:
        said.append(f"market from {part.market_from}")
    if part.unread:
        said.append(f"unread: {', '.join(part.unread)}")
    return "; ".join([*said, *shown])
