from pathlib import Path

import pytest

from api.commands.world import world
from evidence.errors import RefusedInput


def test_the_command_says_what_it_invented(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    world(tmp_path / "new", accounts=20, seed=3)
    said = capsys.readouterr().out
    assert "20 accounts" in said
    assert "1 impostor" in said
    assert {p.name for p in (tmp_path / "new").iterdir()} == {
        "README.txt",
        "cases.json",
        "delivery",
        "truth.csv",
    }


def test_a_world_is_not_written_over_what_is_there(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(RefusedInput, match="not empty"):
        world(tmp_path, accounts=20, seed=3)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_world_is_not_written_into_a_file(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(RefusedInput, match=r"mine\.txt is a file"):
        world(tmp_path / "mine.txt", accounts=20, seed=3)
