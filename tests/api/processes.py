"""Samehand's commands as processes of their own, to be killed, stopped or left to run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from threading import Timer

HOUSE = Path(__file__).parents[2]
PATIENCE_S = 180.0
"""No command of these tests takes as long on a busy machine."""
HANDLES = ("quillwhistle", "tin_pan", "Pillow-Fort", "kettle.co")
HOOKED = """
import os, signal, sys, threading
from api.cli import main
from graph.session import Graph

write = Graph.write
what, _, where = os.environ.get("MOMENT", "").partition(" ")

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def hooked(self, *statements, **parameters):
    here = where in [statement.name for statement in statements]
    if here and what == "wait-at":
        print("waiting", flush=True)
        sys.stdin.readline()
    if here and what == "kill-before":
        kill()
    if here and what == "kill-within":
        threading.Timer(float(os.environ["AFTER_S"]), kill).start()
    rows = write(self, *statements, **parameters)
    if here and what == "kill-after":
        kill()
    return rows

Graph.write = hooked
sys.argv[0] = "samehand"
main()
"""
ANSWERING = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from api.app import create_app
from api.opened import open_doors
from api.settings import Settings
from evidence.workspace import Workspace

with open_doors(Workspace(Path(sys.argv[1])), Settings(), print) as doors:
    client = TestClient(create_app(doors), base_url="http://127.0.0.1:8000")
    statuses = {client.get("/account", params={"id": name}).status_code for name in sys.argv[2:]}
    links = sum(len(doors.graph.links_of(name, 10)) for name in sys.argv[2:])
    print(doors.graph.published().run_id, sorted(statuses), links)
"""


def deliver(folder: Path) -> list[str]:
    """Two markets whose vendors bear the same handles, taken in; the accounts."""
    delivery = folder / "delivery.csv"
    rows = [f"{market},{handle},copper kettle" for market in "ab" for handle in HANDLES]
    delivery.write_text("\n".join(["market,vendor,title", *rows, ""]))
    done = samehand(folder, "intake", str(delivery))
    assert done.returncode == 0, done.stderr
    return [f"{market}:{handle}" for market in "ab" for handle in HANDLES]


def samehand(
    folder: Path, command: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command on `folder/workspace` to its end, however it ends."""
    asked = (sys.executable, "-c", HOOKED, command, *arguments)
    return subprocess.run(
        (*asked, "--workspace", str(folder / "workspace")),
        cwd=folder,
        env=_environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def running(
    folder: Path, command: str, *arguments: str, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """A command at work on `folder/workspace`; killed with the block, or after `PATIENCE_S`."""
    asked = (sys.executable, "-u", "-c", HOOKED, command, *arguments)
    with subprocess.Popen(
        (*asked, "--workspace", str(folder / "workspace")),
        cwd=folder,
        env=_environment(environment),
        stdin=PIPE,
        stdout=PIPE,
        text=True,
    ) as process:
        watchdog = Timer(PATIENCE_S, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def line_with(process: subprocess.Popen[str], word: str) -> str:
    """The next line that holds the word."""
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"ended without saying {word!r}")


def answers(folder: Path, accounts: list[str], **environment: str) -> tuple[str, str]:
    """What a fresh process reads: the published run's id; statuses of pages and count of links."""
    done = subprocess.run(
        (sys.executable, "-c", ANSWERING, str(folder / "workspace"), *accounts),
        cwd=folder,
        env=_environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    run_id, _, rest = done.stdout.strip().partition(" ")
    return run_id, rest


def _environment(extra: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMEHAND_")}
    return {**kept, "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1", **extra}
