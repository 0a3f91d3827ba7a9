"""Open the graph: a Neo4j by its address, or the embedded engine in a folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.address import ServerAddress
from graph.embedded import check_free, own, remove, serve
from graph.session import Graph, connect
from graph.statements import CLEAR_GRAPH, REMOVE_POINTER

__all__ = (
    "Graph",
    "ServerAddress",
    "check_free",
    "clear",
    "keep_graph",
    "open_graph",
    "remove_graph",
)

CLEARED_AT_ONCE = 1_000


@contextmanager
def open_graph(folder: Path, server: ServerAddress | None) -> Iterator[Graph]:
    """Open the graph until the block ends.

    Args:
        folder: where the embedded engine keeps its graph; unused with a server.
        server: a Neo4j; None: the embedded engine. The first process to open its folder owns it
            and serves it on loopback; others join the owner over Bolt, and depend on it.

    Raises:
        GraphUnavailable: the server, or the folder's owner, does not answer.
    """
    if server is not None:
        with connect(server) as graph:
            yield graph
    else:
        with serve(folder) as address, connect(address) as graph:
            yield graph


@contextmanager
def keep_graph(
    folder: Path, server: ServerAddress | None, waiting: Callable[[str], None]
) -> Iterator[Graph]:
    """Open the graph for long, until the block ends: the embedded one is owned, never joined.

    Args:
        folder: where the embedded engine keeps its graph; unused with a server.
        server: a Neo4j; None: the embedded engine.
        waiting: is told which process owns the folder, if one does; then this waits for its end.

    Raises:
        GraphUnavailable: the server does not answer, or the engine does not start.
    """
    if server is not None:
        with connect(server) as graph:
            yield graph
    else:
        with own(folder, waiting) as address, connect(address) as graph:
            yield graph


def remove_graph(folder: Path, server: ServerAddress | None) -> None:
    """Remove all that was ever published to a graph: the embedded engine's files, or both slots.

    Args:
        folder: where the embedded engine keeps its graph; unused with a server.
        server: a Neo4j; None: the embedded engine.

    Raises:
        Busy: a process owns the embedded graph.
        GraphUnavailable: the server does not answer.
    """
    if server is None:
        remove(folder)
    else:
        with connect(server) as graph:
            clear(graph)


def clear(graph: Graph) -> None:
    """Remove the pointer, then everything that publications wrote; other nodes stay."""
    graph.write(REMOVE_POINTER)
    while graph.write(CLEAR_GRAPH, limit=CLEARED_AT_ONCE)[0]["removed"]:
        pass
