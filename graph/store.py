"""Read the published run. Every answer is of one run, and bounded."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

from evidence.errors import UnknownThing
from graph.names import ALIKE, fold_all, grams, likeness
from graph.neighbourhood import around
from graph.pointer import in_one_run, published_run
from graph.records import (
    AccountNode,
    Flow,
    Hit,
    LinkNode,
    MarketNode,
    Match,
    Neighbourhood,
    PersonaNode,
    PublishedRun,
    Slot,
    of_row,
)
from graph.schema import FULL_TEXT_INDEX
from graph.session import Graph, Row
from graph.statements import (
    FIND_EXACT,
    FIND_FOLDED,
    FIND_FUZZY,
    LINKS_IN_BUCKET,
    LINKS_OF_ACCOUNT,
    LIST_FLOWS,
    LIST_MARKETS,
    READ_ACCOUNT,
    READ_LINK,
    READ_PERSONA,
    Statement,
)

__all__ = ("GraphStore", "Hit", "LinkNode", "PublishedRun")

T = TypeVar("T", bound="DataclassInstance")
FIND: Mapping[str, Statement] = {"exact": FIND_EXACT, "folded": FIND_FOLDED}
WHY: Mapping[str, str] = {"exact": "the same handle", "folded": "the same folded handle {!r}"}
RANKED = 200
"""So many accounts from the full-text index are ranked by spelling."""


class GraphStore:
    """The published run of a view's graph, for reading.

    Every method but `published` raises NotPublished while there is no run; all raise RefusedInput
    where the graph is another view's, and GraphUnavailable where the engine does not answer.
    """

    def __init__(self, graph: Graph, view: str = "all") -> None:
        self._graph, self._view = graph, view

    def published(self) -> PublishedRun | None:
        """The run that is read; None before the first."""
        return published_run(self._graph, self._view)

    def find_accounts(self, handle: str, match: Match, limit: int) -> list[Hit]:
        """At most `limit` accounts by handle, by account id; fuzzy: the most alike first.

        Args:
            handle: as a person types it.
            match: `exact` as shown; `folded` without case, marks, look-alikes and leet; `fuzzy`
                folded and spelled alike (at least 60 % of the letters, in order).
            limit: the most hits.
        """
        if match == "fuzzy":
            return self._alike(fold_all([handle])[0])[:limit]
        return self.look_up([handle], match, limit)[0]

    def look_up(
        self, handles: Sequence[str], match: Literal["exact", "folded"], limit: int
    ) -> list[list[Hit]]:
        """For each of many handles what `find_accounts` finds, by one statement for all."""
        keys = handles if match == "exact" else fold_all(handles)
        rows = self._rows(FIND[match], asked=sorted(set(keys)), limit=limit)
        found = {row["asked"]: _all(AccountNode, row["accounts"]) for row in rows}
        return [[Hit(a, WHY[match].format(key)) for a in found.get(key, ())] for key in keys]

    def account(self, account_id: str) -> AccountNode:
        """One account.

        Raises:
            UnknownThing: the published run did not see it.
        """
        rows = self._rows(READ_ACCOUNT, account_id=account_id)
        return of_row(AccountNode, _first(rows, "account", account_id))

    def links_of(self, account_id: str, limit: int) -> list[LinkNode]:
        """At most `limit` links proposed for an account, the likeliest first.

        Raises:
            UnknownThing: the published run did not see the account.
        """

        def reading(slot: Slot) -> list[Row]:
            read = self._graph.read
            _first(read(READ_ACCOUNT, slot=slot, account_id=account_id), "account", account_id)
            return read(LINKS_OF_ACCOUNT, slot=slot, account_id=account_id, limit=limit)

        return _all(LinkNode, in_one_run(self._graph, self._view, reading))

    def link(self, link_id: str) -> LinkNode:
        """One proposed link.

        Raises:
            UnknownThing: the published run does not propose it.
        """
        return of_row(LinkNode, _first(self._rows(READ_LINK, link_id=link_id), "link", link_id))

    def queue(self, bucket: str, skip: int, limit: int) -> list[LinkNode]:
        """A page of a bucket of the review queue, the likeliest first."""
        return _all(LinkNode, self._rows(LINKS_IN_BUCKET, bucket=bucket, skip=skip, limit=limit))

    def persona(self, persona_id: str) -> PersonaNode:
        """One persona with its members.

        Raises:
            UnknownThing: the published run does not propose it.
        """
        rows = self._rows(READ_PERSONA, persona_id=persona_id)
        _first(rows, "persona", persona_id)
        return PersonaNode(persona_id, tuple(_all(AccountNode, rows)))

    def neighbourhood(self, account_id: str, depth: int, limit: int) -> Neighbourhood:
        """What lies around an account; see `graph.neighbourhood`.

        Raises:
            UnknownThing: the published run did not see the account.
            ValueError: `depth` is not 1 or 2, or `limit` less than 1.
        """
        return in_one_run(
            self._graph,
            self._view,
            lambda slot: around(self._graph, slot, account_id, depth, limit),
        )

    def markets(self) -> list[MarketNode]:
        """All markets, by name."""
        return _all(MarketNode, self._rows(LIST_MARKETS))

    def flows(self) -> list[Flow]:
        """Links with verdict same between markets, by the markets' names."""
        return _all(Flow, self._rows(LIST_FLOWS))

    def _rows(self, statement: Statement, **parameters: object) -> list[Row]:
        return in_one_run(
            self._graph,
            self._view,
            lambda slot: self._graph.read(statement, slot=slot, **parameters),
        )

    def _alike(self, folded: str) -> list[Hit]:
        index = FULL_TEXT_INDEX[self._graph.product]
        rows = self._rows(FIND_FUZZY, index=index, grams=grams(folded), limit=RANKED)
        accounts = _all(AccountNode, rows)
        alike = [(likeness(folded, account.folded_handle or ""), account) for account in accounts]
        alike.sort(key=lambda scored: (-scored[0], scored[1].account_id))
        return [
            Hit(
                account,
                f"the folded handle {account.folded_handle!r}, spelled {percent:.0f} % alike",
            )
            for percent, account in alike
            if percent >= ALIKE
        ]


def _first(rows: Sequence[Row], kind: str, name: str) -> Row:
    if not rows:
        raise UnknownThing(kind, name)
    return rows[0]


def _all(kind: type[T], rows: Sequence[Row]) -> list[T]:
    return [of_row(kind, row) for row in rows]
