import pytest
from fastapi.testclient import TestClient

from tests.api.published import ODD_HANDLES

HERON = "Lantern:Blue_Heron"


def test_a_handle_is_found_as_it_is_shown_and_the_hit_says_why(client: TestClient) -> None:
    found = client.get("/v1/accounts", params={"handle": "Blue_Heron", "match": "exact"}).json()
    assert [hit["account"]["account_id"] for hit in found["hits"]] == [HERON]
    assert found["hits"][0]["why"]
    assert found["more"] is False


def test_a_limit_says_that_it_cut_hits_off(client: TestClient) -> None:
    asked = {"handle": "heron blue", "match": "fuzzy", "limit": 1}
    found = client.get("/v1/accounts", params=asked | {"handle": "Blue_Heron"}).json()
    assert len(found["hits"]) == 1
    assert found["more"] is True


@pytest.mark.parametrize("handle", ODD_HANDLES)
def test_an_account_with_an_odd_handle_is_reached_by_its_id(
    client: TestClient, handle: str
) -> None:
    found = client.get("/v1/accounts", params={"handle": handle, "match": "exact"}).json()
    account_id = found["hits"][0]["account"]["account_id"]
    assert account_id == f"Odd:{handle}"
    for path in ("/v1/account", "/v1/account/links", "/v1/account/neighbourhood", "/account"):
        answer = client.get(path, params={"id": account_id})
        assert answer.status_code == 200
    assert (
        client.get("/v1/account", params={"id": account_id}).json()["account"]["handle"] == handle
    )


def test_an_unknown_account_is_a_problem_that_names_it(client: TestClient) -> None:
    answer = client.get("/v1/account", params={"id": "Lantern:nobody"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:samehand:problem:unknown-thing"
    assert "Lantern:nobody" in answer.json()["detail"]


def test_an_account_tells_what_it_shows_and_what_it_proved(client: TestClient) -> None:
    shows = client.get("/v1/account", params={"id": HERON}).json()["shows"]
    assert [(value["kind"], value["proved"]) for value in shows] == [
        ("key", False),
        ("photo", True),
    ]


def test_an_accounts_links_come_with_evidence_that_adds_up(client: TestClient) -> None:
    links = client.get("/v1/account/links", params={"id": HERON}).json()["links"]
    assert [item["link"]["verdict"] for item in links] == ["same", "copies"]
    for item in links:
        *steps, total = item["steps"]
        added = sum(step["after_bits"] - step["before_bits"] for step in steps)
        assert added == pytest.approx(item["link"]["bits"])
        assert total["after_bits"] == item["link"]["bits"]
    assert [gap["feature"] for gap in links[0]["missing"]] == ["photo"]


def test_evidence_cites_the_delivery_by_name_and_place(client: TestClient) -> None:
    links = client.get("/v1/account/links", params={"id": HERON}).json()["links"]
    citation = links[0]["steps"][1]["evidence"]["citations"][0]
    assert (citation["source_name"], citation["place"]) == ("lantern.csv", "line 17")


def test_many_handles_are_looked_up_at_once_in_their_order(client: TestClient) -> None:
    handles = ["x:y", "nobody at all", "Blue_Heron"]
    answer = client.post("/v1/accounts/lookup", json={"handles": handles, "match": "exact"}).json()
    assert [found["handle"] for found in answer["found"]] == handles
    assert [len(found["hits"]) for found in answer["found"]] == [1, 0, 1]


@pytest.mark.parametrize("handles", [[], ["x"] * 1001, ["x" * 501], [""]])
def test_a_bulk_look_up_out_of_bounds_is_refused(client: TestClient, handles: list[str]) -> None:
    answer = client.post("/v1/accounts/lookup", json={"handles": handles})
    assert answer.status_code == 422
    assert "handle" in answer.json()["detail"]
