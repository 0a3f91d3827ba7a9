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
