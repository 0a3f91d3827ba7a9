"""`samehand keys`, as it is typed."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app_of
from evidence.intake.intake import Wish, take_in
from evidence.source_card import SourceCard
from evidence.workspace import Workspace
from features.keys.packets import walk
from tests.keys import armored, key_maker, octets_of, packet

APP = app_of()

NOW = datetime(2020, 1, 1, tzinfo=UTC)


def typed(folder: Path, *words: str) -> str:
    runner = CliRunner(env={"COLUMNS": "200"})
    outcome = runner.invoke(APP, ["keys", *words, "--workspace", str(folder)])
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace in which one account shows a key and another a block that is a trap."""
    folder = tmp_path_factory.mktemp("keys")
    with key_maker() as maker:
        key = maker.key("Quillfoot <q@example.org>")
        maker.add_subkey(key)
        block = maker.block(key).replace("BLOCK-----\n", "BLOCK-----\nVersion: Quill 2.0\n", 1)
        told = ("--armor", "--trust-model", "always", "--recipient", key, "--encrypt")
        message = maker.gpg(*told, given="two pounds, please")
    first, *_ = walk(octets_of(block))
    trap = armored(packet(*first) + packet(8, b"\x01squeezed, over and over"))
    rows = [("quillfoot", f"my key\n{block}"), ("inkstep", f"mine\n{trap}"), ("rook", message)]
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["market", "author", "body"])
        writer.writerows(("harbour", *row) for row in rows)
    take_in([folder / "posts.csv"], Wish(card=SourceCard({})), Workspace(folder / "w"), NOW)
    return folder / "w", key


def test_every_key_is_printed_with_its_owner(made: tuple[Path, str]) -> None:
    folder, key = made
    [row] = json.loads(typed(folder, "--json"))
    assert (row["fingerprint"], row["owner_handle"]) == (key, "quillfoot")
    assert (row["status"], row["shown_by_count"]) == ("owned", 1)


def test_json_says_what_made_a_key_s_blocks_and_who_writes_to_it(made: tuple[Path, str]) -> None:
    [row] = json.loads(typed(made[0], "--json"))
    assert row["made_with"] == ["Quill 2.0"]
    assert row["comments"] == []
    assert row["written_to_by"] == ["harbour:rook"]


def test_blocks_that_cannot_be_read_are_printed_with_place_and_reason(
    made: tuple[Path, str],
) -> None:
    folder, _ = made
    [row] = csv.DictReader(io.StringIO(typed(folder, "--refused", "--csv")))
    assert (row["market"], row["handle"]) == ("harbour", "inkstep")
    assert "tag 8" in row["reason"]
    assert row["place"].startswith("line ")
