"""The ledger: sources, decisions, public values, views, runs and persona ids, in SQL.

Invariant: a persona id stays with accounts that had it, and one that was merged away is never given
again and answers with the one that took its place. `ledger_schema` says what is only ever added.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Self

import polars as pl
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry

from evidence.erased import ERASED
from evidence.errors import Busy, NotWritten, RefusedInput
from evidence.ledger_schema import (
    DECISION_ROWS,
    ONLY_GREW_SINCE,
    PERSONA_SUCCESSORS,
    PUBLIC_ROWS,
    RUNS,
    SCHEMA,
    SCHEMA_VERSION,
    SOURCES,
)
from evidence.persona_homes import homes_of, record_homes
from evidence.persona_ids import name_groups, successors
from evidence.persona_mates import mates
from evidence.rulings import DECISIONS, PUBLIC_VALUES, Rulings
from evidence.sources import IN_FORCE, Source, source_of
from evidence.workspace import Workspace

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON")
UNWRITABLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)
"""Primary result codes of SQLite (https://sqlite.org/rescode.html)."""

BY_TIME = (DECISION_ROWS.c.decided_at, DECISION_ROWS.c.number)
"""The order in which decisions were made; a file may bring old ones late."""


class Ledger:
    """The workspace's ledger; use it as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            _prepare(connection)

    @classmethod
    def open(cls, workspace: Workspace) -> Self:
        """Open the ledger of a workspace, making both where they are missing."""
        workspace.create()
        engine = create_engine(f"sqlite:///{workspace.ledger}")
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "handle_error", _in_words)
        return cls(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for statements on the tables of `ledger_schema`."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The same in one transaction: all of it is kept, or nothing."""
        with self._engine.begin() as connection:
            yield connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def add_source(self, source: Source) -> None:
        """Record a source; one that is known already stays as it is."""
        row = asdict(source)
        with self.writing() as connection:
            connection.execute(insert(SOURCES).prefix_with("OR IGNORE"), row)

    def source(self, source_id: str) -> Source | None:
        """The source of that id, or None."""
        query = select(SOURCES).where(SOURCES.c.source_id == source_id)
        with self.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else Source(**row)

    def sources(self) -> list[Source]:
        """Every source, by time of receipt, then id."""
        query = select(SOURCES).order_by(SOURCES.c.received_at, SOURCES.c.source_id)
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [Source(**row) for row in rows]

    def in_force(self) -> list[str]:
        """The ids of the readings in force (see `sources.reading_id`), ascending."""
        return sorted(source.reading_id for source in self.sources() if source.state == IN_FORCE)

    def rulings(self, readings: Collection[str] | None = None) -> Rulings:
        """Decisions in the order they were made, and the public values in force.

        Args:
            readings: decisions count that came from these or from none; None: all in force.
        """
        counted = {source_of(name) for name in (self.in_force() if readings is None else readings)}
        said = (DECISION_ROWS.c[name] for name in DECISIONS.schema if name in DECISION_ROWS.c)
        chosen = [DECISION_ROWS.c.source_id, DECISION_ROWS.c.number, *said]
        values = [PUBLIC_ROWS.c[name] for name in PUBLIC_VALUES.schema]
        in_force = select(*values).where(PUBLIC_ROWS.c.undone_at.is_(None))
        in_force = in_force.order_by("kind", "value", "number")
        with self.reading() as connection:
            blank = (DECISION_ROWS.c.left == ERASED) | (DECISION_ROWS.c.right == ERASED)
            made = select(*chosen).where(~blank)
            decisions = connection.execute(made.order_by(*BY_TIME)).all()
            public = connection.execute(in_force).all()
            beside = mates(connection)
        rows = [
            (*row, *beside[number])
            for source_id, number, *row in decisions
            if source_id is None or source_id in counted
        ]
        return Rulings(
            pl.DataFrame(rows, schema=DECISIONS.schema, orient="row"),
            pl.DataFrame([tuple(r) for r in public], schema=PUBLIC_VALUES.schema, orient="row"),
        )

    def record_run(self, run_id: str, view: str, started_at: datetime) -> None:
        """Record that a run began."""
        row = {"run_id": run_id, "view": view, "started_at": started_at}
        with self.writing() as connection:
            connection.execute(insert(RUNS), row)

    def publish_run(self, run_id: str, run_hash: str, at: datetime) -> None:
        """Record that a run was published: from now on it is its view's published run."""
        change = update(RUNS).where(RUNS.c.run_id == run_id)
        with self.writing() as connection:
            connection.execute(change.values(run_hash=run_hash, published_at=at))

    def published_run(self, view: str = "all") -> str | None:
        """The id of the view's published run: the one published last."""
        query = (
            select(RUNS.c.run_id)
            .where(RUNS.c.view == view, RUNS.c.published_at.is_not(None))
            .order_by(RUNS.c.published_at.desc(), RUNS.c.run_id.desc())
            .limit(1)
        )
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def name_personas(
        self,
        groups: Sequence[Sequence[str]],
        run_id: str,
        *,
        view: str = "all",
        confirmed: Collection[tuple[str, str]] = (),
    ) -> list[str]:
        """Ids for the personas of a run, and the record of who was in them.

        Ids stay with accounts as `persona_ids.name_groups` says, compared with the view's published
        run; an id left without a persona answers from then on with the one that took its place, and
        where none did, waits for its accounts.

        Args:
            groups: for each persona its account ids.
            run_id: the run, recorded before and not yet published.
            view: the view the run belongs to.
            confirmed: pairs that people ruled to be one hand.

        Returns:
            One id a group, in the order of the groups.
        """
        published = self.published_run(view)
        with self.reading() as connection:
            before = homes_of(connection, published)
        named = name_groups(groups, before, confirmed)
        homes = {a: persona for persona, group in zip(named, groups, strict=True) for a in group}
        heirs = successors(before, homes, confirmed)
        alive = set(named)
        resting = {a: p for a, p in before.items() if p not in heirs and p not in alive}
        with self.writing() as connection:
            record_homes(connection, run_id, homes, resting)
            _forget_failed(connection, set(before.values()))
            for old, successor in heirs.items():
                row = {"persona_id": old, "successor_id": successor, "run_id": run_id}
                connection.execute(insert(PERSONA_SUCCESSORS), row)
        return named

    def resolve_persona(self, persona_id: str, run_id: str, view: str = "all") -> str:
        """The id under which a run of a view knows a persona; itself where nothing took its place.

        What runs say that began later (their ids begin with the time) is left out: they may fail.
        """
        columns = PERSONA_SUCCESSORS.c
        in_view = select(columns.successor_id).join(RUNS, RUNS.c.run_id == columns.run_id)
        query = in_view.where(RUNS.c.view == view, columns.run_id <= run_id)
        with self.reading() as connection:
            seen: set[str] = set()
            while persona_id not in seen:
                seen.add(persona_id)
                found = connection.execute(query.where(columns.persona_id == persona_id)).scalar()
                persona_id = found or persona_id
        return persona_id

    def scrub(self) -> None:
        """Leave nothing of rows that were deleted in the ledger's files.

        Raises:
            Busy: another process is reading the ledger.
        """
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        if busy:
            raise Busy("another process reads the ledger; repeat this when it is done")


def _forget_failed(connection: Connection, alive: set[str]) -> None:
    """What is alive or rests has no successor: what says so is of a run that failed."""
    for persona_id in connection.execute(select(PERSONA_SUCCESSORS.c.persona_id)).scalars().all():
        if persona_id in alive:
            here = PERSONA_SUCCESSORS.c.persona_id == persona_id
            connection.execute(delete(PERSONA_SUCCESSORS).where(here))


def _prepare(connection: Connection) -> None:
    """Make the tables that are missing; refuse a ledger of a version that differs in more.

    A ledger that lacks none is only read, so that it opens while another process writes. One that
    does is taken for writing before anything is looked up: two processes may open it at once.
    """
    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute(text("BEGIN IMMEDIATE"))
    found = _version(connection)
    if found > SCHEMA_VERSION:
        raise RefusedInput(
            f"the ledger is of version {found}, and this Samehand reads version {SCHEMA_VERSION}: "
            "use the newer Samehand that wrote it"
        )
    if found < ONLY_GREW_SINCE and inspect(connection).get_table_names():
        raise RefusedInput(
            f"the ledger is of version {found}, and this Samehand reads version {SCHEMA_VERSION}: "
            "take the files in again into a new workspace"
        )
    SCHEMA.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))


def _version(connection: Connection) -> int:
    return int(connection.execute(text("PRAGMA user_version")).scalar_one())


def _in_words(context: ExceptionContext) -> None:
    error = context.original_exception
    code = error.sqlite_errorcode if isinstance(error, sqlite3.OperationalError) else 0
    if code & 0xFF in UNWRITABLE and context.engine is not None:
        raise NotWritten(context.engine.url.database, str(error)) from error


def _make_durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
