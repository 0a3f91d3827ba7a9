import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Installation
from tests.api.published import a_small_run


def test_a_link_tells_its_verdict_and_who_copies(client: TestClient) -> None:
    link = client.get("/v1/links/00000000000000a2").json()["link"]
    assert (link["verdict"], link["band"], link["copier"]) == (
        "copies",
        None,
        "Quayside:Blue-Heron",
    )


def test_a_link_is_called_proposed(client: TestClient) -> None:
    answer = client.get("/v1/links/00000000000000a1").json()
    assert answer["status"] == "proposed by a machine; a person decides"


def test_what_speaks_for_a_link_stands_before_what_speaks_against_it(client: TestClient) -> None:
    steps = client.get("/v1/links/00000000000000a3").json()["steps"]
    assert [(step["name"], step["kind"]) for step in steps] == [
        ("prior", "prior"),
        ("photo", "for"),
        ("alias", "for"),
        ("pgp_key", "against"),
        ("total", "total"),
    ]


def test_the_queue_is_read_page_by_page(client: TestClient) -> None:
    first = client.get("/v1/links", params={"bucket": "strong", "limit": 1}).json()
    asked = {"bucket": "strong", "limit": 1, "cursor": first["next_cursor"]}
    second = client.get("/v1/links", params=asked).json()
    ids = [page["links"][0]["link_id"] for page in (first, second)]
    assert ids == ["00000000000000a1", "00000000000000a3"]
    assert second["next_cursor"] is None


def test_a_cursor_of_another_run_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/links", params={"cursor": "another-run@50"})
    assert answer.status_code == 422
    assert "another run" in answer.json()["detail"]


@pytest.mark.parametrize("cursor", ["50", f"{a_small_run().run_id}@{10**20}"])
def test_an_invented_cursor_is_refused(client: TestClient, cursor: str) -> None:
    answer = client.get("/v1/links", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "not given by this service" in answer.json()["detail"]


def test_an_unknown_link_is_not_found(small: Installation, client: TestClient) -> None:
    assert client.get("/v1/links/ffffffffffffffff").status_code == 404


def test_a_link_says_what_it_would_be_without_each_finding_and_what_was_never_measured(
    client: TestClient,
) -> None:
    answer = client.get("/v1/links/00000000000000a1").json()
    assert answer["not_validated"] == ["writing_style: two places"]
    assert answer["because"] is None
    found = answer["steps"][1]["evidence"]
    names = ("without_bits", "without_verdict", "without_band")
    assert [found[name] for name in names] == [1.25, "same", "lead"]
