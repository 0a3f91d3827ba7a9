"""kill -9 at any moment: readers are told of whole runs only, and the next command works.

A moment is one that an uninterrupted command had; a seed chooses one of each stage.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from functools import partial

import pytest

from api.agreement import settle
from api.settings import Settings
from evidence.archive import load_corpus
from evidence.intake import Wish, take_in
from evidence.workspace import Workspace
from graph.connection import open_graph
from graph.publish import publish
from linkage.run_store import RunStore
from linkage.run_tables import RUN_TABLES
from tests.api.processes import HOUSE, samehand
from tests.api.small_world import (
    CHUNK_ROWS,
    EARLIER,
    LATER,
    World,
    polled,
    recomputed,
    served,
    shown,
    told,
)
from tests.graph.conftest import EMPTY, claim, neo4j_address

INTAKE = {
    "reading the file": "read second.csv",
    "storing a photo": r"\w+ blobs",
    "the first batch": r"\w+ archive/(listings|photos)\S+$",
    "its sightings": r"\w+ archive/sightings\S+$",
    "between two batches": r"write archive/listings.* \(\d\)",
    "the second batch": r"\w+ archive/\S+ \(\d\)",
    "quarantine": r"\w+ archive/quarantine",
    "the ledger's entry": "commit ledger",
}
RECOMPUTE = {
    "loading the corpus": "(end of load|commit ledger)",
    "reading": "end of read",
    "meeting": "end of meet",
    "comparing and grouping": "end of (comp|prop|expl|group)",
    "storing tables": r"\w+ runs/RUN/\S+$",
    "storing the summary": r"\w+ runs/RUN/\.?run.json",
    "giving the run its name": "(rename|read|sync) runs(/RUN)?$",
}
PUBLISH = {
    "beginning": "(send|midst of) (run_write|account_key)",
    "markets": "(send|midst of) markets_write",
    "accounts": "(send|midst of) accounts_write",
    "links": "(send|midst of) links_write",
    "personas": "(send|midst of) (personas_write|members_remove)",
    "flows": "(send|midst of) flows_write",
    "the pointer": "(send|midst of) pointer_move",
    "the ledger's entry": r"commit ledger",
}
STORING = """
import sys
from pathlib import Path
from linkage.run_store import RunStore
from tests.api.published import a_small_run

store, run = RunStore(Path(sys.argv[1])), a_small_run()
for number in range(10_000):
    store.write(f"run-{number}", run.tables(), run.summary())
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world") / "world")


class Trial:
    """A copy of a world's folder, in which a command is killed."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self.workspace = Workspace(folder / "workspace")

    def kill(self, ask, moment, command, *arguments, **environment):
        """Kill a command while a reader asks; which runs he was told of."""
        told_to = {"DIE_AT": moment, "CHUNK_ROWS": CHUNK_ROWS}
        with polled(ask) as answers:
            killed = samehand(self.folder, command, *arguments, **told_to, **environment)
        assert killed.returncode == -signal.SIGKILL, f"{moment}: {killed.stdout}{killed.stderr}"
        return {self.world.which(answer) for answer in answers}


@pytest.fixture
def trial(world, tmp_path):
    def begin(folder):
        return Trial(world, shutil.copytree(folder, tmp_path / "trial"))

    return begin


@pytest.mark.slow
@pytest.mark.parametrize("stage", INTAKE)
def test_a_kill_while_taking_in_costs_nothing(world, trial, stage):
    here, moment = trial(world.delivered), world.moment("intake", INTAKE[stage])
    ask = partial(told, here.workspace)
    assert here.kill(ask, moment, "intake", "second.csv") == {0}
    assert load_corpus(here.workspace).account_count in world.account_counts
    report = take_in([here.folder / "second.csv"], Wish(), here.workspace, LATER)
    assert not report.any_refused
    assert not list(here.folder.rglob("*.part"))
    assert recomputed(here.workspace).run_hash == world.hashes[1]


@pytest.mark.slow
@pytest.mark.parametrize("stage", RECOMPUTE)
def test_a_kill_while_computing_and_storing_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), world.moment("recompute", RECOMPUTE[stage])
    assert here.kill(partial(told, here.workspace), moment, "recompute") == {0}
    assert recomputed(here.workspace).run_hash == world.hashes[1]
    assert not list(here.workspace.runs.glob(".*"))
    assert world.which(told(here.workspace)) == 1


def moment_of_publishing(world, stage):
    moments = world.moment("recompute", PUBLISH[stage])
    return moments if stage != "the ledger's entry" else world.last("recompute", "commit ledger")


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["accounts", "the pointer", "the ledger's entry"])
def test_a_kill_of_who_owns_the_graph_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), moment_of_publishing(world, stage)
    assert here.kill(partial(told, here.workspace), moment, "recompute") == {0}
    with served(here.workspace) as client:
        check_agreement(here, client, None)


@pytest.mark.slow
@pytest.mark.parametrize("stage", PUBLISH)
def test_a_kill_while_publishing_beside_the_service_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), moment_of_publishing(world, stage)
    with served(here.workspace) as client:
        seen = here.kill(partial(shown, client), moment, "recompute")
        assert seen == {0} or stage == "the ledger's entry"
        check_agreement(here, client, None)


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.parametrize("stage", PUBLISH)
def test_a_kill_while_publishing_to_neo4j_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), moment_of_publishing(world, stage)
    address = neo4j_address()
    publish_first(here, address)
    named = {"uri": address.uri, "user": address.user, "password": address.password or ""}
    settings = Settings(**{f"neo4j_{name}": value for name, value in named.items()})
    environment = {f"SAMEHAND_NEO4J_{name.upper()}": value for name, value in named.items()}
    with served(here.workspace, settings) as client:
        seen = here.kill(partial(shown, client), moment, "recompute", **environment)
        assert seen == {0} or stage == "the ledger's entry"
        check_agreement(here, client, address)


def publish_first(here, address):
    """Bring a server to where the world's embedded graph is: the run stands in both slots."""
    runs, run_id = RunStore(here.workspace.runs), here.world.published
    tables = {table.name: runs.table(run_id, table.name).collect() for table in RUN_TABLES}
    with open_graph(here.workspace.graph, address) as graph:
        claim(graph)
        graph.write(EMPTY)
        for _ in range(2):
            publish(graph, tables, runs.summary(run_id), EARLIER)


def check_agreement(here, client, server):
    """Pages and commands show one whole run, and the next recomputation is as if nothing was."""
    settle(here.workspace, server)
    here.world.which(shown(client))
    assert shown(client)[0] == told(here.workspace)[0]
    with open_graph(here.workspace.graph, server) as graph:
        again = recomputed(here.workspace, partial(publish, graph))
    assert shown(client) == (again.run_id, here.world.links[1])
    assert told(here.workspace) == (again.run_id, here.world.hashes[1])


def test_a_kill_while_storing_leaves_whole_runs_only(tmp_path):
    rng = random.Random(1)
    runs = Workspace(tmp_path).runs
    process = subprocess.Popen(
        (sys.executable, "-c", STORING, str(runs)),
        cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
    )
    with process:
        for _ in range(rng.randrange(3, 9)):
            assert process.stdout.readline()
        process.kill()
    store = RunStore(runs)
    store.remove_torn()
    assert not list(runs.glob(".*"))
    assert len(store.run_ids()) >= 3
    for run_id in store.run_ids():
        assert (
            store.summary(run_id).counts["links"] == store.table(run_id, "links").collect().height
        )
