"""`samehand`, told where to wait, to die, or to run out of space.

Run as `python -m tests.api.hooked COMMAND ...`. An operation is what the command does to the files
under its working folder, to its ledger or to its graph, and each stage of a recomputation that has
passed; its name is what JOURNAL shows, such as `rename archive/listings/#.parquet`. A moment is the
name of an operation about to be done, and where it is not the first of that name `NAME (2)`.

    JOURNAL  a file that gets the name of every moment
    WAIT_AT  a moment at which to say "waiting" and wait for a line
    DIE_AT   a moment at which to be killed as by kill -9
    FULL_AT  a moment from which on no file grows (RLIMIT_FSIZE)
    CHUNK_ROWS  how many rows of a file make a chunk
"""

import os
import re
import resource
import signal
import sys
from collections import Counter
from pathlib import Path

from neo4j import ManagedTransaction
from sqlalchemy import Engine, event

from api.cli import main
from api.stages import StageLog
from evidence.formats import chunks
from graph.session import Graph

FOLDER = f"{Path.cwd()}/"
WRITING = os.O_WRONLY | os.O_RDWR
ASKED = {name: os.environ.get(name) for name in ("WAIT_AT", "DIE_AT", "FULL_AT")}
NAMES = (
    (re.compile(r"\.?\d{8}T\d{6}Z-[0-9a-f]{4}"), "RUN"),
    (re.compile(r"\.?[0-9a-f]{32,}(-[0-9a-f]{32,})?"), "#"),
)
met: Counter[str] = Counter()
journal = os.open(os.environ.get("JOURNAL", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def meet(operation: str) -> None:
    """The process is about to do this."""
    met[operation] += 1
    moment = operation if met[operation] == 1 else f"{operation} ({met[operation]})"
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0:
        os.write(journal, f"{moment}\n".encode())
    if moment == ASKED["WAIT_AT"]:
        print("waiting", flush=True)
        sys.stdin.readline()
    if moment == ASKED["DIE_AT"]:
        os.kill(os.getpid(), signal.SIGKILL)
    if moment == ASKED["FULL_AT"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def named(path: object) -> str | None:
    """A path under the working folder without what differs from run to run."""
    full = os.path.abspath(os.fsdecode(path)) if isinstance(path, str | bytes | Path) else ""
    if not full.startswith(FOLDER):
        return None
    name = full.removeprefix(FOLDER).removeprefix("workspace/")
    for which, word in NAMES:
        name = which.sub(word, name)
    return name


def audited(name: str, arguments: tuple[object, ...]) -> None:
    if name == "open" and (path := named(arguments[0])):
        flags = arguments[2]
        writes = isinstance(flags, int) and flags & WRITING
        meet(f"{'write' if writes else 'read'} {path}")
    if name == "os.rename" and (path := named(arguments[1])):
        meet(f"rename {path}")


def synced(descriptor: int, sync=os.fsync) -> None:
    if path := named(os.readlink(f"/proc/self/fd/{descriptor}")):
        meet(f"sync {path}")
    sync(descriptor)


def staged(log: StageLog, name: str, count: int, pass_stage=StageLog.__call__) -> None:
    meet(f"end of {name}")
    pass_stage(log, name, count)


def written(graph: Graph, *statements, write=Graph.write, **parameters):
    meet(f"send {statements[0].name}")
    sent.append(statements[0].name)
    return write(graph, *statements, **parameters)


def ran(transaction: ManagedTransaction, *arguments, run=ManagedTransaction.run, **parameters):
    result = run(transaction, *arguments, **parameters)
    if sent:
        meet(f"midst of {sent.pop()}")
    return result


sent: list[str] = []


@event.listens_for(Engine, "commit")
def committed(_: object) -> None:
    meet("commit ledger")


if __name__ == "__main__":
    os.fsync = synced
    StageLog.__call__ = staged
    Graph.write = written
    ManagedTransaction.run = ran
    chunks.CHUNK_ROWS = int(os.environ.get("CHUNK_ROWS", chunks.CHUNK_ROWS))
    sys.addaudithook(audited)
    sys.argv[0] = "samehand"
    main()
