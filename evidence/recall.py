"""What reading a content gave before, so that a night reads only what is new.

Invariant: an entry is a pure function of its kind and its content's SHA-256, so that an answer
from here equals a fresh one, and losing the file costs time and nothing else. Whoever changes how
a content is read gives the kind another name. Entries hold no text; the file goes with an erasure.
An entry that `KEPT_TURNS` recomputations in a row did not ask for is dropped, whichever view they
were of: its content is gone, or is read in another way now.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

BUSY_TIMEOUT_S = 30
STATEMENT_KEYS = 500
KEPT_TURNS = 100
SEAL_BYTES = 8
SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (kind TEXT, content TEXT, found BLOB NOT NULL, seal BLOB NOT NULL,
    asked_at_turn INTEGER NOT NULL, PRIMARY KEY (kind, content)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turn (number INTEGER NOT NULL);
INSERT INTO turn SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM turn);
"""
SELECT = (
    "SELECT content, found, seal FROM answer"
    " WHERE kind = ? AND content IN (SELECT value FROM json_each(?)) AND typeof(found) = 'blob'"
)
TOUCH = (
    "UPDATE answer SET asked_at_turn = (SELECT number FROM turn)"
    " WHERE kind = ? AND content IN (SELECT value FROM json_each(?))"
    " AND asked_at_turn < (SELECT number FROM turn)"
)
KEEP = "INSERT OR REPLACE INTO answer SELECT ?, ?, ?, ?, number FROM turn"
TURN = "UPDATE turn SET number = number + 1"
DROP = "DELETE FROM answer WHERE asked_at_turn + ? < (SELECT number FROM turn)"


class Recall(Protocol):
    """Earlier answers by kind and content."""

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """The answers there are, by the SHA-256 (hex) of their content."""
        ...

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep answers by the SHA-256 (hex) of their content."""
        ...

    def turn(self) -> None:
        """A recomputation has asked for all it needs: drop what none has asked for in long."""
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

    def turn(self) -> None:
        """Nothing is kept, nothing is dropped."""


class FileRecall:
    """Answers in one SQLite file, which several processes may share.

    A file that cannot be read or written is as good as none: what it would have said is read
    afresh. One that is no database any more is removed; an entry whose bytes changed is not known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """The answers there are, by the SHA-256 (hex) of their content."""
        answers: dict[str, bytes] = {}
        if not self._path.exists():
            return answers
        wanted = sorted(contents)
        some = range(0, len(wanted), STATEMENT_KEYS)
        asked = [(kind, json.dumps(wanted[start : start + STATEMENT_KEYS])) for start in some]
        with self._bearing_trouble(), closing(self._file()) as file, file:
            for statement in asked:
                answers |= _sound(kind, file.execute(SELECT, statement))
            file.executemany(TOUCH, asked)
        return answers

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep answers by the SHA-256 (hex) of their content."""
        rows = [(kind, c, found[c], _seal(kind, c, found[c])) for c in sorted(found)]
        if rows:
            with self._bearing_trouble(), closing(self._file()) as file, file:
                file.executescript(SCHEMA)
                file.executemany(KEEP, rows)

    def turn(self) -> None:
        """A recomputation has asked for all it needs: drop what none has asked for in long."""
        if self._path.exists():
            with self._bearing_trouble(), closing(self._file()) as file, file:
                file.execute(TURN)
                file.execute(DROP, [KEPT_TURNS])

    def _file(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S)
        file.execute("PRAGMA synchronous = OFF")
        return file

    @contextmanager
    def _bearing_trouble(self) -> Iterator[None]:
        """Let the first trouble with the file end the block."""
        try:
            yield
        except (sqlite3.OperationalError, OSError):
            return
        except sqlite3.DatabaseError:
            self._remove()

    def _remove(self) -> None:
        journal = self._path.with_name(f"{self._path.name}-journal")
        with suppress(OSError):
            for path in (self._path, journal):
                path.unlink(missing_ok=True)


def _sound(kind: str, rows: Iterable[tuple[str, bytes, bytes]]) -> dict[str, bytes]:
    """The entries that are as they were kept."""
    return {c: found for c, found, seal in rows if seal == _seal(kind, c, found)}


def _seal(kind: str, content: str, found: bytes) -> bytes:
    """What tells an entry from one that was damaged."""
    digest = blake2b(f"{kind}/{content}/".encode(), digest_size=SEAL_BYTES)
    digest.update(found)
    return digest.digest()
