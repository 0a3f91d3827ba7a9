"""Notebooks: py2neo reads the published graph on both engines."""

import gc
import warnings

import pytest

from graph.address import ServerAddress
from graph.publish import publish
from tests.graph.conftest import neo4j_address
from tests.graph.runs import NOW, a_run


@pytest.fixture
def address(request, graph, embedded_folder):
    if "neo4j" in request.node.callspec.id:
        return neo4j_address()
    return ServerAddress.found_at(embedded_folder / "owner.json")


def test_a_notebook_reads_the_published_run(graph, address):
    publish(graph, a_run().tables(), a_run().summary(), NOW)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        from py2neo import Graph as NotebookGraph

        auth = (address.user, address.password) if address.password else None
        notebook = NotebookGraph(address.uri, auth=auth)
        slot = notebook.nodes.match("Pointer", name="published").first()["slot"]
        linked = notebook.run(
            "MATCH (a:Account)-[k:LINKED {slot: $slot}]->(b:Account) WHERE k.verdict = 'same' "
            "RETURN a.handle AS left, b.handle AS right, k.bits AS bits ORDER BY bits DESC",
            slot=slot,
        ).data()
        account = notebook.nodes.match("Account", account_id="hansa:Teapot").first()
        notebook.service.connector.close()
        gc.collect()
    assert [(row["left"], row["right"]) for row in linked] == [
        ("Pillow Fort", "pillowfort"),
        ("Teapot", "teapots_official"),
    ]
    assert account["handle"] == "Teapot"
