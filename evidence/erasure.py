"""Erasing a source: what only it held goes from archive and ledger, and a tombstone stays.

Invariant: from `begin` on the source is out of force for good, and what is to be blanked elsewhere
is written down; `finish` takes both away by one transaction. Every step in between can be repeated,
so an erasure that was cut off is completed by doing it again.
"""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import Column, Connection, Table, delete, insert, select, update

from evidence.acts import Act, record_event
from evidence.archive import Archive
from evidence.erased import ERASED, ERASED_TOO, Mentions
from evidence.ledger import Ledger
from evidence.ledger_schema import (
    BESIDE_ROWS,
    DECISION_ROWS,
    ERASED_NAMES,
    MODEL_ACTIVATIONS,
    PERSONA_ACCOUNTS,
    PERSONA_RESTS,
    PUBLIC_ROWS,
    SOURCE_EVENTS,
    SOURCES,
    TOMBSTONES,
    VIEWS,
)
from evidence.persona_mates import forget_rulings
from evidence.purge import names_of, purge
from evidence.sources import ERASING, Source, reading_id
from evidence.tombstones import lay_tombstone
from evidence.workspace import Workspace

FREE_TEXTS: tuple[Column[str], ...] = (
    DECISION_ROWS.c.reason,
    DECISION_ROWS.c.cites,
    PUBLIC_ROWS.c.reason,
    PUBLIC_ROWS.c.undone_why,
    SOURCE_EVENTS.c.reason,
    VIEWS.c.reason,
    TOMBSTONES.c.reason,
    MODEL_ACTIVATIONS.c.reason,
)
"""Where people write what they like."""
Links = Callable[[Sequence[str]], Sequence[str]]
"""The ids of the links, in any stored run, of any of these accounts."""


def begin(ledger: Ledger, workspace: Workspace, source: Source, links_of: Links) -> None:
    """Take a source out of force for good, and write down the names that nothing else knows.

    Args:
        ledger: of the workspace.
        workspace: whose archive holds it.
        source: what goes; begun before, this does nothing.
        links_of: finds the ids of the links that go with accounts.
    """
    if source.state == ERASING:
        return
    ours = names_of(workspace, _readings(source)) | _ruled_on(ledger, source.source_id)
    only_ours = sorted(ours - names_of(workspace, _others(ledger, source)))
    accounts = [name for name in only_ours if ":" in name]
    also = [source.source_id, source.source_id[:12], source.name, *links_of(accounts)]
    names = dict.fromkeys([*only_ours, *also])
    rows = [{"source_id": source.source_id, "name": name} for name in names]
    with ledger.writing() as connection:
        connection.execute(insert(ERASED_NAMES).prefix_with("OR IGNORE"), rows)
        here = SOURCES.c.source_id == source.source_id
        connection.execute(update(SOURCES).where(here).values(state=ERASING))


def names_to_blank(ledger: Ledger, source_id: str) -> list[str]:
    """What `begin` wrote down."""
    query = select(ERASED_NAMES.c.name).where(ERASED_NAMES.c.source_id == source_id)
    with ledger.reading() as connection:
        return list(connection.execute(query.order_by(ERASED_NAMES.c.name)).scalars())


def erase_facts(ledger: Ledger, archive: Archive, workspace: Workspace, source: Source) -> None:
    """Take out of the archive what the source saw and quarantined; only under `writing`."""
    for reading in _readings(source):
        archive.forget(reading)
    purge(workspace, _others(ledger, source))


def redact(ledger: Ledger, source_id: str) -> None:
    """Take the source's decisions out of the ledger, and its names out of everybody's rows."""
    names = names_to_blank(ledger, source_id)
    mentions, gone = Mentions(names), set(names)
    with ledger.writing() as connection:
        forget_rulings(connection, source_id)
        known_here = select(ERASED_NAMES.c.name).where(ERASED_NAMES.c.source_id == source_id)
        for table in (PERSONA_ACCOUNTS, PERSONA_RESTS, BESIDE_ROWS):
            connection.execute(delete(table).where(table.c.account_id.in_(known_here)))
        columns = DECISION_ROWS.c
        pairs = select(columns.number, columns.left, columns.right)
        for number, left, right in connection.execute(pairs).all():
            if gone.intersection((left, right)):
                here = DECISION_ROWS.c.number == number
                sides = _blanked(left, right, gone)
                connection.execute(update(DECISION_ROWS).where(here).values(sides))
        for column in FREE_TEXTS:
            _blank(connection, column, mentions)


def finish(ledger: Ledger, source: Source, act: Act) -> None:
    """Leave a tombstone where the source was, and nothing in the ledger's files but that."""
    source_id = source.source_id
    with ledger.writing() as connection:
        mac = lay_tombstone(connection, source_id, act)
        events = update(SOURCE_EVENTS).where(SOURCE_EVENTS.c.source_id == source_id)
        connection.execute(events.values(source_id=mac))
        record_event(connection, mac, ERASED, act)
        replaced = update(SOURCES).where(SOURCES.c.replaces == source_id)
        connection.execute(replaced.values(replaces=None))
        for view, sources in connection.execute(select(VIEWS.c.view, VIEWS.c.sources)).all():
            left = [name for name in json.loads(sources) if name != source_id]
            here = VIEWS.c.view == view
            connection.execute(update(VIEWS).where(here).values(sources=json.dumps(left)))
        for table in (SOURCES, ERASED_NAMES):
            connection.execute(delete(table).where(table.c.source_id == source_id))
    ledger.scrub()


def _others(ledger: Ledger, source: Source) -> list[str]:
    """The readings of every other source, in force or not."""
    sources = [other for other in ledger.sources() if other.source_id != source.source_id]
    return [other.reading_id for other in sources]


def _ruled_on(ledger: Ledger, source_id: str) -> set[str]:
    """The accounts, and their handles, on which decisions of a source rule."""
    sides = select(DECISION_ROWS.c.left, DECISION_ROWS.c.right)
    with ledger.reading() as connection:
        pairs = connection.execute(sides.where(DECISION_ROWS.c.source_id == source_id)).all()
    accounts = {account for pair in pairs for account in pair}
    return accounts | {account.partition(":")[2] for account in accounts}


def _readings(source: Source) -> list[str]:
    """Every reading of a source, the one that may have been cut off among them."""
    return [reading_id(source.source_id, number) for number in range(1, source.reading + 2)]


def _blanked(left: str, right: str, gone: set[str]) -> dict[str, str]:
    """The two sides of a decision without the accounts that are gone."""
    beside = ERASED_TOO if left in gone else ERASED
    return {"left": ERASED if left in gone else left, "right": beside if right in gone else right}


def _blank(connection: Connection, column: Column[str], mentions: Mentions) -> None:
    table: Table = column.table
    texts = list(connection.execute(select(column).distinct()).scalars())
    for text, mentioned in zip(texts, mentions(texts), strict=True):
        if mentioned:
            blanked = update(table).where(column == text).values({column.name: ERASED})
            connection.execute(blanked)
