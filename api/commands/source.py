"""`samehand source`: what was received, what stands in force, and taking it back."""

import json
from collections.abc import Callable
from typing import Annotated

import polars as pl
import typer

from api.commands.options import (
    JsonOption,
    ModelOption,
    WhyOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import print_rows
from api.commands.recompute import recompute_workspace
from api.erasing import Erasure
from api.erasing import erase as erase_everywhere
from api.opened import server_address
from api.recorded import record_read
from api.settings import Settings, utc_now
from api.source_answers import overdue, source_row, source_said
from api.terminal import plain
from evidence.acts import Act
from evidence.archive import Archive
from evidence.correction import restore as put_back
from evidence.correction import withdraw as take_back
from evidence.errors import UnknownThing
from evidence.ledger import Ledger
from evidence.source_names import source_named
from evidence.sources import Source
from evidence.tombstones import tombstone_of
from evidence.workspace import Workspace

app = typer.Typer(help="Sources: what was received, and taking it back.", no_args_is_help=True)
SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its file name, or 8 or more digits of its id.")
]


@app.command("list")
def list_sources(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every source: whose it is, how it is handled, whether it is in force."""
    place = open_workspace(workspace)
    record_read(place, "list sources", "")
    with Ledger.open(place) as ledger:
        rows = [source_row(source, utc_now()) for source in ledger.sources()]
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    shown = ("source", "name", "owner", "compartment", "tlp", "grade", "state", "due")
    cells = [
        {name: row[name] for name in shown} | {"source": str(row["source"])[:8]} for row in rows
    ]
    print_rows(pl.DataFrame(cells, schema=dict.fromkeys(shown, pl.String)), False, False)


@app.command("show")
def show(
    source: SourceArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show all that is known of a source: what was said of it, what it holds, what was done."""
    place = open_workspace(workspace)
    with Ledger.open(place) as ledger:
        found = source_named(ledger, source)
        record_read(place, "show source", found.source_id)
        said = source_said(found, ledger, Archive(place))
    if as_json:
        typer.echo(json.dumps(said, indent=1))
        return
    for line in _lines(said):
        typer.echo(line)
    for line in overdue(found, utc_now()):
        typer.echo(line)


@app.command("withdraw")
def withdraw(source: SourceArgument, why: WhyOption, workspace: WorkspaceOption = None) -> None:
    """Take a source out of force: it stays stored, and from the next run on nobody sees it."""
    _change(take_back, source, why, open_workspace(workspace))


@app.command("restore")
def restore(source: SourceArgument, why: WhyOption, workspace: WorkspaceOption = None) -> None:
    """Put a withdrawn or replaced source in force again."""
    _change(put_back, source, why, open_workspace(workspace))


@app.command("erase")
def erase(
    source: SourceArgument,
    why: WhyOption,
    workspace: WorkspaceOption = None,
    model: ModelOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a source from every store, for good, and recompute every published view without it."""
    place, act = open_workspace(workspace), Act(Settings().actor, why, utc_now())
    found = _to_erase(place, source)
    if found is None:
        typer.echo(f"{plain(source)} was erased before; the ledger's files are clean of it")
        return
    if not yes:
        typer.confirm(f"erase {plain(found.name)} ({found.source_id}) for good?", abort=True)
    work = Erasure(
        place,
        lambda view: server_address(Settings(), view),
        lambda view: recompute_workspace(place, view, model, quiet=True),
        act,
        typer.echo,
    )
    erase_everywhere(work, found)
    typer.echo("erased; the file itself, and copies outside the workspace, are yours to delete")


def _to_erase(place: Workspace, name: str) -> Source | None:
    """The source; None where it was erased before, its id given in full."""
    with Ledger.open(place) as ledger:
        try:
            return source_named(ledger, name)
        except UnknownThing:
            if tombstone_of(ledger, name) is None:
                raise
            ledger.scrub()
            return None


def _change(
    change: Callable[[Ledger, Source, Act], None], name: str, why: str, place: Workspace
) -> None:
    act = Act(Settings().actor, why, utc_now())
    with Ledger.open(place) as ledger:
        change(ledger, source_named(ledger, name), act)
        found = source_named(ledger, name)
    typer.echo(f"{plain(found.name)} is {found.state}; `samehand recompute` makes it count")


def _lines(said: dict[str, object]) -> list[str]:
    lines = []
    for field, value in said.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            text = ", ".join(f"{n}: {v}" for n, v in row.items()) if isinstance(row, dict) else row
            lines.append(f"{field:<20}{'-' if text is None else plain(text)}")
    return lines
