"""One recomputation at a time in a workspace; a second one says who runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from evidence.errors import Busy


@contextmanager
def only_one(lock_file: Path, now: datetime) -> Iterator[None]:
    """Be the only one who recomputes; the lock goes with the process, however it ends.

    Args:
        lock_file: the file that is locked, and says who holds it.
        now: the time to write into it.

    Raises:
        Busy: another process recomputes; the message says which, and since when.
    """
    with lock_file.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            raise Busy(f"{holder or 'another process'} recomputes; wait until it is done") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {now:%Y-%m-%d %H:%M:%S} UTC,")
        lock.flush()
        yield
