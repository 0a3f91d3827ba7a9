"""The audit log: who looked at what, for which case, on what ground.

Invariant: entries are only appended; each carries the SHA-256 of the one before, so that a
changed, removed or inserted entry is found by `verify`. Removing entries from the end is found only
against a count or hash kept elsewhere.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from evidence.errors import SamehandError
from evidence.workspace import Workspace

START = "0" * 64


@dataclass(frozen=True)
class AuditEntry:
    """One act: `actor` did `action` on `subject` for `case` with `purpose` at `at` (aware UTC).

    `view` is the view that was read.
    """

    at: datetime
    actor: str
    case: str
    purpose: str
    action: str
    subject: str
    view: str = "all"


class BrokenAuditLog(SamehandError):
    """The chain does not hold; the message names the first entry that is wrong."""


class AuditLog:
    """A workspace's audit log, one JSON line an entry."""

    def __init__(self, workspace: Workspace) -> None:
        workspace.create()
        self._path = workspace.root / "audit.jsonl"

    def append(self, entry: AuditEntry) -> None:
        """Write one entry and wait until it is on disk; safe between processes and threads.

        Raises:
            OSError: it could not be written; then nothing may be shown.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            fields = asdict(entry) | {"at": entry.at.isoformat(), "before": _last_hash(stream)}
            stream.write(_sealed(fields))
            stream.flush()
            os.fsync(stream.fileno())

    def verify(self) -> int:
        """How many entries there are, every one of them in its place.

        Raises:
            BrokenAuditLog: an entry was changed, removed or put in between.
        """
        before, number = START, 0
        for number, entry in enumerate(_entries(self._path), 1):
            claimed = entry.pop("hash", None)
            if entry.get("before") != before or claimed != _digest(entry):
                raise BrokenAuditLog(f"{self._path}: line {number} is not what was written there")
            before = str(claimed)
        return number


def _entries(path: Path) -> Iterator[dict[str, object]]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield dict(json.loads(line))
                except ValueError as error:
                    raise BrokenAuditLog(f"{path}: line {number} is not an entry") from error


def _digest(fields: dict[str, object]) -> str:
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _sealed(fields: dict[str, object]) -> bytes:
    return json.dumps(fields | {"hash": _digest(fields)}, sort_keys=True).encode() + b"\n"


def _last_hash(stream: BinaryIO) -> str:
    """The hash of the last whole line; a line torn by a crash is cut off first."""
    end = stream.seek(0, os.SEEK_END)
    tail_bytes = 65536
    stream.seek(max(0, end - tail_bytes))
    tail = stream.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    stream.truncate(end - (len(tail) - len(whole)))
    lines = whole.splitlines()
    return str(json.loads(lines[-1])["hash"]) if lines else START
