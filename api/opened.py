"""Everything the service reads from, opened for as long as it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.agreement import record_shown
from api.doors import Doors
from api.settings import Settings, utc_now
from evidence.audit import AuditLog
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.workspace import Workspace
from graph.connection import ServerAddress, keep_graph
from graph.store import GraphStore
from linkage.run_store import RunStore

BOLT_SCHEMES = ("bolt://", "bolt+s://", "bolt+ssc://", "neo4j://", "neo4j+s://", "neo4j+ssc://")


@contextmanager
def open_doors(
    workspace: Workspace, settings: Settings, say: Callable[[str], None]
) -> Iterator[Doors]:
    """The workspace's doors; the embedded graph is owned until they close.

    While another process owns it, such as a recomputation that publishes, this waits for its end
    and says so; later ones join.

    Raises:
        GraphUnavailable: the graph cannot be opened or reached.
    """
    server = server_address(settings)

    def waiting(holder: str) -> None:
        say(
            f"{holder}, owns the graph of {workspace.root}; waiting until it ends (Ctrl-C gives up)"
        )

    with (
        Ledger.open(workspace) as ledger,
        keep_graph(workspace.graph, server, waiting) as graph,
    ):
        store, runs = GraphStore(graph), RunStore(workspace.runs)
        record_shown(ledger, runs, store)
        yield Doors(
            graph=store,
            runs=runs,
            ledger=ledger,
            audit=AuditLog(workspace),
            clock=utc_now,
            actor=settings.actor,
        )


def server_address(settings: Settings) -> ServerAddress | None:
    """The Neo4j that the settings name; None for the embedded graph.

    Raises:
        RefusedInput: the address is not one of Bolt.
    """
    if settings.neo4j_uri is None:
        return None
    if not settings.neo4j_uri.startswith(BOLT_SCHEMES):
        raise RefusedInput(
            f"SAMEHAND_NEO4J_URI: {settings.neo4j_uri!r} is no Bolt address; "
            "write bolt://HOST:7687 or neo4j://HOST:7687"
        )
    secret = settings.neo4j_password
    password = secret.get_secret_value() if secret else ""
    return ServerAddress(settings.neo4j_uri, settings.neo4j_user, password)
