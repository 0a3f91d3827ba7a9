"""What lies around an account, breadth first, bounded.

Nodes are accounts and the values they show; lines are proposed links and what is shown or proved.
A node one step away is a linked account or a shown value; two steps away, what is one step from
those, but for the values' other values: a value leads to the accounts that show it.
"""

from collections.abc import Iterable
from typing import cast

from evidence.errors import UnknownThing
from graph.records import GraphEdge, GraphNode, Neighbourhood, NodeKind, Slot
from graph.session import Graph, Row
from graph.statements import (
    DESCRIBE_ACCOUNTS,
    EDGES_LINKED,
    EDGES_SHOWN,
    NEIGHBOURS_LINKED,
    NEIGHBOURS_SHARING,
    NEIGHBOURS_VALUES,
    Statement,
)

MET = 10_000
"""The most rows that one step reads. Up to it `left_out_count` is exact; beyond, too small."""


def around(graph: Graph, slot: Slot, account_id: str, depth: int, limit: int) -> Neighbourhood:
    """At most `limit` nodes around an account and all lines between them.

    A step takes linked accounts, the likeliest first, then accounts that share a value, then
    values; what does not fit is counted and not walked from.

    Raises:
        UnknownThing: the slot does not hold the account.
        ValueError: `depth` is not 1 or 2, or `limit` less than 1.
    """
    if depth not in (1, 2) or limit < 1:
        raise ValueError(
            f"a neighbourhood has depth 1 or 2 and room for one node: {depth}, {limit}"
        )
    walk = _Walk(graph, slot, account_id, limit)
    for _ in range(depth):
        walk.step()
    return Neighbourhood(walk.nodes(), walk.edges(), len(walk.left_out))


class _Walk:
    """Where a walk has been; `accounts` and `values` are in the order in which they were met."""

    def __init__(self, graph: Graph, slot: Slot, start: str, limit: int) -> None:
        self._graph, self._slot, self._start, self._limit = graph, slot, start, limit
        self.accounts: dict[str, None] = {start: None}
        self.values: dict[str, None] = {}
        self.left_out: set[str] = set()
        if not self._read(DESCRIBE_ACCOUNTS, account_ids=[start]):
            raise UnknownThing("account", start)

    def step(self) -> None:
        """Take what lies one step from everything taken so far."""
        here = list(self.accounts)
        linked = self._ids(NEIGHBOURS_LINKED, account_ids=here)
        sharing = self._ids(NEIGHBOURS_SHARING, account_id=self._start, value_ids=list(self.values))
        values = self._ids(NEIGHBOURS_VALUES, account_ids=here)
        self._take(self.accounts, linked)
        self._take(self.accounts, sharing)
        self._take(self.values, values)

    def nodes(self) -> tuple[GraphNode, ...]:
        """Accounts, then values, each in the order in which they were met."""
        rows = self._read(DESCRIBE_ACCOUNTS, account_ids=list(self.accounts))
        said = {row["account_id"]: row for row in rows}
        accounts = (
            GraphNode(a, "account", row["handle"] or a, row["market"], row["persona_id"])
            for a, row in ((a, said[a]) for a in self.accounts)
        )
        return (*accounts, *(_value_node(value_id) for value_id in self.values))

    def edges(self) -> tuple[GraphEdge, ...]:
        """All lines between the nodes."""
        ends = {"account_ids": list(self.accounts), "value_ids": list(self.values)}
        linked = self._read(EDGES_LINKED, account_ids=ends["account_ids"])
        shown = self._read(EDGES_SHOWN, **ends)
        return (
            *(GraphEdge(kind="LINKED", **row) for row in linked),
            *(GraphEdge(**row) for row in shown),
        )

    def _take(self, taken: dict[str, None], met: Iterable[str]) -> None:
        for node in met:
            if node in taken:
                continue
            if len(self.accounts) + len(self.values) < self._limit:
                taken[node] = None
                self.left_out.discard(node)
            else:
                self.left_out.add(node)

    def _ids(self, statement: Statement, **parameters: object) -> list[str]:
        return [row["id"] for row in self._read(statement, limit=MET, **parameters)]

    def _read(self, statement: Statement, **parameters: object) -> list[Row]:
        return self._graph.read(statement, slot=self._slot, **parameters)


def _value_node(value_id: str) -> GraphNode:
    kind, _, value = value_id.partition(":")
    return GraphNode(value_id, cast(NodeKind, kind), value, None, None)
