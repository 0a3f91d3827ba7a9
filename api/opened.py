"""Everything the service reads from, opened for as long as it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from api.agreement import record_shown
from api.doors import Doors
from api.questions import Questions
from api.settings import Settings, utc_now
from evidence.audit import AuditLog
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from graph.connection import ServerAddress, keep_graph
from graph.store import GraphStore
from linkage.run_store import RunStore

BOLT_SCHEMES = ("bolt://", "bolt+s://", "bolt+ssc://", "neo4j://", "neo4j+s://", "neo4j+ssc://")


@contextmanager
def open_doors(
    workspace: Workspace, settings: Settings, say: Callable[[str], None], view: str = ALL
) -> Iterator[Doors]:
    """A view's doors; its embedded graph is owned until they close.

    While another process owns it, such as a recomputation that publishes, this waits for its end
    and says so; later ones join.

    Raises:
        GraphUnavailable: the graph cannot be opened or reached.
        UnknownThing: there is no such view.
        RefusedInput: the graph that the settings name is another view's.
    """
    server = server_address(settings, view)

    def waiting(holder: str) -> None:
        say(
            f"{holder}, owns the graph of {workspace.root}; waiting until it ends (Ctrl-C gives up)"
        )

    with (
        Ledger.open(workspace) as ledger,
        keep_graph(_folder(workspace, ledger, view), server, waiting) as graph,
    ):
        store, runs = GraphStore(graph, view), RunStore(workspace.runs, view)
        record_shown(ledger, runs, store, view)
        yield Doors(
            graph=store,
            runs=runs,
            ledger=ledger,
            audit=AuditLog(workspace),
            clock=utc_now,
            actor=settings.actor,
            questions=Questions(workspace, ledger, view),
            view=view,
        )


def server_address(settings: Settings, view: str = ALL) -> ServerAddress | None:
    """The Neo4j that the settings name for a view; None for the embedded graph.

    Raises:
        RefusedInput: an address is not one of Bolt, or is named for two views.
    """
    uri = _addresses(settings).get(view)
    if uri is None:
        return None
    secret = settings.neo4j_password
    password = secret.get_secret_value() if secret else ""
    return ServerAddress(uri, settings.neo4j_user, password)


def _addresses(settings: Settings) -> dict[str, str]:
    """Bolt addresses by view."""
    pairs = [part.partition("=") for part in (settings.neo4j_uris or "").split(";") if part.strip()]
    named = [("SAMEHAND_NEO4J_URIS", name.strip(), uri.strip()) for name, _, uri in pairs]
    if settings.neo4j_uri is not None:
        named.append(("SAMEHAND_NEO4J_URI", ALL, settings.neo4j_uri))
    found: dict[str, str] = {}
    for setting, name, uri in named:
        if not uri.startswith(BOLT_SCHEMES):
            head = "VIEW=" if setting.endswith("URIS") else ""
            raise RefusedInput(
                f"{setting}: {uri!r} is no Bolt address; "
                f"write {head}bolt://HOST:7687 or {head}neo4j://HOST:7687"
            )
        if name in found or uri in found.values():
            raise RefusedInput(
                f"{setting}: each view needs one address, and one of its own ({name})"
            )
        found[name] = uri
    return found


def _folder(workspace: Workspace, ledger: Ledger, view: str) -> Path:
    """Where a view's embedded graph is; raises UnknownThing where there is no such view."""
    readings_in(ledger, view)
    return workspace.graph_of(view)
