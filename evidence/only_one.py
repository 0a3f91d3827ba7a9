"""Locks that die with their process: one recomputes, one takes files in, one owns the graph.

Invariant: who holds the kernel's lock on a lock file (flock(2)) is the only one, and the kernel
takes it back when he dies, however he dies. What stands in the file is for people only.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from evidence.durable import writing_to
from evidence.errors import Busy


@contextmanager
def only_one(path: Path, doing: str) -> Iterator[None]:
    """Be the only one who does this, until the block ends.

    Args:
        path: the lock file; made where it is missing.
        doing: what the holder does, to be said after his name: "recomputes".

    Raises:
        Busy: another process does; the message says which, and since when.
    """
    with lock_file(path) as lock:
        if not lock.take():
            raise Busy(f"{lock.holder()}, {doing}; wait until it is done")
        yield


@contextmanager
def one_after_another(path: Path) -> Iterator[None]:
    """Be the only one within the block; who is not waits."""
    with lock_file(path) as lock:
        lock.wait()
        yield


@contextmanager
def lock_file(path: Path) -> Iterator["LockFile"]:
    """An open lock file, not taken yet; let go with the block."""
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        stream = path.open("a+b", buffering=0)
    with stream:
        yield LockFile(stream, path)


class LockFile:
    """A file that one process at a time can hold."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path

    def take(self) -> bool:
        """Hold it, if nobody else does."""
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._sign()
        return True

    def wait(self) -> None:
        """Hold it as soon as nobody else does."""
        fcntl.flock(self._stream, fcntl.LOCK_EX)
        self._sign()

    def holder(self) -> str:
        """Who holds it, for people: "process 12, since 2020-05-01 02:00:00 UTC"."""
        self._stream.seek(0)
        name = self._stream.read().decode() or "another process"
        since = datetime.fromtimestamp(os.fstat(self._stream.fileno()).st_mtime, UTC)
        return f"{name}, since {since:%Y-%m-%d %H:%M:%S} UTC"

    def _sign(self) -> None:
        with writing_to(self._path):
            self._stream.truncate(0)
            self._stream.write(b"process %d" % os.getpid())
