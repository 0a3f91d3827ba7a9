"""Only what takes something in makes a workspace; all else says that there is none."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app_of
from evidence.errors import RefusedInput
from evidence.workspace import Workspace
from tests.test_house import COMMANDS

WHY = ("--why", "case 7")
SAID = ("--by", "C. Alder", "--reason", "better")
WORDS = {
    "changes": (),
    "decisions add": ("harbour:ada", "lantern:ada", "same", *WHY),
    "decisions list": (),
    "evaluate": ("--split", "time"),
    "explain": ("harbour:ada", "lantern:ada"),
    "keys": (),
    "links": (),
    "markets list": (),
    "model activate": ("default", *SAID),
    "model card": (),
    "model compare": ("default", "default"),
    "model list": (),
    "model rollback": SAID,
    "personas": (),
    "photo": ("--refused",),
    "public add": ("phrase", "finest tin pans of the harbour", *WHY),
    "public list": (),
    "public undo": ("1", *WHY),
    "recompute": (),
    "serve": ("--port", "0"),
    "source erase": ("posts.csv", *WHY, "--yes"),
    "source list": (),
    "source restore": ("posts.csv", *WHY),
    "source show": ("posts.csv",),
    "source withdraw": ("posts.csv", *WHY),
    "train activity": ("--name", "quay"),
    "train alias": ("--name", "quay"),
    "train keys": (),
    "train links": ("--name", "quay"),
    "train listings": ("--name", "quay"),
    "train style": ("--name", "quay"),
    "train values": (),
    "view add": ("narrow", "--compartments", "quay", *WHY),
    "view list": (),
    "view remove": ("narrow",),
    "view show": ("narrow",),
}
MAKE_ONE = {"decisions import", "demo", "intake", "markets add-known", "world"}
APP = app_of()


def test_every_command_is_known_to_need_a_workspace_or_to_make_one() -> None:
    assert {f"samehand {name}" for name in {*WORDS, *MAKE_ONE}} == set(COMMANDS)


@pytest.mark.parametrize("command", WORDS)
def test_a_workspace_that_is_not_there_is_refused_and_not_made(
    command: str, tmp_path: Path
) -> None:
    absent = tmp_path / "cass-7"
    words = [*command.split(), *WORDS[command], "--workspace", str(absent)]
    refused = CliRunner().invoke(APP, words).exception
    assert isinstance(refused, RefusedInput)
    assert f"there is no workspace in {absent}: name another" in str(refused)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_gets_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").touch()
    refused = CliRunner().invoke(APP, ["links", "--workspace", str(tmp_path)]).exception
    assert "or make one there with `samehand intake`" in str(refused)
    assert not Workspace(tmp_path).ledger.exists()


def test_the_models_that_come_with_samehand_need_no_workspace(tmp_path: Path) -> None:
    absent = tmp_path / "workspace"
    for command in ("list", "card"):
        runner = CliRunner(env={"SAMEHAND_WORKSPACE": str(absent)})
        assert "default" in runner.invoke(APP, ["model", command]).stdout
    assert not absent.exists()
