"""The ledger follows the graph's pointer, also where a kill came between the two.

A publication moves the pointer, by which pages and programs read, and then records its run in the
ledger, by which commands and the next recomputation read.

Invariant: who goes by the ledger settles first. That costs nothing, unless a stored run is newer
than the recorded one: it is being published, was cut off or failed, and only the graph knows which.
"""

from contextlib import suppress

from evidence.errors import GraphUnavailable
from evidence.ledger import Ledger
from evidence.views import ALL
from evidence.workspace import Workspace
from graph.connection import ServerAddress, open_graph
from graph.store import GraphStore
from linkage.run_store import RunStore


def settle(workspace: Workspace, server: ServerAddress | None, view: str = ALL) -> None:
    """Record the run that readers of a view's graph see, where a kill came before that.

    Where the graph does not answer nobody reads it, and the ledger stays as it is.

    Args:
        workspace: whose ledger, runs and graph.
        server: the view's Neo4j; None: its embedded graph.
        view: which view.
    """
    runs = RunStore(workspace.runs, view)
    with Ledger.open(workspace) as ledger:
        if _unrecorded(ledger, runs, view):
            folder = workspace.graph_of(view)
            with suppress(GraphUnavailable), open_graph(folder, server) as graph:
                record_shown(ledger, runs, GraphStore(graph, view), view)


def record_shown(ledger: Ledger, runs: RunStore, graph: GraphStore, view: str = ALL) -> None:
    """Record the run under the graph's pointer as published, if the ledger is behind it.

    Raises:
        GraphUnavailable: the graph does not answer.
    """
    shown = graph.published()
    if shown is not None and shown.run_id in _unrecorded(ledger, runs, view):
        ledger.publish_run(shown.run_id, shown.run_hash, shown.published_at)


def _unrecorded(ledger: Ledger, runs: RunStore, view: str) -> list[str]:
    """The stored runs that are newer than the recorded one; ids begin with the time."""
    recorded = ledger.published_run(view) or ""
    return [run_id for run_id in runs.run_ids() if run_id > recorded]
