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
HOOKED = "tests.api.hooked"
"""The module that runs the commands; it says what the environment can tell it."""


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
    asked = (sys.executable, "-m", HOOKED, command, *arguments)
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
    asked = (sys.executable, "-u", "-m", HOOKED, command, *arguments)
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


def _environment(extra: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMEHAND_")}
    return {**kept, "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1", **extra}
