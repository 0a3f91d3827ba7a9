from fastapi.testclient import TestClient

from tests.api.conftest import NOW, Installation
from tests.api.published import PublishedRun


def test_a_persona_names_its_members(client: TestClient) -> None:
    persona = client.get("/v1/personas/p-000000000001").json()
    members = sorted(member["account_id"] for member in persona["members"])
    assert members == ["Lantern:Blue_Heron", "Quayside:BlueHeron"]


def test_an_unknown_persona_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/personas/p-ffffffffffff").status_code == 404


def test_a_persona_that_was_merged_away_redirects_once_that_is_published(
    empty: Installation,
) -> None:
    ledger = empty.doors.ledger
    ledger.record_run("run-1", "all", NOW)
    kept, merged = ledger.name_personas([["m:a", "m:b", "m:c"], ["m:d", "m:e"]], "run-1")
    ledger.publish_run("run-1", "hash", NOW)
    empty.publish(PublishedRun("run-1").account("m:a", kept).account("m:d", merged))
    ledger.record_run("run-2", "all", NOW)
    ledger.name_personas([["m:a", "m:b", "m:c", "m:d", "m:e"]], "run-2")
    client = empty.client()
    assert client.get(f"/v1/personas/{merged}", follow_redirects=False).status_code == 200
    empty.publish(PublishedRun("run-2").account("m:a", kept).account("m:d", kept))
    for path in ("/v1/personas/", "/persona/"):
        answer = client.get(f"{path}{merged}", follow_redirects=False)
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{path}{kept}"
