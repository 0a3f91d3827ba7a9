"""Rows that others name by an id, kept in a temporary file while a database is read."""

import sqlite3
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from types import TracebackType
from typing import Self

from evidence.errors import RefusedInput

SETUP = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",
    "CREATE TABLE held (place TEXT, key TEXT, name TEXT, value TEXT,"
    " PRIMARY KEY (place, key, name)) WITHOUT ROWID",
)
KEEP = "INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?)"
FIND = "SELECT value FROM held WHERE place = ? AND key = ? AND name = ?"
FIND_ALL = "SELECT name, value FROM held WHERE place = ? AND key = ? ORDER BY name"
BATCH = 10_000
CACHE = 1 << 16

Held = tuple[str, str, str, str]
"""Table, key, name and value."""


class Lookups:
    """Values by table, key and name. Of two values under one key the first stays.

    SQLite keeps what is more than 64 MB in a file that has no name and is gone when it is closed.
    """

    def __init__(self) -> None:
        self._held = sqlite3.connect("", isolation_level=None)
        for statement in SETUP:
            self._held.execute(statement).fetchall()
        self.value = lru_cache(CACHE)(self._value)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._held.close()

    def keep(self, values: Iterable[Held]) -> None:
        """Keep values.

        Raises:
            RefusedInput: there is no room for them.
        """
        rest = iter(values)
        self._held.execute("BEGIN")
        while batch := list(islice(rest, BATCH)):
            try:
                self._held.executemany(KEEP, batch)
            except sqlite3.Error as error:
                raise RefusedInput(f"no room for a forum's names and titles ({error})") from None
        self._held.execute("COMMIT")

    def _value(self, place: str, key: str, name: str) -> str:
        """The value of that name in the row with that key; empty where there is none."""
        found = self._held.execute(FIND, (place, key, name)).fetchone()
        return str(found[0]) if found else ""

    def values(self, place: str, key: str, pattern: str) -> Sequence[tuple[str, str]]:
        """Name and value of all that match a pattern (`*` is anything), by name."""
        found = self._held.execute(FIND_ALL, (place, key)).fetchall()
        return [(name, value) for name, value in found if fnmatchcase(name, pattern)]
