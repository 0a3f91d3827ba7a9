"""`samehand view`: named sets of sources and compartments, each with a graph of its own."""

import json
from typing import Annotated

import polars as pl
import typer

from api.commands.options import JsonOption, WhyOption, WorkspaceOption, open_workspace
from api.commands.published import print_rows
from api.opened import server_address
from api.recorded import record_read
from api.settings import Settings, utc_now
from api.terminal import plain
from api.viewing import remove_view_and_graph
from evidence.acts import Act
from evidence.ledger import Ledger
from evidence.source_names import source_named
from evidence.views import ALL, View, add_view, readings_in, view_named, views

app = typer.Typer(help="Views: who may see which sources.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="The view.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Small letters, digits, hyphens; not used before.")],
    why: WhyOption,
    sources: Annotated[
        str, typer.Option(help="Sources it shows, by file name or id, separated by commas.")
    ] = "",
    compartments: Annotated[
        str, typer.Option(help="Compartments whose sources it shows, separated by commas.")
    ] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Make a view: the sources in force that are named or stand in a named compartment."""
    with Ledger.open(open_workspace(workspace)) as ledger:
        ids = tuple(source_named(ledger, source).source_id for source in _listed(sources))
        act = Act(Settings().actor, why, utc_now())
        made = add_view(ledger, name, ids, _listed(compartments), act)
        shown = len(readings_in(ledger, name))
    typer.echo(f"view {made.name}: {shown} sources in force; `samehand recompute --view {name}`")


@app.command("list")
def list_views(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the views: how many sources each shows, and its published run."""
    place = open_workspace(workspace)
    record_read(place, "list views", "")
    with Ledger.open(place) as ledger:
        made = {view.name: view for view in views(ledger)}
        rows = [
            {
                "view": name,
                "sources": len(readings_in(ledger, name)),
                "published_run": ledger.published_run(name),
                "made_by": made[name].person if name in made else None,
                "why": made[name].reason if name in made else "everything in force",
            }
            for name in (ALL, *made)
        ]
    print_rows(pl.DataFrame(rows, infer_schema_length=None), as_csv=False, as_json=as_json)


@app.command("show")
def show(
    name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show what a view was made of, and which sources it shows now."""
    place = open_workspace(workspace)
    record_read(place, "show view", name)
    with Ledger.open(place) as ledger:
        view = view_named(ledger, name)
        readings = readings_in(ledger, name)
        names = {source.reading_id: source.name for source in ledger.sources()}
    if as_json:
        typer.echo(json.dumps(_said(view) | {"in_force": readings}, indent=1))
        return
    for field, value in _said(view).items():
        typer.echo(f"{field:<14}{plain(value if isinstance(value, str) else ', '.join(value))}")
    for reading in readings:
        typer.echo(f"{'shows':<14}{reading[:12]}  {plain(names[reading])}")


@app.command("remove")
def remove(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Remove a view with its runs and its graph; its name is not given again."""
    place = open_workspace(workspace)
    remove_view_and_graph(place, server_address(Settings(), name), name)
    typer.echo(f"view {name} is removed, with its runs and its graph")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _said(view: View) -> dict[str, str | list[str]]:
    return {
        "view": view.name,
        "sources": list(view.source_ids),
        "compartments": list(view.compartments),
        "made_by": view.person,
        "why": view.reason,
        "made_at": view.made_at.isoformat(),
    }
