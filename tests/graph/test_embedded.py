"""The embedded graph: one owner, others join, nothing acknowledged is lost."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.errors import GraphUnavailable
from graph import embedded as owning
from graph import engine
from graph.connection import open_graph
from graph.publish import publish
from graph.store import GraphStore
from tests.graph.runs import NOW, Run, a_run

HOUSE = Path(__file__).parents[2]
OWNER = """
import sys
from pathlib import Path
from graph.connection import open_graph
from graph.publish import publish
from tests.graph.runs import NOW, a_run
with open_graph(Path(sys.argv[1]), None) as graph:
    publish(graph, a_run("old").tables(), a_run("old").summary(), NOW)
    print("published", flush=True)
    sys.stdin.readline()
    write = type(graph).write
    def slowly(self, *statements, **parameters):
        rows = write(self, *statements, **parameters)
        if "rows" in parameters:
            print("wrote", flush=True)
            sys.stdin.readline()
        return rows
    type(graph).write = slowly
    publish(graph, a_run("new").tables(), a_run("new").summary(), NOW)
"""


@pytest.fixture
def owner(tmp_path):
    """Another process that owns a graph with a run in it; each line it is sent lets it go on."""
    child = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "graph")],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )
    assert child.stdout.readline() == "published\n"
    yield child
    child.kill()
    child.communicate()


def go_on(child):
    child.stdin.write("\n")
    child.stdin.flush()
    return child.stdout.readline()


def test_a_second_process_joins_the_living_owner_and_a_kill_loses_nothing(owner, tmp_path):
    folder = tmp_path / "graph"
    with open_graph(folder, None) as joined:
        assert "ArcadeDB" in joined.agent
        assert GraphStore(joined).published().run_id == "old"
    for _ in range(3):
        assert go_on(owner) == "wrote\n"
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert (folder / "owner.json").exists()
    with open_graph(folder, None) as own:
        store = GraphStore(own)
        assert store.published().run_id == "old"
        assert len(store.queue("strong", 0, 10)) == 2
        assert len(store.neighbourhood("agora:Pillow Fort", 2, 50).nodes) == 5
        publish(own, a_run("new").tables(), a_run("new").summary(), NOW)
        assert store.published().run_id == "new"


def test_an_owner_that_is_told_to_end_ends_without_a_crash_and_the_run_stays(owner, tmp_path):
    assert go_on(owner) == "wrote\n"
    owner.terminate()
    assert owner.wait(30) == -signal.SIGTERM
    with open_graph(tmp_path / "graph", None) as graph:
        assert GraphStore(graph).published().run_id == "old"


def test_the_owner_leaves_address_and_secret_for_its_owner_only(embedded, embedded_folder):
    left = embedded_folder / "owner.json"
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    address = json.loads(left.read_text())
    assert address["uri"].startswith("bolt://127.0.0.1:")
    assert len(address["password"]) >= 32


def test_a_wrong_secret_is_refused(embedded, embedded_folder):
    address = owning.ServerAddress.found_at(embedded_folder / "owner.json")
    wrong = owning.ServerAddress(address.uri, address.user, "a guess")
    with pytest.raises(GraphUnavailable, match="refuses"), open_graph(embedded_folder, wrong):
        pass


def test_an_address_does_not_print_its_secret():
    assert "swordfish" not in repr(owning.ServerAddress("bolt://x", "root", "swordfish"))


def test_the_engine_listens_for_bolt_on_loopback_and_for_nothing_else(embedded):
    """Of the listening sockets in /proc, those of this process."""
    mine = {os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if alive(fd)}
    hosts = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                hosts.append(fields[1].rpartition(":")[0])
    loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
    assert hosts
    assert set(hosts) <= loopback


def alive(fd):
    return os.path.lexists(f"/proc/self/fd/{fd}")


def test_a_graph_closed_and_opened_again_still_holds_its_run(tmp_path):
    with open_graph(tmp_path, None) as graph:
        publish(graph, a_run().tables(), a_run().summary(), NOW)
    assert not (tmp_path / "owner.json").exists()
    with open_graph(tmp_path, None) as graph:
        assert GraphStore(graph).account("hansa:Teapot").persona_id == "p-2"


def test_an_engine_that_would_not_be_durable_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "DURABILITY", "yes_full")
    monkeypatch.setattr(engine.Database, "set_wal_flush", lambda database, mode: None)
    with pytest.raises(GraphUnavailable, match="durable"), open_graph(tmp_path, None):
        pass


def test_an_owner_that_tells_no_address_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(owning, "JOIN_TIMEOUT_S", 0.3)
    with open_graph(tmp_path, None):
        (tmp_path / "owner.json").unlink()
        with pytest.raises(GraphUnavailable, match="another process"), open_graph(tmp_path, None):
            pass


def test_batches_larger_than_one_transaction_arrive(tmp_path, monkeypatch):
    run = Run("many")
    for number in range(1_500):
        run.account("agora", f"vendor {number}")
    with open_graph(tmp_path, None) as graph:
        assert publish(graph, run.tables(), run.summary(), NOW).written == 1_501
        assert GraphStore(graph).account("agora:vendor 1499").handle == "vendor 1499"
