"""Locks that die with their process."""

import os
import re
import signal
import subprocess
import sys

import pytest

from evidence.errors import Busy
from evidence.only_one import lock_file, only_one
from tests.api.processes import HOUSE

HOLDING = """
import sys
from pathlib import Path
from evidence.only_one import only_one
with only_one(Path(sys.argv[1]), "sweeps"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_is_at_work_and_since_when(tmp_path):
    who = re.compile(rf"process {os.getpid()}, since 20\S+ \S+ UTC, sweeps; wait until it is done")
    with (
        only_one(tmp_path / "lock", "sweeps"),
        pytest.raises(Busy, match=who),
        only_one(tmp_path / "lock", "sweeps"),
    ):
        pass
    with only_one(tmp_path / "lock", "sweeps"):
        assert (tmp_path / "lock").read_text() == f"process {os.getpid()}"


def test_a_lock_dies_with_its_holder(tmp_path):
    held = (sys.executable, "-c", HOLDING, str(tmp_path / "lock"))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        subprocess.Popen(
            held, cwd=HOUSE, env={**os.environ, "PYTHONPATH": str(HOUSE)}, **pipes
        ) as holder,
        lock_file(tmp_path / "lock") as lock,
    ):
        assert holder.stdout.readline() == "held\n"
        assert not lock.take()
        assert lock.holder().startswith(f"process {holder.pid}, since")
        holder.send_signal(signal.SIGKILL)
        lock.wait()
        assert lock.holder().startswith(f"process {os.getpid()}, since")
