"""`samehand recompute`: the whole path over what the archive holds, then publish."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl
import typer

from api.active_model import model_for
from api.agreement import settle
from api.commands.options import (
    JsonOption,
    ModelOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.nightly import Night
from api.nightly import recompute as walk
from api.opened import server_address
from api.settings import Settings, utc_now
from api.stages import StageLog
from api.wording import expected_wrong
from evidence.errors import GraphUnavailable
from evidence.views import ALL
from evidence.workspace import Workspace
from graph.connection import ServerAddress, open_graph
from graph.publish import publish
from linkage.bands import BANDS
from linkage.run_store import RunSummary


def recompute(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute links and personas from the archive, store the run, and publish it."""
    summary = recompute_workspace(open_workspace(workspace), view, model, quiet=as_json)
    if as_json:
        typer.echo(summary.model_dump_json(indent=1))
        return
    counts = ", ".join(f"{count:,} {name}" for name, count in summary.counts.items())
    typer.echo(f"published run {summary.run_id}: {counts}")
    if summary.expected_wrong_count is not None:
        typer.echo(expected_wrong(_proposed(summary), summary.expected_wrong_count))
    typer.echo(f"run hash {summary.run_hash}")


def _proposed(summary: RunSummary) -> int:
    """How many links of one hand the run proposes."""
    return sum(summary.counts.get(band, 0) for band in BANDS)


def recompute_workspace(
    workspace: Workspace, view: str = ALL, model: str | None = None, quiet: bool = False
) -> RunSummary:
    """Recompute a workspace and publish to the graph of the settings; a line a stage.

    The process that owns the embedded graph may end while this one has joined it; so publication,
    which goes on where it was interrupted, is tried twice there: the second time this may own it.

    Args:
        workspace: the workspace.
        view: the view.
        model: what judges, see `active_model.model_for`.
        quiet: says nothing of the stages.

    Raises:
        Busy: another process recomputes it.
        UnknownThing: there is no such model, or no such view.
        GraphUnavailable: the graph does not answer; the run is stored but not published.
    """
    server = server_address(Settings(), view)

    def to_graph(tables: Mapping[str, pl.DataFrame], summary: RunSummary, at: datetime) -> None:
        try:
            _publish(workspace, server, tables, summary, at)
        except GraphUnavailable:
            if server is not None:
                raise
            _publish(workspace, server, tables, summary, at)

    def say(line: str) -> None:
        if not quiet:
            typer.echo(line)

    settle(workspace, server, view)
    return walk(
        Night(workspace, model_for(workspace, model), to_graph, utc_now, StageLog(say)), view
    )


def _publish(
    workspace: Workspace,
    server: ServerAddress | None,
    tables: Mapping[str, pl.DataFrame],
    summary: RunSummary,
    at: datetime,
) -> None:
    with open_graph(workspace.graph_of(summary.view), server) as graph:
        publish(graph, tables, summary, at)
