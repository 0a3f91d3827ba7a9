from fastapi.testclient import TestClient

from evidence.decisions import Decision, Shown, decide
from tests.api.conftest import NOW, Installation
from tests.api.published import PublishedRun

SHOWN = Shown("run-1", "all", "lead", 1.25)


def test_a_persona_names_its_members(client: TestClient) -> None:
    persona = client.get("/v1/personas/p-000000000001").json()
    members = sorted(member["account_id"] for member in persona["members"])
    assert members == ["Lantern:Blue_Heron", "Quayside:BlueHeron"]


def test_a_persona_tells_how_well_it_holds(client: TestClient) -> None:
    health = client.get("/v1/personas/p-000000000001").json()["health"]
    assert (health["bridge_bits"], health["falls_apart"]) == (6.5, ["Quayside:BlueHeron"])
    page = client.get("/persona/p-000000000001").text
    for words in ("a link of +6.5 bits", "would fall off", "Possible crew: Lantern:Blue_Heron"):
        assert words in page


def test_a_link_that_holds_two_together_splits_them_when_it_is_wrong(client: TestClient) -> None:
    answer = client.get("/v1/links/00000000000000a1/without").json()
    assert (answer["changes"], answer["held_by"]) == (True, "link")
    assert answer["before"][0]["persona_id"] == "p-000000000001"
    assert answer["after"] == [["Lantern:Blue_Heron"], ["Quayside:BlueHeron"]]
    assert "Alone" in client.get("/link/00000000000000a1/without").text


def test_an_impostor_holds_nothing_together(client: TestClient) -> None:
    answer = client.get("/v1/links/00000000000000a2/without").json()
    assert (answer["changes"], answer["held_by"]) == (False, None)
    assert client.get("/v1/links/00000000000000ff/without").status_code == 404


def test_what_people_ruled_is_told_with_contradictions_and_what_waits(
    empty: Installation,
) -> None:
    empty.publish(PublishedRun("run-1").account("m:a", "p-1").account("m:b", "p-1"))
    for left, right, ruling in (
        ("m:a", "m:b", "same"),
        ("m:c", "m:d", "same"),
        ("m:b", "m:c", "same"),
        ("m:b", "m:e", "same"),
        ("m:a", "m:e", "different"),
    ):
        made = Decision(left, right, ruling, "ines", "read the posts", NOW, shown=SHOWN)
        decide(empty.doors.ledger, made)
    client = empty.client()
    answer = client.get("/v1/decisions").json()
    assert [made["force"] for made in answer["decisions"]] == [
        "counts",
        "counts",
        "awaits a second person",
        "counts",
        "counts",
    ]
    assert answer["contradictions"] == [["m:a", "m:b", "m:e"]]
    assert client.get("/v1/decisions", params={"limit": 2}).json()["more"]
    persona = client.get("/v1/personas/p-1").json()
    assert [made["number"] for made in persona["rulings"]] == [1, 3, 4, 5]
    assert persona["contradictions"] == [["m:a", "m:b", "m:e"]]
    for page in ("/decisions", "/persona/p-1"):
        text = client.get(page).text
        assert "awaits a second person" in text
        assert "Contradiction" in text
        assert "shown: lead, +1.2 bits" in text
    assert answer["decisions"][0]["shown"]["proposed"] == "lead"


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
