"""`samehand intake` says what it guessed and what became of every row."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app_of
from evidence.errors import RefusedInput
from tests.evidence import saved_pages as pages

APP = app_of()


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    command = ["intake", "--workspace", str(folder / "workspace"), *arguments]
    result = CliRunner().invoke(APP, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout


@pytest.fixture
def items(tmp_path: Path) -> str:
    path = tmp_path / "items.csv"
    path.write_text("vendor,title,price,colour\npillow,tea,cheap,red\n,mint,1,red\n")
    return str(path)


def test_a_person_reads_counts_guesses_and_reasons(tmp_path: Path, items: str) -> None:
    status, text = run(tmp_path, items, "--market", "bazaar")
    assert status == 0
    assert "guessed: listings with handle = vendor, title, price" in text
    assert "market from --market; unread: colour" in text
    assert "quarantined: 1 x no owner: the handle is empty (first: line 3)" in text
    assert "kept, a part unread: 1 x price: not a number (first: line 2)" in text


def test_a_program_reads_the_same_as_json(tmp_path: Path, items: str) -> None:
    status, text = run(tmp_path, items, "--market", "bazaar", "--json")
    (file,) = json.loads(text)["files"]
    assert status == 0
    assert (file["rows_in"], file["stored"], file["quarantined"], file["flawed"]) == (2, 1, 1, 1)
    assert file["parts"][0]["flaws"] == {"price: not a number": {"count": 1, "first": "line 2"}}


def test_a_refused_file_is_named_and_the_others_go_in(tmp_path: Path, items: str) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    status, text = run(tmp_path, str(empty), items, "--market", "bazaar")
    assert status == 1
    assert "empty.csv: refused: the file is empty" in text
    assert "items.csv: guessed" in text


def test_a_format_that_nobody_knows_is_an_error_for_people(items: str) -> None:
    result = CliRunner().invoke(APP, ["intake", items, "--map", "nobody"])
    assert isinstance(result.exception, RefusedInput)
    assert "known: agora-items, grams, or a TOML file" in str(result.exception)


def test_what_a_file_says_cannot_move_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("vendor,title,\x1b[2Jodd,[red]x\npillow,tea,1,2\n")
    _, text = run(tmp_path, str(path), "--market", "bazaar")
    assert "\x1b" not in text
    assert "[red]x" in text


def test_a_person_reads_a_line_for_each_table_of_a_file_and_why_one_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    scrape = tmp_path / "scrape"
    scrape.mkdir()
    content = {
        "login": pages.page("Cryptonia Market - Login", ""),
        "list": pages.CRYPTONIA_LIST,
        "rules": pages.page("Rules of the house", ""),
    }
    for name, text in content.items():
        (scrape / name).write_text(text)
    status, text = run(tmp_path, str(scrape))
    assert status == 0
    rows = [line.split() for line in text.splitlines()]
    assert ["cryptonia", "listings", "listings", "1", "1", "0", "0", "0"] in rows
    assert ["pages", "unread", "-", "1", "0", "0", "1", "0"] in rows
    assert "scrape: left aside: cryptonia login page, 1 row: it says nothing of an account" in text
    assert "scrape: pages unread: nothing in it could be read" in text
    assert "quarantined: 1 x unknown page 'Rules of the house' (first: rules)" in text


def test_a_page_format_of_one_s_own_is_named_where_a_mapping_is(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        "market='tea house'\nknown_by='//i'\n[[pages]]\nname='offer'\nknown_by='//i'\n"
        "[[pages.rows]]\nkind='listings'\nhandle='//i'\ntitle='//b'\n"
    )
    offer = tmp_path / "offer.html"
    offer.write_text("<html><i>Pillow</i><b>Blue tea</b></html>")
    _, text = run(tmp_path, str(offer), "--map", str(own), "--json")
    (file,) = json.loads(text)["files"]
    assert [(part["name"], part["stored"]) for part in file["parts"]] == [("tea house listings", 1)]
