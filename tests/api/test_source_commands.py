"""`samehand source`, as it is typed, on files taken in with what was said of them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app_of
from api.settings import utc_now
from api.source_answers import overdue
from evidence.audit import AuditLog
from evidence.errors import RefusedInput, UnknownThing
from evidence.sources import Source
from evidence.workspace import Workspace
from tests.api.two_compartments import delivery_of, recomputed

APP = app_of()

CARD = """
owner = "Customs of Norland"
legal_basis = "order 7/2019"
compartment = "harbour"
handling_code = "H1"
tlp = "RED"
grade = "B2"
captured_at = "2019-03"
review_at = 2020-01-01
delete_at = 2999-01-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that has taken in one file, with what is said of it."""
    (tmp_path / "harbour.csv").write_text(delivery_of("harbour") + "Harbourside,,no owner\n")
    (tmp_path / "harbour.toml").write_text(CARD)
    done = typed(
        tmp_path, "intake", f"{tmp_path}/harbour.csv", "--source", f"{tmp_path}/harbour.toml"
    )
    assert done.exit_code == 0, done.output
    return tmp_path


def typed(folder: Path, *words: str) -> Result:
    command = [*words, "--workspace", str(folder / "workspace")]
    return CliRunner(env={"COLUMNS": "200", "SAMEHAND_ACTOR": "kim"}).invoke(APP, command)


def test_a_source_shows_all_that_was_said_and_done(folder: Path) -> None:
    said = json.loads(typed(folder, "source", "show", "harbour.csv", "--json").stdout)
    assert (said["owner"], said["tlp"], said["grade"]) == ("Customs of Norland", "RED", "B2")
    assert (said["captured_at"], said["captured_precision"]) == (
        "2019-03-01T00:00:00+00:00",
        "month",
    )
    assert (said["state"], said["handling_code"]) == ("in force", "H1")
    assert said["holds"] == {"listings": 4, "quarantine": 1}
    assert [(e["action"], e["person"]) for e in said["events"]] == [("taken in", "kim")]
    shown = typed(folder, "source", "show", said["source_id"][:10]).stdout
    assert "order 7/2019" in shown
    assert "to be reviewed since 2020-01-01" in shown
    assert "to be deleted" not in shown


def test_sources_are_listed_with_what_is_overdue(folder: Path) -> None:
    assert "to be reviewed since 2020-01-01" in typed(folder, "source", "list").stdout
    (row,) = json.loads(typed(folder, "source", "list", "--json").stdout)
    assert (row["name"], row["compartment"]) == ("harbour.csv", "harbour")
    assert row["due"] == "to be reviewed since 2020-01-01"


def test_nothing_is_overdue_before_its_day() -> None:
    now = utc_now()
    assert overdue(Source("ab" * 32, "x", 1, now, review_at=None, delete_at=None), now) == []
    assert "to be deleted since" in overdue(Source("ab" * 32, "x", 1, now, delete_at=now), now)[0]


def test_withdrawing_and_restoring_a_source_gives_back_the_same_run_hash(folder: Path) -> None:
    workspace = Workspace(folder / "workspace")
    before = recomputed(workspace)
    assert "is withdrawn" in typed(folder, "source", "withdraw", "harbour.csv", "--why", "x").stdout
    without = recomputed(workspace)
    assert (without.counts["accounts"], without.run_hash != before.run_hash) == (0, True)
    assert "is in force" in typed(folder, "source", "restore", "harbour.csv", "--why", "y").stdout
    assert recomputed(workspace).run_hash == before.run_hash
    said = json.loads(typed(folder, "source", "show", "harbour.csv", "--json").stdout)
    assert [(e["action"], e["reason"]) for e in said["events"][1:]] == [
        ("withdrawn", "x"),
        ("restored", "y"),
    ]


def test_a_file_read_again_is_another_input_of_the_run(folder: Path) -> None:
    workspace = Workspace(folder / "workspace")
    before = recomputed(workspace)
    again = ("--replaces", "harbour.csv", "--source", f"{folder}/harbour.toml")
    done = typed(folder, "intake", f"{folder}/harbour.csv", *again)
    assert done.exit_code == 0, done.output
    after = recomputed(workspace)
    assert after.source_ids == (f"{before.source_ids[0]}.2",)
    assert after.counts == {**before.counts, "changes": 0}


@pytest.mark.slow
def test_an_erased_source_is_gone_and_is_not_taken_in_again(folder: Path) -> None:
    assert typed(folder, "recompute").exit_code == 0
    said = json.loads(typed(folder, "source", "show", "harbour.csv", "--json").stdout)
    done = typed(folder, "source", "erase", "harbour.csv", "--why", "order 9", "--yes")
    assert done.exit_code == 0, done.output
    assert "view all: recomputed and published anew" in done.stdout
    assert json.loads(typed(folder, "source", "list", "--json").stdout) == []
    assert json.loads(typed(folder, "links", "--json").stdout) == []
    again = typed(folder, "intake", f"{folder}/harbour.csv")
    assert (again.exit_code, "erased on" in again.stdout) == (1, True)
    repeated = typed(folder, "source", "erase", said["source_id"], "--why", "order 9", "--yes")
    assert "was erased before" in repeated.stdout
    assert AuditLog(Workspace(folder / "workspace")).verify() > 2


def test_who_does_not_confirm_erases_nothing(folder: Path) -> None:
    done = typed(folder, "source", "erase", "harbour.csv", "--why", "order 9")
    assert done.exit_code == 1
    assert json.loads(typed(folder, "source", "show", "harbour.csv", "--json").stdout)


def test_what_is_wrong_is_said(folder: Path) -> None:
    wrong = typed(folder, "intake", f"{folder}/harbour.csv", "--replaces", "nothing.csv")
    assert isinstance(wrong.exception, UnknownThing)
    assert isinstance(typed(folder, "source", "show", "nothing.csv").exception, UnknownThing)
    early = typed(folder, "source", "restore", "harbour.csv", "--why", "x")
    assert isinstance(early.exception, RefusedInput)


@pytest.mark.parametrize(
    ("words", "action"),
    [
        (["source", "show", "harbour.csv"], "show source"),
        (["source", "list"], "list sources"),
        (["links"], "read links"),
        (["personas"], "read personas"),
        (["explain", "Harbourside:quillwhistle", "Lanternfish:quillwhistle"], "explain"),
    ],
)
def test_every_command_that_reads_writes_one_audit_record(
    folder: Path, words: list[str], action: str
) -> None:
    typed(folder, *words)
    (line,) = (folder / "workspace" / "audit.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["action"], entry["actor"], entry["view"]) == (action, "kim", "all")
