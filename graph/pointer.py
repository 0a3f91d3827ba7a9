"""Which slot readers read.

Invariant: the pointer names a slot that is whole, and a publish writes only to the other one. So a
reader reads one run, unless two publishes begin while it reads; then the pointer has moved, and the
reader reads again. A graph is of one view, and is neither written nor read as another's.
"""

from collections.abc import Callable
from typing import TypeVar

from evidence.errors import GraphUnavailable, NotPublished, RefusedInput
from graph.records import PublishedRun, Slot, of_row
from graph.session import Graph
from graph.statements import READ_POINTER

T = TypeVar("T")
ATTEMPTS = 5


def published_run(graph: Graph, view: str) -> PublishedRun | None:
    """The published run of a view; None before the first.

    Raises:
        RefusedInput: the graph is another view's.
    """
    rows = graph.read(READ_POINTER)
    run = of_row(PublishedRun, rows[0]) if rows and rows[0]["slot"] else None
    if run is not None and run.view != view:
        raise RefusedInput(
            f"this graph holds the view {run.view}, not {view}: each view needs a graph of its own "
            "(SAMEHAND_NEO4J_URI, SAMEHAND_NEO4J_URIS)"
        )
    return run


def in_one_run(graph: Graph, view: str, reading: Callable[[Slot], T]) -> T:
    """The answer of `reading`, all of it from one published run of a view.

    Raises:
        NotPublished: there is none yet.
        RefusedInput: the graph is another view's.
        GraphUnavailable: runs are published faster than the answer can be read.
    """
    for _ in range(ATTEMPTS):
        before = published_run(graph, view)
        if before is None:
            raise NotPublished
        answer = reading(before.slot)
        if published_run(graph, view) == before:
            return answer
    raise GraphUnavailable("the published run kept changing while it was read; try again")
