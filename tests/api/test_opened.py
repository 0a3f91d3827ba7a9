import pytest

from api.opened import server_address
from api.settings import Settings
from evidence.errors import RefusedInput


def test_without_an_address_the_graph_is_embedded():
    assert server_address(Settings(neo4j_uri=None)) is None


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:7687", "neo4j+s://graph.example:7687"])
def test_a_bolt_address_is_taken(uri):
    address = server_address(Settings(neo4j_uri=uri, neo4j_password="secret"))
    assert address.uri == uri
    assert address.password == "secret"


@pytest.mark.parametrize("uri", ["http://127.0.0.1:7474", "127.0.0.1:7687"])
def test_another_address_is_refused_with_what_to_write(uri):
    with pytest.raises(RefusedInput, match="bolt://HOST:7687"):
        server_address(Settings(neo4j_uri=uri))


def test_a_view_has_an_address_of_its_own_or_an_embedded_graph():
    settings = Settings(
        neo4j_uri="bolt://one:7687", neo4j_uris="narrow=bolt://two:7687; wide = neo4j://three:7687"
    )
    assert server_address(settings).uri == "bolt://one:7687"
    assert server_address(settings, "narrow").uri == "bolt://two:7687"
    assert server_address(settings, "wide").uri == "neo4j://three:7687"
    assert server_address(settings, "unnamed") is None


@pytest.mark.parametrize(
    ("uris", "said"),
    [
        ("narrow", "write VIEW=bolt://HOST:7687"),
        ("narrow=http://two:7474", "'http://two:7474' is no Bolt address"),
        ("narrow=bolt://two:7687;wide=bolt://two:7687", r"one of its own \(wide\)"),
        ("all=bolt://two:7687;narrow=bolt://one:7687", r"one of its own \(narrow\)|\(all\)"),
    ],
)
def test_addresses_of_views_are_refused_with_what_to_write(uris, said):
    with pytest.raises(RefusedInput, match=said):
        server_address(Settings(neo4j_uri="bolt://one:7687", neo4j_uris=uris), "narrow")
