"""What the graph answers with. Times are aware UTC; None is not known or not there."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Slot = Literal["a", "b"]
Match = Literal["exact", "folded", "fuzzy"]
NodeKind = Literal["account", "key", "photo", "contact", "wallet"]
EdgeKind = Literal["LINKED", "SHOWS", "PROVED"]
T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True)
class PublishedRun:
    """The run that readers see, the view it is of, and the slot it lies in."""

    run_id: str
    run_hash: str
    view: str
    slot: Slot
    published_at: datetime


@dataclass(frozen=True)
class AccountNode:
    """An account as the published run saw it; see `linkage.run_tables.RUN_ACCOUNTS`."""

    account_id: str
    market: str
    handle: str | None
    folded_handle: str | None
    record_count: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    persona_id: str | None


@dataclass(frozen=True)
class Hit:
    """An account that a look-up found, and why in words."""

    account: AccountNode
    why: str


@dataclass(frozen=True)
class LinkNode:
    """A proposed link; see `linkage.run_tables.LINKS`."""

    link_id: str
    left: str
    right: str
    relation: str
    verdict: str
    band: str | None
    copier: str | None
    possible_framing: bool
    prior_bits: float
    bits: float
    probability: float
    queue_bucket: str
    q_value: float | None


@dataclass(frozen=True)
class PersonaNode:
    """Accounts that are proposed to be one hand, sorted by id."""

    persona_id: str
    members: tuple[AccountNode, ...]


@dataclass(frozen=True)
class MarketNode:
    """A market as the published run saw it; see `linkage.run_tables.RUN_MARKETS`."""

    market: str
    kind: str
    opened_at: datetime | None
    closed_at: datetime | None
    reason: str | None
    belongs_to: str | None
    account_count: int


@dataclass(frozen=True)
class Flow:
    """How many links with verdict same run from one market to another."""

    market_from: str
    market_to: str
    count: int


@dataclass(frozen=True)
class GraphNode:
    """A thing to draw: an account by its id, or a value by `KIND:VALUE`."""

    id: str
    kind: NodeKind
    label: str
    market: str | None
    persona_id: str | None


@dataclass(frozen=True)
class GraphEdge:
    """A line to draw; the numbers of a link are there for `LINKED` only."""

    source: str
    target: str
    kind: EdgeKind
    link_id: str | None = None
    bits: float | None = None
    probability: float | None = None
    verdict: str | None = None
    band: str | None = None


@dataclass(frozen=True)
class Neighbourhood:
    """What lies around an account, nearest first, and how many nodes that were met are left out."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    left_out_count: int


@dataclass(frozen=True)
class PublishCount:
    """What a publish changed: rows written and removed, over all kinds, and where it lies now."""

    slot: Slot
    written: int
    removed: int


def of_row(kind: type[T], row: dict[str, Any]) -> T:
    """A record of a row whose columns are its fields; columns `…_at` are ISO text of a time."""
    return kind(
        **{
            field.name: _time(row[field.name]) if field.name.endswith("_at") else row[field.name]
            for field in fields(kind)
        }
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
