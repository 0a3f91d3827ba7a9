"""kill -9 at any moment: readers are told of whole runs only, and the next command works.

A moment is one that an uninterrupted command had; a seed chooses one of each stage.
"""

import os
import random
import subprocess
import sys

import pytest

from api.settings import Settings
from evidence.workspace import Workspace
from graph.connection import open_graph
from graph.publish import publish
from linkage.run_store import RunStore
from linkage.run_tables import RUN_TABLES
from tests.api.processes import HOUSE
from tests.api.small_world import (
    EARLIER,
    recomputed,
    served,
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


@pytest.mark.slow
@pytest.mark.parametrize("stage", INTAKE)
def test_a_kill_while_taking_in_costs_nothing(world, trial, stage):
    here, moment = trial(world.delivered), world.moment("intake", INTAKE[stage])
    assert here.kill(moment, "intake", "second.csv") == {0}
    here.take_in_again()
    assert not list(here.folder.rglob("*.part"))


@pytest.mark.slow
@pytest.mark.parametrize("stage", RECOMPUTE)
def test_a_kill_while_computing_and_storing_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), world.moment("recompute", RECOMPUTE[stage])
    assert here.kill(moment, "recompute") == {0}
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
    assert here.kill(moment, "recompute") == {0}
    with served(here.workspace) as client:
        here.check_published(client)


@pytest.mark.slow
@pytest.mark.parametrize("stage", PUBLISH)
def test_a_kill_while_publishing_beside_the_service_costs_nothing(world, trial, stage):
    here, moment = trial(world.taken_in), moment_of_publishing(world, stage)
    with served(here.workspace) as client:
        seen = here.kill(moment, "recompute", client=client)
        assert seen == {0} or stage == "the ledger's entry"
        here.check_published(client)


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
        seen = here.kill(moment, "recompute", client=client, **environment)
        assert seen == {0} or stage == "the ledger's entry"
        here.check_published(client, address)


def publish_first(here, address):
    """Bring a server to where the world's embedded graph is: the run stands in both slots."""
    runs, run_id = RunStore(here.workspace.runs), here.world.published
    tables = {table.name: runs.table(run_id, table.name).collect() for table in RUN_TABLES}
    with open_graph(here.workspace.graph, address) as graph:
        claim(graph)
        graph.write(EMPTY)
        for _ in range(2):
            publish(graph, tables, runs.summary(run_id), EARLIER)


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
