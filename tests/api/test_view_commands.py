"""`samehand view`, as it is typed."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from api.cli import app_of
from evidence.errors import RefusedInput
from evidence.intake.intake import Wish, take_in
from evidence.source_card import SourceCard
from evidence.workspace import Workspace
from tests.api.two_compartments import NOW, delivery_of

APP = app_of()


def typed(folder: Path, *words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        APP, ["view", *words, "--workspace", str(folder / "workspace")]
    )


def test_a_view_is_made_listed_shown_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "harbour.csv"
    path.write_text(delivery_of("harbour"))
    wish = Wish(card=SourceCard({"compartment": "harbour"}))
    (report,) = take_in([path], wish, Workspace(tmp_path / "workspace"), NOW).files
    made = typed(tmp_path, "add", "narrow", "--sources", "harbour.csv", "--why", "case 7")
    assert "view narrow: 1 sources in force" in made.stdout
    typed(tmp_path, "add", "quay", "--compartments", "quay, lantern", "--why", "case 8")
    listed = json.loads(typed(tmp_path, "list", "--json").stdout)
    assert [(row["view"], row["sources"], row["why"]) for row in listed] == [
        ("all", 1, "everything in force"),
        ("narrow", 1, "case 7"),
        ("quay", 0, "case 8"),
    ]
    shown = json.loads(typed(tmp_path, "show", "narrow", "--json").stdout)
    assert shown["sources"] == shown["in_force"] == [report.source_id]
    assert "harbour.csv" in typed(tmp_path, "show", "narrow").stdout
    assert "is removed" in typed(tmp_path, "remove", "narrow").stdout
    assert "narrow" not in typed(tmp_path, "list").stdout


def test_a_view_needs_a_reason(tmp_path: Path) -> None:
    outcome = typed(tmp_path, "add", "narrow", "--compartments", "quay", "--why", " ")
    assert isinstance(outcome.exception, RefusedInput)
