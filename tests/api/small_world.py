"""A workspace with a published run, a delivery that waits, and what readers may be told of them."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGKILL
from threading import Event

from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import insert

from api.agreement import settle
from api.app import create_app
from api.nightly import Night, Publish, recompute
from api.opened import open_doors
from api.settings import Settings
from api.stages import StageLog
from evidence.archive import load_corpus
from evidence.intake.intake import Wish, take_in
from evidence.ledger import Ledger
from evidence.ledger_schema import DECISION_ROWS
from evidence.workspace import Workspace
from graph.connection import ServerAddress, open_graph
from graph.publish import publish
from linkage.model import load_model
from linkage.run_hash import run_hash
from linkage.run_store import RunStore, RunSummary
from linkage.run_tables import RUN_TABLES
from tests.api.processes import samehand

FIRST = """market,vendor,title
a,quillwhistle,copper kettle
a,tin_pan,copper kettle
b,quillwhistle,tin pan
b,tin_pan,
b,kettle.co,oak stool
"""
SECOND = """market,vendor,title,photos
c,quillwhistle,pewter jug,kettle.png
c,tin_pan,pewter jug,
c
c,kettle.co,pewter jug,
"""
CHUNK_ROWS = "2"
"""So the second delivery comes in two chunks."""
EARLIER, LATER = datetime(2017, 12, 4, tzinfo=UTC), datetime(2100, 12, 4, tzinfo=UTC)
"""Runs made in this process began before or after those of the processes that are killed."""
MODEL = load_model()
PAUSE_S = 0.03

Answer = tuple[str, str]
"""The run that was read, and what was read of it."""


def told(workspace: Workspace) -> Answer:
    """What a command reads now: the recorded run, and the run hash of what its tables hold."""
    with Ledger.open(workspace) as ledger:
        run_id = str(ledger.published_run())
    runs = RunStore(workspace.runs)
    tables = {table.name: runs.table(run_id, table.name).collect() for table in RUN_TABLES}
    personas = tables["members"].group_by("persona_id").agg("account_id")["account_id"].to_list()
    return run_id, run_hash(runs.summary(run_id), tables, personas)


def shown(client: TestClient) -> Answer:
    """What the service answers now: the run, and its links."""
    answer = client.get("/v1/links", params={"bucket": "lead"})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    return page["run_id"], json.dumps(page["links"], sort_keys=True)


@contextmanager
def polled(ask: Callable[[], Answer]) -> Iterator[list[Answer]]:
    """What a reader was answered, who asks again and again while the block runs."""
    answers, done = [], Event()

    def poll() -> None:
        while not done.wait(PAUSE_S):
            answers.append(ask())

    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(poll)
        try:
            yield answers
        finally:
            done.set()
            reading.result()


@contextmanager
def served(workspace: Workspace, settings: Settings | None = None) -> Iterator[TestClient]:
    """The service over a workspace."""
    with open_doors(workspace, settings or Settings(), print) as doors:
        yield TestClient(create_app(doors), base_url="http://127.0.0.1:8000")


def to_nobody(*_: object) -> None:
    """Publish to no graph."""


def recomputed(workspace: Workspace, to: Publish = to_nobody, at: datetime = LATER) -> RunSummary:
    """A recomputation in this process, to its end."""
    return recompute(Night(workspace, MODEL, to, lambda: at, StageLog(to_nobody)))


class World:
    """What a workspace goes through where nothing happens; a trial gets a copy of its folders.

    Attributes:
        delivered: a folder with the deliveries and `workspace`, in which the first is taken in and
            its run published.
        taken_in: the same, and the second delivery taken in.
        published: the id of the published run.
        hashes: of that run, and of the one over both deliveries.
        links: what the service answers of either.
        account_counts: how many accounts either saw.
        journal: by command the moments of an uninterrupted one.
    """

    def __init__(self, root: Path) -> None:
        self.delivered, self.taken_in, after = (root / name for name in ("one", "two", "three"))
        self._publish_first(self.delivered)
        self.journal = {}
        shutil.copytree(self.delivered, self.taken_in)
        self._run(self.taken_in, "intake", "second.csv")
        shutil.copytree(self.taken_in, after)
        workspace = Workspace(after / "workspace")
        with served(workspace) as client:
            first, self.published = shown(client)[1], shown(client)[0]
            hashes = [told(workspace)[1]]
            self._run(after, "recompute")
            self.links = (first, shown(client)[1])
            self.hashes = (hashes[0], told(workspace)[1])
        self.account_counts = tuple(
            load_corpus(Workspace(folder / "workspace")).account_count
            for folder in (self.delivered, self.taken_in)
        )

    def _publish_first(self, folder: Path) -> None:
        """Twice, so that both slots of the graph hold something."""
        folder.mkdir(parents=True)
        (folder / "first.csv").write_text(FIRST)
        (folder / "second.csv").write_text(SECOND)
        Image.effect_noise((32, 32), 60.0).save(folder / "kettle.png")
        workspace = Workspace(folder / "workspace")
        take_in([folder / "first.csv"], Wish(), workspace, EARLIER)
        rule_same(workspace, "a:quillwhistle", "b:quillwhistle")
        rule_same(workspace, "a:tin_pan", "c:tin_pan")
        with open_graph(workspace.graph, None) as graph:
            for day in range(2):
                at = EARLIER + timedelta(days=day)
                to = partial(publish, graph)
                recomputed(workspace, to, at)

    def _run(self, folder: Path, command: str, *arguments: str) -> None:
        journal = folder / f"{command}.txt"
        done = samehand(folder, command, *arguments, JOURNAL=str(journal), CHUNK_ROWS=CHUNK_ROWS)
        assert done.returncode == 0, done.stderr
        self.journal[command] = journal.read_text().splitlines()

    def moment(self, command: str, stage: str) -> str:
        """One of the moments of a stage, chosen by a seed."""
        moments = [moment for moment in self.journal[command] if re.match(stage, moment)]
        return Random(stage).choice(moments)

    def last(self, command: str, stage: str) -> str:
        """The last moment of a stage."""
        return [moment for moment in self.journal[command] if re.match(stage, moment)][-1]

    def which(self, answer: Answer) -> int:
        """Of which run an answer is, 0 or 1; it is whole, and of nothing else."""
        run = int(answer[0] != self.published)
        assert answer[1] in (self.hashes[run], self.links[run])
        return run


def rule_same(workspace: Workspace, left: str, right: str) -> None:
    """Somebody decides that two accounts are one hand."""
    needed = {column.name: "" for column in DECISION_ROWS.c if not column.nullable}
    del needed["number"]
    ruled = {
        "left": left,
        "right": right,
        "ruling": "same",
        "decided_at": EARLIER.replace(tzinfo=None),
    }
    with Ledger.open(workspace) as ledger, ledger.writing() as connection:
        connection.execute(insert(DECISION_ROWS), needed | ruled)


class Trial:
    """A copy of a world's folder, in which a command comes to harm while a reader asks."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.workspace = Workspace(folder / "workspace")

    def kill(
        self, moment: str, *asked: str, client: TestClient | None = None, **environment: str
    ) -> set[int]:
        """Kill a command; of which runs a reader, of the service if there is one, was told."""
        told_to = {"DIE_AT": moment, "CHUNK_ROWS": CHUNK_ROWS}
        with polled(partial(shown, client) if client else partial(told, self.workspace)) as answers:
            killed = samehand(self.folder, *asked, **told_to, **environment)
        assert killed.returncode == -SIGKILL, f"{moment}: {killed.stdout}{killed.stderr}"
        return {self.world.which(answer) for answer in answers}

    def fill(self, moment: str, *asked: str) -> str:
        """Let the disk be full from a moment on; what the command says of it."""
        with polled(partial(told, self.workspace)) as answers:
            failed = samehand(self.folder, *asked, FULL_AT=moment, CHUNK_ROWS=CHUNK_ROWS)
        assert failed.returncode == 1, f"{moment}: {failed.stdout}{failed.stderr}"
        assert {self.world.which(answer) for answer in answers} == {0}
        return failed.stderr

    def take_in_again(self) -> None:
        """What was cut off or refused is taken in by the same command."""
        assert load_corpus(self.workspace).account_count in self.world.account_counts
        report = take_in([self.folder / "second.csv"], Wish(), self.workspace, LATER)
        assert not report.any_refused
        assert recomputed(self.workspace).run_hash == self.world.hashes[1]

    def check_published(self, client: TestClient, server: ServerAddress | None = None) -> None:
        """Pages and commands show one whole run; the next one is as if nothing had happened."""
        settle(self.workspace, server)
        self.world.which(shown(client))
        assert shown(client)[0] == told(self.workspace)[0]
        with open_graph(self.workspace.graph, server) as graph:
            again = recomputed(self.workspace, partial(publish, graph))
        assert shown(client) == (again.run_id, self.world.links[1])
        assert told(self.workspace) == (again.run_id, self.world.hashes[1])
