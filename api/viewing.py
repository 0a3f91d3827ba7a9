"""Removing a view: what it published goes first, so that a view that is there shows what it is."""

from evidence.durable import remove_folder
from evidence.ledger import Ledger
from evidence.only_one import one_after_another, only_one
from evidence.views import remove_view, view_named
from evidence.workspace import Workspace
from graph.connection import ServerAddress, remove_graph
from linkage.kept_basis import KeptBasis
from linkage.run_store import RunStore


def remove_view_and_graph(workspace: Workspace, server: ServerAddress | None, name: str) -> None:
    """Remove a view, its runs and its graph; cut off, it is completed by repeating it.

    Raises:
        UnknownThing: there is no such view.
        Busy: another process recomputes, or serves the view's graph.
        GraphUnavailable: its Neo4j does not answer.
    """
    with (
        only_one(workspace.root / "recompute.lock", "recomputes"),
        Ledger.open(workspace) as ledger,
    ):
        view_named(ledger, name)
        folder, runs = workspace.graph_of(name), RunStore(workspace.runs, name)
        remove_graph(folder, server)
        remove_folder(folder)
        for run_id in runs.run_ids():
            runs.remove(run_id)
        remove_view(ledger, name)
        with one_after_another(workspace.cache_lock):
            KeptBasis(workspace.bases, name).forget()
