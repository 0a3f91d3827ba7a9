"""Reading the published run."""

import pytest

from evidence.errors import GraphUnavailable, UnknownThing
from graph.connection import ServerAddress, open_graph
from graph.publish import publish
from graph.session import Graph
from graph.statements import READ_POINTER
from graph.store import GraphStore
from tests.graph.runs import NOW, THEN, Run, a_run


@pytest.fixture
def store(graph):
    publish(graph, a_run().tables(), a_run().summary(), NOW)
    return GraphStore(graph)


def found(store, handle, match, limit=10):
    return [hit.account.account_id for hit in store.find_accounts(handle, match, limit)]


def test_an_account_says_what_the_run_saw(store):
    account = store.account("agora:Pillow Fort")
    assert (account.market, account.handle) == ("agora", "Pillow Fort")
    assert (account.folded_handle, account.record_count) == ("pillowfort", 3)
    assert (account.first_seen_at, account.last_seen_at) == (THEN, None)
    assert account.persona_id == "p-1"
    assert store.account("valhalla:Umbrella").persona_id is None


def test_an_exact_look_up_finds_the_handle_as_shown_only(store):
    assert found(store, "Pillow Fort", "exact") == ["agora:Pillow Fort"]
    assert found(store, "pillow fort", "exact") == []


def test_a_folded_look_up_finds_look_alikes_on_every_market(store):
    alike = ["agora:Pi110w_F0rt", "agora:Pillow Fort", "hansa:pillowfort"]
    assert found(store, "PILLOW-FORT", "folded") == alike
    assert found(store, "PILLOW-FORT", "folded", limit=2) == alike[:2]


@pytest.mark.parametrize("match", ["exact", "folded"])
def test_many_handles_are_looked_up_at_once_and_answered_in_their_order(store, match):
    handles = [
        "zzzz",
        "Pillow Fort",
        "Umbrella",
        "\0",
        "Pillow Fort",
        *("ab" * n for n in range(900)),
    ]
    for limit in (1, 10):
        one_by_one = [store.find_accounts(handle, match, limit) for handle in handles[:5]]
        together = store.look_up(handles, match, limit)
        assert together[:5] == one_by_one
        assert not any(together[5:])
    assert len(one_by_one[1]) == {"exact": 1, "folded": 3}[match]


def test_a_fuzzy_look_up_finds_what_is_spelled_alike_and_says_how_alike(store):
    hits = store.find_accounts("teapot official", "fuzzy", 10)
    assert [hit.account.account_id for hit in hits] == ["valhalla:teapots_official", "hansa:Teapot"]
    assert "97 % alike" in hits[0].why
    assert found(store, "zzzz", "fuzzy") == []


@pytest.mark.parametrize("handle", ["", "AND OR NOT", 'a"b', "x~2 y*", "+(\\", "\0", "ж" * 500])
@pytest.mark.parametrize("match", ["exact", "folded", "fuzzy"])
def test_a_hostile_handle_is_looked_up_like_any_other(store, handle, match):
    assert found(store, handle, match) == []


def test_links_come_the_likeliest_first_with_all_their_columns(store):
    first, second = store.links_of("agora:Pillow Fort", 10)
    assert (first.left, first.right, first.band) == (
        "agora:Pillow Fort",
        "hansa:pillowfort",
        "strong",
    )
    assert (second.verdict, second.band, second.copier) == ("copies", None, "agora:Pillow Fort")
    assert (second.bits, second.prior_bits, second.relation) == (-3.0, -14.0, "across")
    assert store.links_of("agora:Pillow Fort", 1) == [first]
    assert store.link(first.link_id) == first


def test_the_queue_is_read_by_bucket_and_page(store):
    everything = store.queue("strong", 0, 10)
    assert [link.bits for link in everything] == [12.0, 8.0]
    assert store.queue("strong", 1, 10) == everything[1:]
    assert store.queue("lead", 0, 10) == []


def test_a_persona_has_its_members(store):
    members = store.persona("p-1").members
    assert [member.account_id for member in members] == ["agora:Pillow Fort", "hansa:pillowfort"]


def test_markets_and_flows_are_those_of_the_run(store):
    assert [market.market for market in store.markets()] == ["agora", "hansa", "valhalla"]
    assert store.markets()[0].opened_at == THEN
    assert [(f.market_from, f.market_to, f.count) for f in store.flows()] == [
        ("agora", "hansa", 1),
        ("hansa", "valhalla", 1),
    ]


@pytest.mark.parametrize("read", ["account", "link", "persona"])
def test_what_the_run_does_not_hold_is_unknown(store, read):
    with pytest.raises(UnknownThing, match="nobody"):
        getattr(store, read)("nobody")


def test_the_links_of_an_unknown_account_are_unknown_not_none(store):
    with pytest.raises(UnknownThing):
        store.links_of("agora:nobody", 5)


def test_an_answer_begun_in_one_run_is_not_ended_in_another(graph, store):
    """A run is published while the neighbourhood is read: the answer is of the new run, whole."""
    after = Run("r2").account("agora", "Pillow Fort").account("bazaar", "Kettle")
    after.link("agora:Pillow Fort", "bazaar:Kettle")

    class Overtaken(Graph):
        def read(self, statement, **parameters):
            rows = super().read(statement, **parameters)
            if statement is READ_POINTER and rows[0]["run_id"] == "r1":
                publish(graph, after.tables(), after.summary(), NOW)
                publish(graph, after.tables(), after.summary(), NOW)
            return rows

    overtaken = GraphStore(Overtaken(graph.driver, graph.agent))
    nodes = overtaken.neighbourhood("agora:Pillow Fort", 2, 50).nodes
    assert [node.id for node in nodes] == ["agora:Pillow Fort", "bazaar:Kettle"]


def test_a_server_that_is_not_there_is_named_in_words(tmp_path):
    nowhere = ServerAddress("bolt://127.0.0.1:1")
    with pytest.raises(GraphUnavailable), open_graph(tmp_path, nowhere):
        pass
