"""What the commands that print the published run share: reading it, and rows on a terminal."""

import csv
import json
import re
import sys

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.agreement import settle
from api.opened import server_address
from api.settings import Settings
from api.terminal import plain
from evidence.errors import NotPublished
from evidence.ledger import Ledger
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from linkage.run_store import RunStore

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""A spreadsheet may run a cell that starts like this."""
SHORT_CHARS = 12
"""Columns of no more are never folded, nor is any but the widest if that leaves it `WIDEST_MIN`."""
WIDEST_MIN = 16
SHOWN_ROWS = 200
GAP = 2


def published_run(workspace: Workspace, view: str = ALL) -> str:
    """The id of a view's published run.

    Raises:
        NotPublished: there is none yet.
        UnknownThing: there is no such view.
    """
    with Ledger.open(workspace) as ledger:
        readings_in(ledger, view)
    settle(workspace, server_address(Settings(), view), view)
    with Ledger.open(workspace) as ledger:
        run_id = ledger.published_run(view)
    if run_id is None:
        raise NotPublished(workspace.root)
    return run_id


def published_tables(workspace: Workspace, *names: str, view: str = ALL) -> list[pl.DataFrame]:
    """Tables of a view's published run, all of one run; see `linkage.run_tables`.

    Raises:
        NotPublished: there is none yet.
        UnknownThing: there is no such view.
    """
    runs, run_id = RunStore(workspace.runs, view), published_run(workspace, view)
    return [runs.table(run_id, name).collect() for name in names]


def print_rows(rows: pl.DataFrame, as_csv: bool, as_json: bool) -> None:
    """Print rows as CSV, as JSON, or as a table for people (the first `SHOWN_ROWS`)."""
    if as_json:
        typer.echo(json.dumps(rows.to_dicts(), indent=1))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows([safe_cell(value) for value in row] for row in rows.iter_rows())
    else:
        _print_table(rows)


def safe_cell(value: object) -> object:
    """A cell of a CSV that no spreadsheet runs: a text that starts like a formula gets a `'`.

    Programs get the text back by taking one `'` from where `'*[=+-@TAB CR]` starts it.
    """
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def _print_table(rows: pl.DataFrame) -> None:
    if rows.is_empty():
        typer.echo("there is nothing to list")
        return
    console, table = Console(), Table(box=None, padding=(0, GAP, 0, 0))
    cells = [[_cell(value) for value in row] for row in rows.head(SHOWN_ROWS).iter_rows()]
    widths = [max(map(len, column)) for column in zip(rows.columns, *cells, strict=True)]
    left_over = console.width - sum(widths) - GAP * len(widths) + max(widths)
    for name, width in zip(rows.columns, widths, strict=True):
        narrow = width < max(widths) and left_over >= WIDEST_MIN
        table.add_column(name, overflow="fold", no_wrap=narrow or width <= SHORT_CHARS)
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)
    if rows.height > SHOWN_ROWS:
        typer.echo(f"the first {SHOWN_ROWS} of {rows.height:,}; --csv or --json prints all")


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else plain(value)
