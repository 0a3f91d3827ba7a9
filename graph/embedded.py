"""The embedded graph: one process owns its folder and serves it on loopback, others join.

Who joins loses the graph when the owner ends; who cannot afford that waits until it owns.

Invariant: who holds `owner.lock` owns the folder, and nobody else starts an engine on it. The lock
dies with its holder; so an `owner.json` is the living owner's if the lock is held, and a dead
one's, never read, if it is not.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.durable import remove_folder
from evidence.errors import Busy, GraphUnavailable
from evidence.only_one import LockFile, lock_file
from graph.address import ServerAddress
from graph.engine import running_engine

OWNER_LOCK = "owner.lock"
JOIN_TIMEOUT_S = 60.0
"""How long to wait for an owner that is still starting."""
JOIN_PAUSE_S = 0.1


@contextmanager
def serve(folder: Path) -> Iterator[ServerAddress]:
    """Own the folder's graph and serve it, or find its living owner; until the block ends.

    Raises:
        GraphUnavailable: the engine does not start, or an owner lives but tells no address.
    """
    with lock_file(folder / OWNER_LOCK) as lock:
        address = _living_owner(lock, folder / "owner.json")
        if address is not None:
            yield address
        else:
            with _owned(folder) as own_address:
                yield own_address


@contextmanager
def own(folder: Path, waiting: Callable[[str], None]) -> Iterator[ServerAddress]:
    """Own the folder's graph and serve it, until the block ends; wait for who owns it now.

    Args:
        folder: where the engine keeps its graph.
        waiting: is told who owns it, if somebody does.

    Raises:
        GraphUnavailable: the engine does not start.
    """
    with lock_file(folder / OWNER_LOCK) as lock:
        if not lock.take():
            waiting(lock.holder())
            lock.wait()
        with _owned(folder) as address:
            yield address


def check_free(folder: Path) -> None:
    """Make sure that no process owns the folder's graph at this moment.

    Raises:
        Busy: one does; the message says which.
    """
    with lock_file(folder / OWNER_LOCK) as lock:
        if not lock.take():
            raise Busy(f"{lock.holder()}, owns the graph {folder}; end it and repeat this")


def remove(folder: Path) -> None:
    """Remove the folder's graph with every file of its engine; the next owner begins anew.

    Raises:
        Busy: a process owns it.
    """
    with lock_file(folder / OWNER_LOCK) as lock:
        if not lock.take():
            raise Busy(f"{lock.holder()}, owns the graph {folder}; end it and repeat this")
        remove_folder(folder / "engine")
        (folder / "owner.json").unlink(missing_ok=True)


@contextmanager
def _owned(folder: Path) -> Iterator[ServerAddress]:
    """Run the engine of a folder whose lock is held, and say so and where."""
    left = folder / "owner.json"
    left.unlink(missing_ok=True)
    with running_engine(folder / "engine") as address:
        address.leave_at(left)
        try:
            yield address
        finally:
            left.unlink(missing_ok=True)


def _living_owner(lock: LockFile, left: Path) -> ServerAddress | None:
    """The address of the folder's owner; None where this process has just become the owner."""
    deadline = time.monotonic() + JOIN_TIMEOUT_S
    while time.monotonic() < deadline:
        if lock.take():
            return None
        address = ServerAddress.found_at(left)
        if address is not None:
            return address
        time.sleep(JOIN_PAUSE_S)
    raise GraphUnavailable(f"another process holds {left.parent} and tells no address; end it")
