"""Both engines: the embedded one always, a Neo4j server where one is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.connection import Graph, ServerAddress, open_graph
from graph.statements import Statement
from graph.store import GraphStore

EMPTY = Statement("empty", "MATCH (n) WHERE NOT n:SamehandTests DETACH DELETE n", writes=True)
MARK = Statement("mark", "MERGE (:SamehandTests)", writes=True)
FOREIGN = Statement("foreign", "MATCH (n) RETURN count(n) AS nodes", writes=False)
MARKED = Statement("marked", "MATCH (n:SamehandTests) RETURN count(n) AS marks", writes=False)


def neo4j_address() -> ServerAddress:
    """The server that the tests may use; skips, or fails where it is required."""
    uri = os.environ.get("SAMEHAND_TEST_NEO4J_URI")
    if uri is None:
        say = pytest.fail if os.environ.get("SAMEHAND_REQUIRE_NEO4J") == "1" else pytest.skip
        say("no Neo4j: name one in SAMEHAND_TEST_NEO4J_URI, or run `make test`")
    user = os.environ.get("SAMEHAND_TEST_NEO4J_USER", "neo4j")
    return ServerAddress(str(uri), user, os.environ.get("SAMEHAND_TEST_NEO4J_PASSWORD"))


def claim(graph: Graph) -> None:
    """Refuse a database that holds anything which is not the tests' own."""
    marked = graph.read(MARKED)[0]["marks"] > 0
    if not marked and graph.read(FOREIGN)[0]["nodes"] > 0:
        pytest.exit("SAMEHAND_TEST_NEO4J_URI names a database with contents; tests would delete it")
    graph.write(MARK)


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "graph"


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Iterator[Graph]:
    with open_graph(embedded_folder, None) as graph:
        claim(graph)
        yield graph


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    with open_graph(tmp_path_factory.mktemp("unused"), neo4j_address()) as graph:
        claim(graph)
        yield graph


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def graph(request: pytest.FixtureRequest) -> Graph:
    """An empty graph, on each engine in turn."""
    opened: Graph = request.getfixturevalue(request.param)
    opened.write(EMPTY)
    return opened


@pytest.fixture
def store(graph: Graph) -> GraphStore:
    return GraphStore(graph)
