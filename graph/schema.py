"""What the graph must have before rows are written: constraints and indexes, made where missing."""

from graph.session import Graph
from graph.statements import AWAIT_INDEXES, CONSTRAINTS, CREATE_ACCOUNT_GRAMS, INDEXES

FULL_TEXT_INDEX = {"Neo4j": "account_grams", "ArcadeDB": "Account[handle_grams]"}
"""The full-text index over handles: made, and so named, in another way on each engine. On ArcadeDB
the process that owns the folder makes it at its start."""


def prepare(graph: Graph) -> None:
    """Make what is missing, and wait until all of it answers."""
    graph.write(*CONSTRAINTS)
    graph.write(*INDEXES)
    if graph.product == "Neo4j":
        graph.write(CREATE_ACCOUNT_GRAMS)
        graph.read(AWAIT_INDEXES)
