"""A graph that is cleared holds nothing that was ever published to it; what is not ours stays."""

import pytest

from evidence.errors import Busy
from graph.connection import check_free, clear, keep_graph, open_graph, remove_graph
from graph.publish import publish
from graph.statements import Statement
from graph.store import GraphStore
from tests.graph.conftest import claim
from tests.graph.runs import NOW, Run, a_run

EVERYTHING = Statement(
    "everything",
    "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN properties(n) AS node, properties(r) AS line",
    writes=False,
)


def publish_two(graph):
    for run in (a_run("first"), a_run("second").account("agora", "late")):
        publish(graph, run.tables(), run.summary(), NOW)


def test_both_slots_are_cleared_and_the_next_run_is_published_alone(graph):
    claim(graph)
    publish_two(graph)
    assert "fort@example.org" in str(graph.read(EVERYTHING))
    clear(graph)
    assert GraphStore(graph).published() is None
    assert graph.read(EVERYTHING) == [{"node": {}, "line": None}]
    run = Run("third").account("agora", "only")
    publish(graph, run.tables(), run.summary(), NOW)
    said = str(graph.read(EVERYTHING))
    assert "agora:only" in said
    assert "Pillow" not in said


def test_an_empty_graph_is_cleared_too(graph):
    clear(graph)
    assert GraphStore(graph).published() is None


def test_a_removed_embedded_graph_begins_anew(tmp_path):
    with open_graph(tmp_path, None) as graph:
        publish_two(graph)
    check_free(tmp_path)
    remove_graph(tmp_path, None)
    assert not any(
        b"fort@example.org" in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()
    )
    with open_graph(tmp_path, None) as graph:
        assert GraphStore(graph).published() is None


def test_an_owned_graph_is_not_removed(tmp_path):
    with keep_graph(tmp_path, None, print):
        for act in (lambda: check_free(tmp_path), lambda: remove_graph(tmp_path, None)):
            with pytest.raises(Busy, match=r"process \d+, since .* owns the graph"):
                act()
