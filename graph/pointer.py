"""Which slot readers read.

Invariant: the pointer names a slot that is whole, and a publish writes only to the other one. So a
reader reads one run, unless two publishes begin while it reads; then the pointer has moved, and the
reader reads again.
"""

from collections.abc import Callable
from typing import TypeVar

from evidence.errors import GraphUnavailable, NotPublished
from graph.records import PublishedRun, Slot, of_row
from graph.session import Graph
from graph.statements import READ_POINTER

T = TypeVar("T")
ATTEMPTS = 5


def published_run(graph: Graph) -> PublishedRun | None:
    """The published run; None before the first."""
    rows = graph.read(READ_POINTER)
    return of_row(PublishedRun, rows[0]) if rows and rows[0]["slot"] else None


def in_one_run(graph: Graph, reading: Callable[[Slot], T]) -> T:
    """The answer of `reading`, all of it from one published run.

    Raises:
        NotPublished: there is none yet.
        GraphUnavailable: runs are published faster than the answer can be read.
    """
    for _ in range(ATTEMPTS):
        before = published_run(graph)
        if before is None:
            raise NotPublished
        answer = reading(before.slot)
        if published_run(graph) == before:
            return answer
    raise GraphUnavailable("the published run kept changing while it was read; try again")
