"""A recomputation killed at any point: the published run still answers, the next one works."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.workspace import Workspace
from graph.connection import open_graph
from linkage.run_store import RunStore
from tests.api.processes import HOUSE, answers, deliver, line_with, running, samehand
from tests.graph.conftest import EMPTY, claim, neo4j_address

WRITES = (
    "run_write",
    "markets_write",
    "accounts_write",
    "links_write",
    "flows_write",
    "pointer_move",
)
"""What a publication of the small delivery writes, in this order."""


class Published:
    """A workspace with a published run, and what it must go on answering."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.environment = folder, environment
        self.accounts = deliver(folder)
        self.run_hash = self.recompute()
        self.answer = answers(folder, self.accounts, **environment)
        assert self.answer[1] == "[200] 8"

    def recompute(self) -> str:
        done = samehand(self.folder, "recompute", "--json", **self.environment)
        assert done.returncode == 0, done.stderr
        run_hash: str = json.loads(done.stdout)["run_hash"]
        return run_hash

    def killed_while_publishing(self, moment: str, after_s: float = 0.0) -> None:
        hook = {"MOMENT": moment, "AFTER_S": str(after_s)}
        killed = samehand(self.folder, "recompute", **hook, **self.environment)
        assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr

    def check_still_answers(self) -> None:
        assert answers(self.folder, self.accounts, **self.environment) == self.answer

    def check_next_one_works(self) -> None:
        assert self.recompute() == self.run_hash
        run_id, rest = answers(self.folder, self.accounts, **self.environment)
        assert (run_id != self.answer[0], rest) == (True, self.answer[1])
        assert not list((self.folder / "workspace" / "runs").glob(".*"))


@pytest.mark.slow
def test_kills_while_reading_linking_and_storing_cost_nothing(tmp_path):
    published = Published(tmp_path)
    for stage in ("load the corpus", "meet photo", "compare with last run"):
        with running(tmp_path, "recompute") as process:
            line_with(process, stage)
            process.kill()
            assert process.wait() == -signal.SIGKILL
    published.check_still_answers()
    published.check_next_one_works()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_kills_while_publishing_to_the_embedded_graph_cost_nothing(tmp_path, seed):
    publishing_survives_kills(Published(tmp_path), random.Random(seed))


@pytest.mark.slow
@pytest.mark.neo4j
def test_kills_while_publishing_to_neo4j_cost_nothing(tmp_path):
    address = neo4j_address()
    with open_graph(tmp_path / "unused", address) as graph:
        claim(graph)
        graph.write(EMPTY)
    settings = {"SAMEHAND_NEO4J_URI": address.uri, "SAMEHAND_NEO4J_USER": address.user}
    if address.password:
        settings["SAMEHAND_NEO4J_PASSWORD"] = address.password
    publishing_survives_kills(Published(tmp_path, **settings), random.Random(7))


def publishing_survives_kills(published, rng):
    """Three kills one after another, each further, the middle one in the midst of a write."""
    first, second, third = (WRITES[n] for n in sorted(rng.sample(range(len(WRITES)), 3)))
    published.killed_while_publishing(f"kill-before {first}")
    published.check_still_answers()
    published.killed_while_publishing(f"kill-within {second}", rng.uniform(0.0, 0.01))
    published.check_still_answers()
    published.killed_while_publishing(f"kill-before {third}")
    published.check_still_answers()
    published.check_next_one_works()


@pytest.mark.slow
def test_a_kill_just_after_the_pointer_moved_leaves_the_new_run_to_its_readers(tmp_path):
    published = Published(tmp_path)
    published.killed_while_publishing("kill-after pointer_move")
    run_id, rest = answers(tmp_path, published.accounts)
    assert (run_id > published.answer[0], rest) == (True, published.answer[1])
    assert published.recompute() == published.run_hash


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
