"""What others wrote cannot play with a terminal, in whatever line it is printed."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app_of, main
from api.terminal import plain
from tests.builders import empty_workspace

HOSTILE = "quill\x1b[2J\r\nsamehand: all is well\u202ewhistle"


def test_nothing_that_others_wrote_moves_the_cursor_or_hides_its_neighbour():
    assert plain(HOSTILE) == r"quill\x1b[2J\r\nsamehand: all is well\u202ewhistle"
    assert plain("Zoë кот 猫") == "Zoë кот 猫"
    assert plain("\udce9") == r"\udce9"
    assert plain(None) == ""


def test_an_error_is_one_line_whatever_the_name_of_the_file(monkeypatch, capsys, tmp_path):
    place = empty_workspace(tmp_path / "w")
    asked = ("evaluate", "--workspace", str(place.root), "--truth", str(tmp_path / HOSTILE))
    monkeypatch.setattr("sys.argv", ["samehand", *asked])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith(f"samehand: {tmp_path}/{plain(HOSTILE)}: not a file of truth (")
    assert said.removesuffix("\n").isprintable()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("items.csv", f'vendor,title\n,"{HOSTILE}"\n'),
        (f"{HOSTILE}.csv".replace("\n", "\N{LINE SEPARATOR}"), "vendor,title\n,tea\n"),
    ],
)
def test_neither_do_the_lines_on_what_was_quarantined(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    asked = [
        "intake",
        str(tmp_path / name),
        "--market",
        "bazaar",
        "--workspace",
        str(tmp_path / "w"),
    ]
    said = CliRunner().invoke(app_of(), asked).stdout
    assert "quarantined: 1 x" in said
    assert said.replace("\n", "").isprintable()


def test_neither_do_decisions_that_cannot_be_imported(tmp_path):
    path = tmp_path / f"{HOSTILE}.csv"
    path.write_text("market_a,handle_a,market_b,handle_b,same,person,reason\na,x,b,y,?,kim,why\n")
    asked = ["decisions", "import", str(path), "--workspace", str(tmp_path / "w")]
    said = CliRunner().invoke(app_of(), asked).stdout
    assert "quarantined: 1 x" in said
    assert said.replace("\n", "").isprintable()


def test_neither_does_the_reason_for_which_a_value_was_ruled_public(tmp_path):
    place = ("--workspace", str(empty_workspace(tmp_path).root))
    for asked in (["add", "wallet", "0x" + "ab" * 20, "--why", HOSTILE], ["list"]):
        said = (
            CliRunner().invoke(app_of(), ["public", *asked, *place], env={"COLUMNS": "250"}).stdout
        )
        assert "0xab" in said
        assert said.replace("\n", "").isprintable()


def test_neither_does_json_that_a_program_was_to_read(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text("vendor,title,csi\x9b2J\u202e\npillow,tea,1\n", encoding="utf-8")
    place = ["--market", "bazaar", "--workspace", str(tmp_path / "w"), "--json"]
    said = CliRunner().invoke(app_of(), ["intake", str(path), *place]).stdout
    assert "csi\x9b2J\u202e" in json.loads(said)["files"][0]["parts"][0]["unread"]
    assert said.replace("\n", "").isprintable()
