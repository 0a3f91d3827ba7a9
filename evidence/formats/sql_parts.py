"""The tables of a database as parts of a delivery; those of a known forum are joined.

A database is read three times at most: which tables it has; what others name by an id, where it is
a forum's; all rows. Rows wait by table until there are enough, so that tables which take turns cost
no more than others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, Protocol

from evidence.errors import RefusedInput
from evidence.formats.chunks import CHUNK_BYTES, CHUNK_ROWS, COLUMN_LIMIT, chunk_of
from evidence.formats.csv_records import Broken, Record
from evidence.formats.mapping import SourceFormat
from evidence.formats.parts import Part
from evidence.formats.sql_forum_rows import ForumRows, held_values, looked_up
from evidence.formats.sql_forums import Forum, find_forums
from evidence.formats.sql_lookups import Held, Lookups

TABLE_LIMIT = 2_000
ROW_BYTES = 200
"""What a row costs that waits, beside its own bytes."""


class Database(Protocol):
    """A database that can be read through as often as needed."""

    place_word: str

    def tables(self) -> dict[str, tuple[str, ...]]:
        """Its tables and their columns."""
        ...

    def rows(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Record | Broken]]:
        """Table and row, for the wanted tables and columns; positions ascend within a table."""
        ...


class Plan(NamedTuple):
    """How a table is read: the columns that are wanted of it, what becomes of a row, and so on."""

    wanted: Sequence[str]
    names: Sequence[str]
    turned: Callable[[Record], Record | Broken] | None = None
    source_format: SourceFormat | None = None
    why_left: str | None = None
    skipped: Sequence[str] = ()


def database_parts(database: Database) -> Iterator[Part]:
    """The parts of a database, one table after another where it stores them so.

    Raises:
        RefusedInput: there is no table in it, or too many; or it breaks off.
    """
    tables = database.tables()
    if not tables:
        raise RefusedInput("there is no table in this database")
    if len(tables) > TABLE_LIMIT:
        raise RefusedInput(f"more than {TABLE_LIMIT} tables in this database")
    forums = find_forums(tables)
    with Lookups() as lookups:
        lookups.keep(_held(database, forums, tables))
        plans = {name: _plan(name, columns) for name, columns in tables.items()}
        for forum in forums:
            plans |= _forum_plans(forum, tables, lookups)
        yield from _Bundles(plans, database.place_word).parts(database)


def _held(
    database: Database, forums: Sequence[Forum], tables: Mapping[str, Sequence[str]]
) -> Iterator[Held]:
    for forum in forums:
        wanted = looked_up(forum, tables)
        with suppress(RefusedInput):
            for table, row in database.rows(wanted):
                if isinstance(row, Record):
                    yield from held_values(forum, table, wanted[table], row)


def _plan(name: str, columns: Sequence[str]) -> Plan:
    if not columns:
        return Plan((), (), why_left="nothing names its columns")
    if len(columns) > COLUMN_LIMIT:
        return Plan((), (), why_left=f"more than {COLUMN_LIMIT} columns")
    return Plan(columns, columns)


def _forum_plans(
    forum: Forum, tables: Mapping[str, Sequence[str]], lookups: Lookups
) -> dict[str, Plan]:
    """The plans for a forum's tables: those that say something, and the others."""
    ours = [name for name in tables if name.startswith(forum.prefix)]
    plans = {name: Plan((), (), why_left=_why_left(forum, name)) for name in ours}
    for section in forum.schema.sections:
        name = forum.prefix + section.table
        if name in tables:
            rows = ForumRows(forum, section.within(tables[name]), lookups)
            skipped = [column for column in tables[name] if column not in rows.wanted]
            plans[name] = Plan(
                rows.wanted, rows.names, rows.turned, rows.source_format, skipped=skipped
            )
    return plans


def _why_left(forum: Forum, table: str) -> str:
    program = forum.schema.name
    if table.removeprefix(forum.prefix) in forum.schema.keys:
        return f"a table of {program}; what it says stands in the rows that name it"
    return f"a table of {program} that says nothing about accounts, posts and messages"


class _Bundles:
    """Rows that wait by table; what waits is bounded by bytes, and a table by rows."""

    def __init__(self, plans: Mapping[str, Plan], place_word: str) -> None:
        self._plans = plans
        self._place_word = place_word
        self._waiting: dict[str, list[Record | Broken]] = {}
        self._bytes: dict[str, int] = {}
        self._bytes_in_all = 0

    def parts(self, database: Database) -> Iterator[Part]:
        break_off: RefusedInput | None = None
        try:
            for table, row in database.rows({n: plan.wanted for n, plan in self._plans.items()}):
                name = self._add(table, row)
                if name is not None:
                    yield self._part(name)
        except RefusedInput as error:
            break_off = error
        for name in list(self._waiting):
            yield self._part(name)
        if break_off is not None:
            raise break_off

    def _add(self, table: str, row: Record | Broken) -> str | None:
        """Let a row wait; the table that has to go now, or None."""
        name = table if table in self._plans else next(iter(self._plans))
        turned = self._plans[name].turned
        if turned is not None and isinstance(row, Record):
            row = turned(row)
        waiting = self._waiting.setdefault(name, [])
        waiting.append(row)
        size = ROW_BYTES + len(row.raw or b"")
        self._bytes[name] = self._bytes.get(name, 0) + size
        self._bytes_in_all += size
        if len(waiting) >= CHUNK_ROWS:
            return name
        if self._bytes_in_all >= CHUNK_BYTES:
            return max(self._bytes, key=self._bytes.__getitem__)
        return None

    def _part(self, name: str) -> Part:
        plan, rows = self._plans[name], self._waiting.pop(name)
        self._bytes_in_all -= self._bytes.pop(name)
        good = [row for row in rows if isinstance(row, Record)]
        broken = [row for row in rows if isinstance(row, Broken)]
        chunk = replace(chunk_of(good, broken, list(plan.names)), skipped=plan.skipped)
        return Part(name, self._place_word, iter([chunk]), plan.source_format, plan.why_left)
