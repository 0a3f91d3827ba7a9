import socket
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from urllib.request import urlopen

import pytest

from api.commands.serve import address_of, listen
from evidence.audit import AuditLog
from evidence.errors import RefusedInput
from evidence.workspace import Workspace


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "samehand.example"])
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(RefusedInput, match="this machine only"):
        listen(host, 0)


def test_a_taken_port_is_named() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(RefusedInput, match=f"port {port}"):
            listen("localhost", port)


def test_the_address_can_be_typed_into_a_browser() -> None:
    with listen("localhost", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 on this machine")
def test_an_ipv6_address_stands_in_brackets() -> None:
    with listen("::1", 0) as listener:
        assert address_of(listener).startswith("http://[::1]:")


@pytest.mark.slow
def test_a_served_workspace_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    command = ("-c", "from api.cli import main; main()", "serve", "--port", "0")
    with subprocess.Popen(
        (sys.executable, *command, "--workspace", str(tmp_path)), stdout=PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        with urlopen(address) as answer:
            assert "Nothing is published yet" in answer.read().decode()
        process.terminate()
    assert process.returncode == 0
    assert AuditLog(Workspace(tmp_path)).verify() == 1
    assert not (tmp_path / "graph" / "all" / "owner.json").exists()
