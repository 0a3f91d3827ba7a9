"""Which source a delivery becomes: a new one, one that is known, or a known one read once more.

Invariant: what a delivery replaces counts until the delivery is in the ledger, and not after; both
change by one transaction. A source that replaces itself is read under a reading of its own, which
counts from that transaction on, as the one before does until then.
"""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import insert, update

from evidence.acts import Act, record_event
from evidence.errors import RefusedInput
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.ledger_schema import SOURCES
from evidence.sources import ERASING, IN_FORCE, REPLACED, Source
from evidence.tombstones import tombstone_of


def admit(ledger: Ledger, delivered: Source, wish: Wish) -> Source:
    """The source under which a delivery is to be recorded once it is read.

    Args:
        ledger: which sources are known.
        delivered: id, name, size and time of receipt of what has come.
        wish: what the person said about it.

    Raises:
        RefusedInput: it was erased, is not in force, or is known and something else is said of it.
    """
    tombstone = tombstone_of(ledger, delivered.source_id)
    if tombstone is not None:
        raise RefusedInput(
            f"its bytes were erased on {tombstone.erased_at:%Y-%m-%d} ({tombstone.reason}); "
            "they are not taken in again"
        )
    known = ledger.source(delivered.source_id)
    if known is None:
        return _said_of(replace(delivered, replaces=_replaced(ledger, wish)), wish)
    _check_in_force(known)
    if wish.replaces == known.source_id:
        return _said_of(replace(known, reading=known.reading + 1), wish)
    if _said_of(known, wish) != known:
        raise RefusedInput(
            "it was taken in before, and other things were said of it; "
            f"--replaces {known.source_id[:12]} reads it again"
        )
    return replace(known, replaces=_replaced(ledger, wish) or known.replaces)


def record_admitted(ledger: Ledger, source: Source, person: str, at: datetime) -> None:
    """Record a source that was read to its end; what it replaces is out of force from now on."""
    known = ledger.source(source.source_id)
    act = Act(person, "intake", at)
    with ledger.writing() as connection:
        if known is None:
            connection.execute(insert(SOURCES), asdict(source))
            record_event(connection, source.source_id, "taken in", act)
        elif known != source:
            here = SOURCES.c.source_id == source.source_id
            said = {name: value for name, value in asdict(source).items() if name != "state"}
            connection.execute(update(SOURCES).where(here).values(said))
            if known.reading != source.reading:
                record_event(connection, source.source_id, "read again", act)
        if source.replaces is not None and (known is None or known.replaces != source.replaces):
            there = SOURCES.c.source_id == source.replaces
            connection.execute(update(SOURCES).where(there).values(state=REPLACED))
            by = replace(act, reason=f"by {source.source_id[:12]}")
            record_event(connection, source.replaces, "replaced", by)


def _said_of(source: Source, wish: Wish) -> Source:
    return source if wish.card is None else wish.card.applied_to(source)


def _check_in_force(known: Source) -> None:
    if known.state == ERASING:
        raise RefusedInput("it is being erased; `samehand source erase` again completes that")
    if known.state != IN_FORCE:
        raise RefusedInput(
            f"it was taken in before and is {known.state}; "
            f"`samehand source restore {known.source_id[:12]}` puts it in force again"
        )


def _replaced(ledger: Ledger, wish: Wish) -> str | None:
    """The source that this one replaces.

    Raises:
        RefusedInput: it is replaced already, or being erased.
    """
    if wish.replaces is None:
        return None
    old = ledger.source(wish.replaces)
    if old is None or old.state in (REPLACED, ERASING):
        state = "unknown" if old is None else old.state
        raise RefusedInput(f"--replaces {wish.replaces[:12]}: that source is {state} already")
    return wish.replaces
