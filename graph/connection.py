"""Open the graph: a Neo4j by its address, or the embedded engine in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.address import ServerAddress
from graph.embedded import serve
from graph.session import Graph, connect

__all__ = ("Graph", "ServerAddress", "open_graph")


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
