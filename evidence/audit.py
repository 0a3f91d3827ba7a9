"""The audit log: who looked at what, for which case, on what ground.

Invariant: entries are only appended; each carries the SHA-256 of the one before, so that a
changed, removed or inserted entry is found by `verify`. Removing entries from the end is found only
against a count or hash kept elsewhere.

What people wrote (`SEALED`) enters the chain as a salted SHA-256. So an erasure can blank a text
and its salt, and the chain still holds; but only an entry that says which texts it blanked, and is
itself in the chain, makes a blank one good.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from evidence.durable import write_bytes
from evidence.errors import SamehandError
from evidence.workspace import Workspace

START = "0" * 64
SEALED = ("case", "purpose", "subject")
SALT_BYTES = 16
Fields = dict[str, Any]


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
        with self._held() as stream:
            before = _last_hash(stream)
            stream.write(_line(_chained(_fields(entry), before)))
            stream.flush()
            os.fsync(stream.fileno())

    def blank(self, mentions: Callable[[Sequence[str]], Sequence[bool]], entry: AuditEntry) -> int:
        """Blank every text that mentions something erased, and append the entry that says so.

        Args:
            mentions: for each of n texts, whether it does.
            entry: the erasure.

        Returns:
            How many texts were blanked.
        """
        with self._held() as stream:
            last = _last_hash(stream)
            entries = [fields for _, fields in _entries(self._path)]
            blanked = _blank(entries, mentions)
            said = _fields(entry) | {"blanked": blanked}
            lines = [_line(fields) for fields in (*entries, _chained(said, last))]
            write_bytes(b"".join(lines), self._path)
            self._path.chmod(0o600)
        return sum(len(names) for names in blanked.values())

    def verify(self) -> int:
        """How many entries there are, every one of them in its place.

        Raises:
            BrokenAuditLog: an entry was changed, removed or put in between, or a text is blank that
                no erasure blanked.
        """
        before, number, blank = START, 0, set[tuple[int, str]]()
        for number, entry in _entries(self._path):
            if entry.get("before") != before or entry.get("hash") != _digest(entry):
                raise self._broken(number)
            missing = [name for name in SEALED if entry.get(name) is None]
            seals = entry.get("seals", {})
            if any(_seal(entry, n) != seals.get(n) for n in SEALED if n not in missing):
                raise self._broken(number)
            blank |= {(number, name) for name in missing}
            blank -= {
                (int(n), name) for n, names in entry.get("blanked", {}).items() for name in names
            }
            before = str(entry["hash"])
        if blank:
            raise self._broken(min(blank)[0])
        return number

    def _broken(self, number: int) -> BrokenAuditLog:
        return BrokenAuditLog(f"{self._path}: line {number} is not what was written there")

    @contextmanager
    def _held(self) -> Iterator[BinaryIO]:
        """The file, open and locked; opened anew where an erasure has put another in its place."""
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                if self._path.exists() and _is_same(stream, self._path):
                    yield stream
                    return


def _entries(path: Path) -> Iterator[tuple[int, Fields]]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield number, dict(json.loads(line))
                except ValueError as error:
                    raise BrokenAuditLog(f"{path}: line {number} is not an entry") from error


def _fields(entry: AuditEntry) -> Fields:
    fields = asdict(entry) | {"at": entry.at.isoformat()}
    fields["salts"] = {name: secrets.token_hex(SALT_BYTES) for name in SEALED}
    return fields | {"seals": {name: _seal(fields, name) for name in SEALED}}


def _seal(fields: Fields, name: str) -> str:
    salt = fields.get("salts", {}).get(name)
    return sha256(f"{salt}{fields[name]}".encode()).hexdigest()


def _chained(fields: Fields, before: str) -> Fields:
    chained = fields | {"before": before}
    return chained | {"hash": _digest(chained)}


def _digest(fields: Fields) -> str:
    """The SHA-256 of an entry; texts count by their seals."""
    counted = {n: value for n, value in fields.items() if n not in (*SEALED, "salts", "hash")}
    return sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()


def _line(fields: Fields) -> bytes:
    return json.dumps(fields, sort_keys=True).encode() + b"\n"


def _blank(
    entries: Sequence[Fields], mentions: Callable[[Sequence[str]], Sequence[bool]]
) -> dict[str, list[str]]:
    """Blank the texts that mention something erased; names of the blanked ones by line."""
    places = [(n, name) for n, e in enumerate(entries, 1) for name in SEALED if e[name] is not None]
    found = mentions([entries[number - 1][name] for number, name in places])
    blanked: dict[str, list[str]] = {}
    for (number, name), mentioned in zip(places, found, strict=True):
        if mentioned:
            entries[number - 1][name] = entries[number - 1]["salts"][name] = None
            blanked.setdefault(str(number), []).append(name)
    return blanked


def _last_hash(stream: BinaryIO) -> str:
    """The hash of the last whole line; a line torn by a crash is cut off first."""
    end, tail_bytes, whole = stream.seek(0, os.SEEK_END), 0, b""
    while whole.count(b"\n") < 2 and tail_bytes < end:
        tail_bytes = min(end, max(65536, 2 * tail_bytes))
        stream.seek(end - tail_bytes)
        tail = stream.read()
        whole = tail[: tail.rfind(b"\n") + 1]
    stream.truncate(end - tail_bytes + len(whole))
    lines = whole.splitlines()
    return str(json.loads(lines[-1])["hash"]) if lines else START


def _is_same(stream: BinaryIO, path: Path) -> bool:
    return os.path.samestat(os.fstat(stream.fileno()), path.stat())
