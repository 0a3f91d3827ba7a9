"""The embedded graph: one process owns its folder and serves it on loopback, others join.

Invariant: who holds the lock on `owner.lock` owns the folder, and nobody else starts an engine on
it. The kernel takes the lock back when its holder dies, however it dies; so an `owner.json` is the
living owner's if the lock is held, and a dead one's, never read, if it is not.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.errors import GraphUnavailable
from graph.address import ServerAddress
from graph.engine import running_engine

JOIN_TIMEOUT_S = 60.0
"""How long to wait for an owner that is still starting."""
JOIN_PAUSE_S = 0.1


@contextmanager
def serve(folder: Path) -> Iterator[ServerAddress]:
    """Own the folder's graph and serve it, or find its living owner; until the block ends.

    Raises:
        GraphUnavailable: the engine does not start, or an owner lives but tells no address.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    left = folder / "owner.json"
    with (folder / "owner.lock").open("a") as lock:
        address = _living_owner(lock.fileno(), left)
        if address is not None:
            yield address
            return
        left.unlink(missing_ok=True)
        with running_engine(folder / "engine") as own:
            own.leave_at(left)
            try:
                yield own
            finally:
                left.unlink(missing_ok=True)


def _living_owner(lock: int, left: Path) -> ServerAddress | None:
    """The address of the folder's owner; None where this process has just become the owner."""
    deadline = time.monotonic() + JOIN_TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
        address = ServerAddress.found_at(left)
        if address is not None:
            return address
        time.sleep(JOIN_PAUSE_S)
    raise GraphUnavailable(f"another process holds {left.parent} and tells no address; end it")
