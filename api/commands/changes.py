"""`samehand changes`: what is otherwise than in the run before, and why."""

from collections.abc import Collection
from typing import Annotated

import polars as pl
import typer

from api.commands.options import (
    CsvOption,
    JsonOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import print_rows, published_run, published_tables
from api.recorded import record_read
from api.terminal import plain
from evidence.errors import UnknownThing
from evidence.ledger import Ledger
from evidence.views import ALL
from evidence.workspace import Workspace
from linkage.persona_changes import PERSONA_CHANGED


def changes(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    persona: Annotated[
        str | None, typer.Option(help="Only this persona, by an id of now or before.")
    ] = None,
    count: Annotated[
        bool, typer.Option("--count", help="How many of each kind and cause.")
    ] = False,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the links and personas that the published run has otherwise than the one before it.

    Each with its cause: decision, new data, corrected data, withdrawn data, public value, model,
    program or first run; where several bear on it, all of them.
    """
    place = open_workspace(workspace)
    record_read(place, "read changes", persona or "", view)
    rows, members = published_tables(place, "changes", "members", view=view)
    if persona is not None:
        rows = rows.filter(kind=PERSONA_CHANGED)
        known = {*rows["subject"], *members["persona_id"]}
        rows = rows.filter(subject=_today(place, view, persona, known))
    if count:
        rows = rows.group_by("kind", "cause").agg(count=pl.len()).sort("kind", "cause")
    print_rows(rows, as_csv, as_json)


def _today(place: Workspace, view: str, persona: str, known: Collection[str]) -> str:
    """The id under which the published run knows a persona; says so where it is another one."""
    if persona in known:
        return persona
    run_id = published_run(place, view)
    with Ledger.open(place) as ledger:
        today = ledger.resolve_persona(persona, run_id, view)
    if today not in known:
        raise UnknownThing("persona", persona)
    typer.echo(f"{plain(persona)} is {today} today", err=True)
    return today
