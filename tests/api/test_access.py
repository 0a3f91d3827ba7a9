import json
from dataclasses import replace
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from evidence.audit import AuditLog
from evidence.workspace import Workspace
from tests.api.conftest import Installation

HERON = "Lantern:Blue_Heron"
BOTH = f"{HERON} | Quayside:BlueHeron"
READS = {
    "/v1/accounts?handle=Blue_Heron": "Blue_Heron",
    "/v1/account?id=Lantern:Blue_Heron": HERON,
    "/v1/account/links?id=Lantern:Blue_Heron": HERON,
    "/v1/account/neighbourhood?id=Lantern:Blue_Heron": HERON,
    "/v1/pair?left=Lantern:Blue_Heron&right=Quayside:BlueHeron": BOTH,
    "/v1/links/00000000000000a1": "00000000000000a1",
    "/v1/links?bucket=lead": "lead",
    "/v1/links/00000000000000a1/without": "00000000000000a1",
    "/v1/personas/p-000000000001": "p-000000000001",
    "/v1/decisions": "",
    "/v1/runs": "",
    "/v1/runs/published": "",
    "/v1/runs/20171204T020000Z-0001": "20171204T020000Z-0001",
    "/?handle=Blue_Heron": "Blue_Heron",
    "/account?id=Lantern:Blue_Heron": HERON,
    "/link/00000000000000a1": "00000000000000a1",
    "/links?bucket=lead": "lead",
    "/link/00000000000000a1/without": "00000000000000a1",
    "/persona/p-000000000001": "p-000000000001",
    "/decisions": "",
    "/neighbourhood?id=Lantern:Blue_Heron": HERON,
    "/runs": "",
}


def entries(workspace: Workspace) -> list[dict[str, str]]:
    lines = (workspace.root / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def recorded(small: Installation, tmp_path) -> Installation:
    workspace = Workspace(tmp_path / "recorded")
    doors = replace(small.doors, audit=AuditLog(workspace))
    return replace(small, workspace=workspace, doors=doors)


@pytest.mark.parametrize("path", READS)
def test_every_read_is_recorded_with_its_subject(recorded: Installation, path: str) -> None:
    assert recorded.client().get(path).status_code == 200
    assert READS[path] in [entry["subject"] for entry in entries(recorded.workspace)]
    assert recorded.doors.audit.verify() >= 1


def test_every_route_is_among_the_reads_that_are_tested(client: TestClient) -> None:
    asked = {path.partition("?")[0] for path in READS}
    described = client.get("/v1/openapi.json").json()["paths"]
    plain = {path for path in described if "{" not in path} - {"/v1/accounts/lookup"}
    assert plain <= asked


@pytest.mark.parametrize("path", READS)
def test_what_cannot_be_recorded_is_not_answered(recorded: Installation, path: str) -> None:
    (recorded.workspace.root / "audit.jsonl").mkdir()
    answer = recorded.client().get(path)
    assert answer.status_code == 503
    assert "audit log cannot be written" in answer.text
    assert "Quayside" not in answer.text


def test_a_look_up_that_finds_nothing_is_recorded_too(recorded: Installation) -> None:
    recorded.client().get("/v1/account", params={"id": "Lantern:nobody"})
    assert [entry["subject"] for entry in entries(recorded.workspace)] == ["Lantern:nobody"]


def test_the_record_names_actor_case_and_purpose(recorded: Installation) -> None:
    said = {
        "X-Samehand-Actor": "kim",
        "X-Samehand-Case": "case 12",
        "X-Samehand-Purpose": "warrant",
    }
    asked = {"id": HERON, "actor": "the header counts before this"}
    recorded.client().get("/v1/account", params=asked, headers=said)
    (entry,) = entries(recorded.workspace)
    assert (entry["actor"], entry["case"], entry["purpose"]) == ("kim", "case 12", "warrant")
    assert entry["action"] == "read account"


def test_who_says_nothing_is_the_single_user_and_the_answer_says_so(
    recorded: Installation,
) -> None:
    answer = recorded.client().get("/v1/account", params={"id": HERON})
    assert answer.headers["X-Samehand-Mode"] == "single-user mode: actor local, no case given"
    (entry,) = entries(recorded.workspace)
    assert (entry["actor"], entry["case"], entry["purpose"]) == (
        "local",
        "none given",
        "none given",
    )


def test_a_name_in_any_script_cannot_break_the_answers_header(recorded: Installation) -> None:
    actor = "\N{CYRILLIC CAPITAL LETTER ZHE}\r\nX-Forged: yes"
    answer = recorded.client().get("/v1/account", params={"id": HERON, "actor": actor})
    assert answer.status_code == 200
    assert "X-Forged" not in answer.headers
    assert actor in unquote(answer.headers["X-Samehand-Mode"])


def test_every_handle_of_a_bulk_look_up_is_recorded(recorded: Installation) -> None:
    handles = [f"handle {number} " + "x" * 400 for number in range(30)]
    recorded.client().post("/v1/accounts/lookup", json={"handles": handles})
    subjects = " ".join(entry["subject"] for entry in entries(recorded.workspace))
    assert all(handle in subjects for handle in handles)
    assert recorded.doors.audit.verify() > 1
