"""The service over one small published run in the embedded graph."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.doors import Doors
from api.questions import Questions
from evidence.audit import AuditLog
from evidence.ledger import Ledger
from evidence.sources import Source
from evidence.workspace import Workspace
from graph.connection import open_graph
from graph.publish import publish
from graph.store import GraphStore
from linkage.run_store import RunStore
from tests.api.published import SOURCE_ID, PublishedRun, a_small_run

if TYPE_CHECKING:
    from tests.api.small_world import Trial, World

NOW = datetime(2018, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Installation:
    """A workspace with its doors open, and the way to publish another run."""

    workspace: Workspace
    doors: Doors
    publish: Callable[[PublishedRun], None]

    def client(self) -> TestClient:
        return TestClient(create_app(self.doors), base_url="http://127.0.0.1:8000")


def install(folder: Path, stack: ExitStack) -> Installation:
    workspace = Workspace(folder)
    ledger = stack.enter_context(Ledger.open(workspace))
    graph = stack.enter_context(open_graph(workspace.graph, None))
    runs = RunStore(workspace.runs)

    def publish_run(run: PublishedRun) -> None:
        runs.write(run.run_id, run.tables(), run.summary())
        publish(graph, run.tables(), run.summary(), NOW)

    ledger.add_source(Source(SOURCE_ID, "lantern.csv", 10, NOW))
    audit = AuditLog(workspace)
    questions = Questions(workspace, ledger, "all")
    doors = Doors(GraphStore(graph), runs, ledger, audit, lambda: NOW, "local", questions)
    return Installation(workspace, doors, publish_run)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A small run, published once for all tests that only read."""
    with ExitStack() as stack:
        installation = install(tmp_path_factory.mktemp("small"), stack)
        installation.publish(a_small_run())
        yield installation


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """Nothing is published yet."""
    with ExitStack() as stack:
        yield install(tmp_path, stack)


@pytest.fixture
def audit(tmp_path: Path) -> AuditLog:
    """An audit log of the test's own."""
    return AuditLog(Workspace(tmp_path / "audited"))


@pytest.fixture
def client(small: Installation, audit: AuditLog) -> TestClient:
    """A client of the small run, with the test's own audit log."""
    return replace(small, doors=replace(small.doors, audit=audit)).client()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> "World":
    """What a workspace goes through where nothing happens."""
    from tests.api.small_world import World

    return World(tmp_path_factory.mktemp("world") / "world")


@pytest.fixture
def trial(world: "World", tmp_path: Path) -> "Callable[[Path], Trial]":
    """A trial on a copy of one of the world's folders."""
    from tests.api.small_world import Trial

    return lambda folder: Trial(world, shutil.copytree(folder, tmp_path / "trial"))
