"""`samehand markets`: the catalogue of markets, and the list of it that is published."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.options import JsonOption, WorkspaceOption, open_workspace, workspace_at
from api.settings import Settings, utc_now
from api.terminal import plain
from evidence.archive import Archive
from evidence.intake.intake import take_in
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger

app = typer.Typer(help="The catalogue of markets.", no_args_is_help=True)
LONG = {"year": "%Y", "month": "%Y-%m"}


@app.command("list")
def list_markets(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the markets that were described; with --json also where that is published."""
    place = open_workspace(workspace)
    with Ledger.open(place) as ledger:
        rows = Archive(place).markets(ledger.in_force())
    rows = rows.unique("market", keep="first", maintain_order=True).sort("market")
    if as_json:
        typer.echo(json.dumps(rows.drop("row_id", "flaws").to_dicts(), default=str))
    elif rows.is_empty():
        typer.echo("no market was described; `samehand markets add-known` takes in the known ones")
    else:
        Console().print(_table(rows))


@app.command("add-known")
def add_known(workspace: WorkspaceOption = None) -> None:
    """Take in the markets whose life cycle has a public source; `source withdraw` undoes it."""
    known = resources.files("evidence") / "catalogue" / "known-markets.csv"
    wish = Wish(kind="markets", person=Settings().actor)
    with resources.as_file(known) as path:
        (report,) = take_in([Path(path)], wish, workspace_at(workspace), utc_now()).files
    typer.echo(f"{report.stored} markets added, {report.already_there} were there already")


def _table(rows: pl.DataFrame) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("market", "kind", "opened", "closed", "reason", "also", "serves"):
        table.add_column(name, overflow="fold")
    for row in rows.iter_rows(named=True):
        dates = (_date(row, "opened"), _date(row, "closed"))
        also = "; ".join(row["aliases"] or ())
        said = (row["market"], row["kind"], *dates, row["reason"], also, row["belongs_to"])
        table.add_row(*(Text(plain(cell) or "-") for cell in said))
    return table


def _date(row: dict[str, Any], side: str) -> str | None:
    """A date as exactly as it is known."""
    at, precision = row[f"{side}_at"], row[f"{side}_precision"]
    return None if at is None else at.strftime(LONG.get(precision, "%Y-%m-%d"))
