"""Publishing: two slots, one pointer, readers see whole runs."""

import pytest

from evidence.errors import GraphUnavailable, NotPublished, UnknownThing
from graph import publish as publishing
from graph.publish import publish
from graph.session import Graph
from graph.statements import COUNT_SLOT
from graph.store import GraphStore
from tests.graph.runs import NOW, Run, a_run


def published(graph: Graph, run: Run) -> publishing.PublishCount:
    return publish(graph, run.tables(), run.summary(), NOW)


def what_readers_see(store: GraphStore) -> object:
    """Everything of a run that can be read, but for its slot."""
    run = store.published()
    assert run is not None
    accounts = [
        (store.account(account_id), store.neighbourhood(account_id, 2, 100))
        for account_id in ("agora:Pillow Fort", "hansa:Teapot", "valhalla:Umbrella")
    ]
    buckets = [store.queue(bucket, 0, 100) for bucket in ("lead", "strong", "proved", "copies")]
    personas = [store.persona("p-1"), store.persona("p-2")]
    return run.run_id, accounts, buckets, personas, store.markets(), store.flows()


class PowerCut(Exception):
    """Nothing more is written."""


class CutGraph(Graph):
    """A graph that takes so many transactions of a publish, and no more."""

    @classmethod
    def after(cls, graph: Graph, transactions: int) -> "CutGraph":
        cut = cls(graph.driver, graph.agent)
        object.__setattr__(cut, "left", transactions)
        return cut

    def write(self, *statements, **parameters):
        if "rows" in parameters or "expected_run_id" in parameters:
            if self.left == 0:
                raise PowerCut
            object.__setattr__(self, "left", self.left - 1)
        return super().write(*statements, **parameters)


def test_the_engine_that_answers_is_the_one_that_was_asked_for(request, graph):
    if "neo4j" in request.node.callspec.id:
        assert graph.agent.startswith(("Neo4j/5.26.", "Neo4j/2026."))
        assert "ArcadeDB" not in graph.agent
        assert graph.product == "Neo4j"
    else:
        assert "ArcadeDB 26.10.2" in graph.agent
        assert graph.product == "ArcadeDB"


def test_before_the_first_run_there_is_nothing_to_read(store):
    assert store.published() is None
    with pytest.raises(NotPublished):
        store.account("agora:Teapot")


def test_a_published_run_says_which_and_since_when(graph, store):
    published(graph, a_run("r1"))
    run = store.published()
    assert (run.run_id, run.run_hash, run.published_at) == ("r1", "hash of r1", NOW)


def test_a_run_published_again_is_the_same_run(graph, store):
    first = published(graph, a_run())
    seen = what_readers_see(store)
    second = published(graph, a_run())
    third = published(graph, a_run())
    assert what_readers_see(store) == seen
    assert {first.slot, second.slot} == {"a", "b"}
    assert (first.written, first.removed) == (first.written, 0)
    assert (third.written, third.removed) == (0, 0)


def test_both_slots_hold_one_run_after_it_was_published_twice(graph):
    published(graph, a_run())
    published(graph, a_run())
    assert graph.read(COUNT_SLOT, slot="a") == graph.read(COUNT_SLOT, slot="b")


def test_the_next_run_is_seen_whole_and_what_it_lacks_is_gone(graph, store):
    published(graph, a_run("r1"))
    published(graph, a_run("r2"))
    smaller = Run("r3").account("hansa", "Teapot", record_count=9).account("bazaar", "Kettle")
    smaller.link("bazaar:Kettle", "hansa:Teapot").persona("p-2", "bazaar:Kettle", "hansa:Teapot")
    count = published(graph, smaller)
    assert store.published().run_id == "r3"
    assert store.account("hansa:Teapot").record_count == 9
    assert [link.left for link in store.links_of("hansa:Teapot", 10)] == ["bazaar:Kettle"]
    assert [m.account_id for m in store.persona("p-2").members] == ["bazaar:Kettle", "hansa:Teapot"]
    assert [market.market for market in store.markets()] == ["bazaar", "hansa"]
    assert store.flows() == []
    assert count.removed > 0
    for gone in ("agora:Pillow Fort", "valhalla:Umbrella"):
        with pytest.raises(UnknownThing):
            store.account(gone)
    with pytest.raises(UnknownThing):
        store.persona("p-1")


def test_what_stands_in_neither_slot_is_out_of_the_database(graph):
    published(graph, a_run("r1"))
    for run_id in ("r2", "r3"):
        published(graph, Run(run_id).account("bazaar", "Kettle"))
    nodes = graph.driver.execute_query(
        "MATCH (n) WHERE NOT n:Run AND NOT n:Pointer AND NOT n:SamehandTests RETURN labels(n) AS l"
    ).records
    assert sorted(node["l"][0] for node in nodes) == ["Account", "Market"]


def test_a_changed_link_changes_in_the_queue_and_in_neighbourhoods(graph, store):
    before = Run("r1").account("agora", "Lamp").account("hansa", "Lamp")
    after = Run("r2").account("agora", "Lamp").account("hansa", "Lamp")
    for run, bits in ((before, 5.0), (before, 5.0), (after, 11.0)):
        run.rows["links"].clear()
        published(graph, run.link("agora:Lamp", "hansa:Lamp", bits=bits))
    assert [link.bits for link in store.queue("strong", 0, 5)] == [11.0]
    assert [edge.bits for edge in store.neighbourhood("agora:Lamp", 1, 5).edges] == [11.0]


@pytest.mark.parametrize("transactions", range(6))
def test_an_interrupted_publish_leaves_the_old_run_and_the_next_one_completes(
    graph, store, transactions
):
    published(graph, a_run("r1"))
    seen = what_readers_see(store)
    other = Run("r2").account("agora", "Lamp").account("hansa", "Lamp")
    other.link("agora:Lamp", "hansa:Lamp").persona("p-9", "agora:Lamp", "hansa:Lamp")
    other.flow("agora", "hansa", 1)
    with pytest.raises(PowerCut):
        published(CutGraph.after(graph, transactions), other)
    assert what_readers_see(store) == seen
    published(graph, other)
    assert store.published().run_id == "r2"
    assert [market.market for market in store.markets()] == ["agora", "hansa"]
    assert [m.account_id for m in store.persona("p-9").members] == ["agora:Lamp", "hansa:Lamp"]


def test_a_publish_cut_while_it_takes_things_out_is_completed_by_the_next(graph, store):
    for run_id in ("r1", "r2"):
        published(graph, a_run(run_id))
    seen = what_readers_see(store)
    smaller = Run("r3").account("hansa", "Teapot")
    for transactions in range(4):
        with pytest.raises(PowerCut):
            published(CutGraph.after(graph, transactions), smaller)
        assert what_readers_see(store) == seen
    published(graph, smaller)
    assert [market.market for market in store.markets()] == ["hansa"]
    assert store.neighbourhood("hansa:Teapot", 2, 10).edges == ()


def test_a_run_that_does_not_arrive_whole_is_not_published(graph, store):
    published(graph, a_run("r1"))
    dangling = a_run("r2").link("agora:Pillow Fort", "agora:nobody")
    with pytest.raises(GraphUnavailable, match="links"):
        published(graph, dangling)
    assert store.published().run_id == "r1"


def test_a_key_that_is_missing_is_refused_before_anything_is_written(graph, store):
    run = a_run("r1").link("agora:Pillow Fort", "hansa:Teapot")
    run.rows["links"][-1]["link_id"] = None
    with pytest.raises(ValueError, match="links: a key is missing"):
        published(graph, run)
    assert store.published() is None
