"""Any two accounts compared over the service: from what is kept, and one pair at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import questions
from api.app import create_app
from api.cli import app_of
from api.opened import open_doors
from api.settings import Settings
from evidence.workspace import Workspace
from tests.api.test_recompute import deliver
from tests.api.two_compartments import SECRETS, recomputed, two_compartments
from tests.builders import CorpusBuilder

HANDLE, STRANGER, HERE, THERE = SECRETS["harbour"]
ONE = f"{HERE}:{HANDLE}"
LINKED = {"left": ONE, "right": f"{THERE}:{HANDLE}"}
UNLINKED = {"left": ONE, "right": f"{THERE}:{STRANGER}{THERE}"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = two_compartments(tmp_path_factory.mktemp("pairs"), ["harbour"])
    recomputed(made)
    return made


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    with open_doors(workspace, Settings(), print) as doors:
        yield TestClient(create_app(doors), base_url="http://127.0.0.1:8000")


def typed(workspace: Workspace, sides: dict[str, str]) -> dict[str, Any]:
    asked = ["explain", sides["left"], sides["right"], "--json"]
    said = CliRunner().invoke(app_of(), [*asked, "--workspace", str(workspace.root)])
    return json.loads(said.stdout)


@pytest.mark.parametrize(("sides", "made"), [(LINKED, "run "), (UNLINKED, "now")])
def test_the_service_says_of_two_accounts_what_the_command_says(
    client: TestClient, workspace: Workspace, sides: dict[str, str], made: str
) -> None:
    answer = client.get("/v1/pair", params=sides).json()
    assert answer.pop("status") == "proposed by a machine; a person decides"
    for term in answer["terms"]:
        for citation in term["citations"]:
            assert citation.pop("source_name") == "harbour.csv"
    assert answer == typed(workspace, sides)
    assert answer["made"].startswith(made)


def test_either_side_may_come_first(client: TestClient) -> None:
    turned = dict(zip(UNLINKED, reversed(UNLINKED.values()), strict=True))
    answers = [client.get("/v1/pair", params=sides).json() for sides in (UNLINKED, turned)]
    assert answers[0] == answers[1]


def test_the_page_of_an_account_leads_to_any_other(client: TestClient) -> None:
    page = client.get("/account", params={"id": ONE, "case": "12/7"}).text
    assert f'<input type="hidden" name="left" value="{ONE}">' in page
    assert '<input type="hidden" name="case" value="12/7">' in page
    compared = client.get("/pair", params=UNLINKED | {"case": "12/7"})
    assert compared.status_code == 200
    for words in ("not proposed", "a lead needs", "before any evidence", "case=12%2F7"):
        assert words in compared.text


def test_a_pair_that_is_proposed_has_the_page_of_its_link(client: TestClient) -> None:
    answer = client.get("/pair", params=LINKED | {"case": "12/7"})
    assert answer.url.path.startswith("/link/")
    assert answer.url.params["case"] == "12/7"


def test_what_a_person_typed_is_read_as_it_is_stored(client: TestClient) -> None:
    market, _, handle = UNLINKED["right"].partition(":")
    typed_so = {"left": ONE, "right": f" {market} : {handle} "}
    assert client.get("/pair", params=typed_so).status_code == 200
    answer = client.get("/pair", params={"left": ONE, "right": "nobody at all"})
    assert (answer.status_code, "write market:handle" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("right", "status", "said"),
    [(f"{HERE}:nobody", 404, "there is no account"), (ONE, 422, "name two to compare")],
)
def test_two_accounts_are_needed(client: TestClient, right: str, status: int, said: str) -> None:
    answer = client.get("/v1/pair", params={"left": ONE, "right": right})
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)


def test_who_asks_while_another_pair_is_compared_is_told_when_to_ask_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Any] = []
    explain = questions.explain_afresh

    def meanwhile(*asked: Any) -> Any:
        met.extend(client.get("/v1/pair", params=sides) for sides in (UNLINKED, LINKED))
        return explain(*asked)

    monkeypatch.setattr(questions, "explain_afresh", meanwhile)
    assert client.get("/v1/pair", params=UNLINKED).status_code == 200
    refused, published = met
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert published.status_code == 200
    monkeypatch.undo()
    assert client.get("/v1/pair", params=UNLINKED).status_code == 200


def test_the_archive_is_never_read_while_a_reader_waits(tmp_path: Path) -> None:
    workspace = two_compartments(tmp_path, ["harbour"])
    recomputed(workspace)
    deliver(workspace, CorpusBuilder().listing(HERE, "newcomer", title="a spoon"), "second")
    with open_doors(workspace, Settings(), print) as doors:
        reader = TestClient(create_app(doors), base_url="http://127.0.0.1:8000")
        for path in ("/v1/pair", "/pair"):
            answer = reader.get(path, params=UNLINKED)
            assert answer.status_code == 409
            assert "samehand recompute" in answer.text
        assert reader.get("/v1/pair", params=LINKED).status_code == 200
        typed(workspace, UNLINKED)
        assert reader.get("/v1/pair", params=UNLINKED).status_code == 200
