"""Sources out of force and back: withdrawn, restored; nothing stored changes by it."""

from sqlalchemy import update

from evidence.acts import Act, record_event
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.ledger_schema import SOURCES
from evidence.sources import IN_FORCE, REPLACED, WITHDRAWN, Source


def withdraw(ledger: Ledger, source: Source, act: Act) -> None:
    """Take a source out of force: no later run sees it. It stays stored, and can be restored.

    Raises:
        RefusedInput: it is not in force.
    """
    _change(ledger, source, (IN_FORCE,), WITHDRAWN, act)


def restore(ledger: Ledger, source: Source, act: Act) -> None:
    """Put a withdrawn or replaced source in force again.

    Raises:
        RefusedInput: it is in force or erased, or would count beside what corrects it.
    """
    in_force = [other for other in ledger.sources() if other.state == IN_FORCE]
    for other in in_force:
        if source.source_id == other.replaces or other.source_id == source.replaces:
            raise RefusedInput(
                f"{source.name} and {other.name} ({other.source_id[:12]}) would both count, and "
                "one corrects the other: withdraw that one first"
            )
    _change(ledger, source, (WITHDRAWN, REPLACED), IN_FORCE, act)


def _change(ledger: Ledger, source: Source, states: tuple[str, ...], state: str, act: Act) -> None:
    action = {WITHDRAWN: "withdrawn", IN_FORCE: "restored"}[state]
    right = (SOURCES.c.source_id == source.source_id) & SOURCES.c.state.in_(states)
    with ledger.writing() as connection:
        changed = connection.execute(update(SOURCES).where(right).values(state=state))
        if changed.rowcount == 0:
            why = "already" if source.state == state else f"and cannot be {action}"
            raise RefusedInput(f"{source.name} is {source.state} {why}")
        record_event(connection, source.source_id, action, act)
