"""`samehand changes`: what is otherwise than in the run before, and why."""

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
from api.commands.published import print_rows, published_tables
from api.recorded import record_read
from evidence.views import ALL


def changes(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    persona: Annotated[str | None, typer.Option(help="Only this persona.")] = None,
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
    (rows,) = published_tables(place, "changes", view=view)
    if persona is not None:
        rows = rows.filter(subject=persona)
    if count:
        rows = rows.group_by("kind", "cause").agg(count=pl.len()).sort("kind", "cause")
    print_rows(rows, as_csv, as_json)
