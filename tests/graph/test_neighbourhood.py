"""Neighbourhoods, against a walk in plain Python."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import UnknownThing
from graph.publish import publish
from graph.store import GraphStore
from tests.graph.conftest import EMPTY
from tests.graph.runs import NOW, Run, a_run

ACCOUNTS = [f"m{i % 3}:v{i}" for i in range(9)]
VALUES = [("key", "AA"), ("key", "BB"), ("photo", "c3"), ("wallet", "1W"), ("contact", "x")]


@st.composite
def runs(draw):
    run = Run("random")
    for account in ACCOUNTS:
        run.account(*account.split(":"))
    pairs = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS))
    for left, right in sorted(draw(st.sets(pairs.filter(lambda p: p[0] < p[1]), max_size=9))):
        run.link(left, right, bits=draw(st.sampled_from([-2.0, 3.0, 3.0, 8.5])))
    shown = st.tuples(st.sampled_from(VALUES), st.sampled_from(ACCOUNTS))
    for (kind, value), account in sorted(draw(st.sets(shown, max_size=12))):
        run.shows(kind, value, account, proved=kind == "key" and draw(st.booleans()))
    return run


def walked(run, start, depth, limit):
    """Nodes in the order in which they are met, and what was met and left out."""
    links = [(r["left"], r["right"], r["bits"]) for r in run.rows["links"]]
    shown = [(r["account_id"], f"{r['kind']}:{r['value']}") for r in run.rows["shown"]]
    taken, left_out = [start], set()
    for _ in range(depth):
        here = set(taken)
        linked = {}
        for left, right, bits in links:
            for a, b in ((left, right), (right, left)):
                if a in here:
                    linked[b] = max(bits, linked.get(b, bits))
        sharing = {a for a, v in shown if v in here}
        values = {v for a, v in shown if a in here}
        met = [*sorted(linked, key=lambda a: (-linked[a], a)), *sorted(sharing), *sorted(values)]
        for node in met:
            if node not in taken:
                if len(taken) < limit:
                    taken.append(node)
                else:
                    left_out.add(node)
        left_out -= set(taken)
    return taken, left_out


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(run=runs(), depth=st.sampled_from([1, 2]), limit=st.sampled_from([1, 3, 6, 50]))
def test_a_neighbourhood_is_what_a_plain_walk_finds(graph, run, depth, limit):
    graph.write(EMPTY)
    publish(graph, run.tables(), run.summary(), NOW)
    around = GraphStore(graph).neighbourhood(ACCOUNTS[0], depth, limit)
    taken, left_out = walked(run, ACCOUNTS[0], depth, limit)
    assert sorted(node.id for node in around.nodes) == sorted(taken)
    assert around.left_out_count == len(left_out)
    links = {(r["left"], r["right"]) for r in run.rows["links"]}
    shown = {(r["account_id"], f"{r['kind']}:{r['value']}") for r in run.rows["shown"]}
    lines = {(edge.source, edge.target) for edge in around.edges}
    assert lines == {(a, b) for a, b in links | shown if a in taken and b in taken}
    assert len(around.edges) == len(lines)


def test_a_drawn_node_and_line_say_what_they_are(graph):
    publish(graph, a_run().tables(), a_run().summary(), NOW)
    around = GraphStore(graph).neighbourhood("agora:Pillow Fort", 1, 50)
    nodes = {node.id: node for node in around.nodes}
    assert (nodes["hansa:pillowfort"].label, nodes["hansa:pillowfort"].persona_id) == (
        "pillowfort",
        "p-1",
    )
    assert (nodes["key:AB12"].kind, nodes["key:AB12"].label) == ("key", "AB12")
    kinds = {(edge.source, edge.target): edge.kind for edge in around.edges}
    assert kinds["agora:Pillow Fort", "key:AB12"] == "PROVED"
    assert kinds["hansa:pillowfort", "key:AB12"] == "SHOWS"
    link = next(e for e in around.edges if e.target == "hansa:pillowfort" and e.kind == "LINKED")
    assert (link.bits, link.verdict, link.band) == (12.0, "same", "strong")


@pytest.mark.parametrize(("depth", "limit"), [(0, 5), (3, 5), (1, 0)])
def test_a_neighbourhood_without_bounds_is_refused(graph, depth, limit):
    publish(graph, a_run().tables(), a_run().summary(), NOW)
    with pytest.raises(ValueError, match="depth 1 or 2"):
        GraphStore(graph).neighbourhood("hansa:Teapot", depth, limit)


def test_the_neighbourhood_of_an_unknown_account_is_unknown(graph):
    publish(graph, a_run().tables(), a_run().summary(), NOW)
    with pytest.raises(UnknownThing):
        GraphStore(graph).neighbourhood("agora:nobody", 1, 5)
