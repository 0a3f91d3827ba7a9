"""Acts on sources: who did what to which, when and why; only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.ledger_schema import SOURCE_EVENTS


@dataclass(frozen=True)
class Act:
    """Who acts, why, and when (aware UTC).

    Raises:
        RefusedInput: no reason is given.
    """

    person: str
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise RefusedInput("--why is empty: say why, for those who read the log later")


@dataclass(frozen=True)
class SourceEvent:
    """One act on a source: taken in, read again, withdrawn, restored, replaced or erased."""

    action: str
    person: str
    reason: str
    at: datetime


def record_event(connection: Connection, source_id: str, action: str, act: Act) -> None:
    """Add an act to the record of a source."""
    row = {"source_id": source_id, "action": action, "person": act.person, "reason": act.reason}
    connection.execute(insert(SOURCE_EVENTS), row | {"at": act.at})


def events_of(ledger: Ledger, source_id: str) -> list[SourceEvent]:
    """What was done to a source, in order."""
    columns = SOURCE_EVENTS.c
    chosen = (columns.action, columns.person, columns.reason, columns.at)
    query = select(*chosen).where(columns.source_id == source_id).order_by(columns.number)
    with ledger.reading() as connection:
        rows = connection.execute(query).all()
    return [SourceEvent(action, person, reason, at) for action, person, reason, at in rows]
