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

from api.commands.options import JsonOption, WorkspaceOption, open_workspace
from api.settings import utc_now
from evidence.intake import Progress, Wish, take_in
from evidence.intake_report import FileReport, IntakeReport, Reason
from evidence.mapping import load_format

Kind = Literal["accounts", "listings", "posts", "keys", "photos", "markets"]
LEFT_ASIDE_SHOWN = 5

PathsArgument = Annotated[list[Path], typer.Argument(help="Files, or folders of them.")]
MarketOption = Annotated[str | None, typer.Option(help="Market of the rows that name none.")]
KindOption = Annotated[
    Kind | None, typer.Option("--as", help="What the rows are; guessed where not said.")
]
MapOption = Annotated[
    str | None, typer.Option("--map", help="A named source format, or a TOML file of one.")
]


def intake(
    paths: PathsArgument,
    market: MarketOption = None,
    kind: KindOption = None,
    mapping: MapOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files in: CSV, JSON lines, Parquet, photos; the same file twice adds nothing."""
    wish = Wish(market, kind, load_format(mapping) if mapping is not None else None)
    with _progress_bar() as watch:
        report = take_in(paths, wish, open_workspace(workspace), utc_now(), watch)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print_report(report, Console())
    if report.any_refused:
        raise typer.Exit(1)


@contextmanager
def _progress_bar() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    rows = TextColumn("{task.fields[rows]:,} rows")
    console = Console(stderr=True)
    with Bar(
        *columns, rows, console=console, transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("files", total=None, rows=0)

        def watch(progress: Progress) -> None:
            bar.update(
                task,
                description=progress.name,
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
        counts = (file.rows_in, file.stored, file.already_there, file.quarantined, file.flawed)
        cells = ("-",) * 5 if file.refused else (f"{count:,}" for count in counts)
        table.add_row(Text(_plain(file.name)), file.read_as or "refused", *cells)
    console.print(table)
    for file in report.files:
        _print_details(file, console)
    if report.left_aside:
        names = ", ".join(report.left_aside[:LEFT_ASIDE_SHOWN])
        _say(f"Left aside, no tables: {len(report.left_aside)} ({names})", console)


def _print_details(file: FileReport, console: Console) -> None:
    if file.refused is not None:
        _say(f"{file.name}: refused: {file.refused}", console)
        return
    _say(f"{file.name}: {_how(file)}", console)
    _print_reasons("quarantined", file.quarantine_reasons, console)
    _print_reasons("kept, a part unread", file.flaws, console)


def _print_reasons(what: str, reasons: dict[str, Reason], console: Console) -> None:
    for text, reason in reasons.items():
        _say(f"  {what}: {reason.count:,} x {text} (first: {reason.first})", console)


def _say(text: str, console: Console) -> None:
    console.print(_plain(text), markup=False, highlight=False, soft_wrap=True)


def _how(file: FileReport) -> str:
    """How the file was read, in a sentence."""
    roles = ", ".join(f"{role} = {column}" for role, column in file.columns.items())
    shown = [
        f"{counts['stored']:,} new {name}"
        for name, counts in file.tables.items()
        if name != file.read_as
    ]
    said = [f"{file.how}: {file.read_as} with {roles}", f"market from {file.market_from}"]
    if file.unread:
        said.append(f"unread: {', '.join(file.unread)}")
    return "; ".join([*said, *shown])


def _plain(text: str) -> str:
    """What a file said, without anything that moves a terminal's cursor."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
