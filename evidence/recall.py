"""What reading a content gave before, so that a night reads only what is new.

Invariant: an entry is a pure function of its kind and its content's SHA-256, so that an answer
from here equals a fresh one, and losing the file costs time and nothing else. Whoever changes how
a content is read gives the kind another name. Entries hold no text; the file goes with an erasure.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

BUSY_TIMEOUT_S = 30
STATEMENT_KEYS = 500
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entry"
    " (kind TEXT, content TEXT, found BLOB NOT NULL, PRIMARY KEY (kind, content)) WITHOUT ROWID"
)
SELECT = (
    "SELECT content, found FROM entry"
    " WHERE kind = ? AND content IN (SELECT value FROM json_each(?))"
)


class Recall(Protocol):
    """Earlier answers by kind and content."""

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """The answers there are, by the SHA-256 (hex) of their content."""
        ...

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep answers by the SHA-256 (hex) of their content."""
        ...


class NoRecall:
    """Remembers nothing."""

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """Nothing."""
        del kind, contents
        return {}

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Forget at once."""
        del kind, found


class FileRecall:
    """Answers in one SQLite file.

    A file that cannot be read or written is as good as none: what it would have said is read
    afresh.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """The answers there are, by the SHA-256 (hex) of their content."""
        if not self._path.exists():
            return {}
        wanted = sorted(contents)
        answers: dict[str, bytes] = {}
        try:
            with closing(self._open()) as file:
                for start in range(0, len(wanted), STATEMENT_KEYS):
                    some = wanted[start : start + STATEMENT_KEYS]
                    answers.update(file.execute(SELECT, [kind, json.dumps(some)]).fetchall())
        except (sqlite3.Error, OSError):
            return {}
        return answers

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep answers by the SHA-256 (hex) of their content."""
        if not found:
            return
        rows = [(kind, content, found[content]) for content in sorted(found)]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(self._open()) as file, file:
                file.execute(SCHEMA)
                file.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", rows)
        except (sqlite3.Error, OSError):
            return

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S)
