from pathlib import Path

import pytest

from api.commands.world import world
from evidence.errors import RefusedInput


def test_the_command_says_what_it_invented(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    world(out=tmp_path / "new", accounts=20, seed=3)
    said = capsys.readouterr().out
    assert "20 accounts" in said
    assert "1 impostor" in said
    assert {p.name for p in (tmp_path / "new").iterdir()} == {
        "README.txt",
        "cases.json",
        "delivery",
        "truth.csv",
    }


def test_without_a_folder_the_world_is_written_into_the_workspace(tmp_path: Path):
    world(workspace=tmp_path / "case-7", accounts=20, seed=3)
    assert (tmp_path / "case-7" / "world" / "truth.csv").is_file()


def test_a_world_is_not_written_over_what_is_there(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(RefusedInput, match="not empty"):
        world(out=tmp_path, accounts=20, seed=3)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_world_is_not_written_into_a_file(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(RefusedInput, match=r"mine\.txt is a file"):
        world(out=tmp_path / "mine.txt", accounts=20, seed=3)


def test_a_wrong_world_is_made_by_its_name(tmp_path: Path):
    world(out=tmp_path / "wrong", accounts=20, seed=3, variant="market_missing")
    assert not (tmp_path / "wrong" / "delivery" / "thimble").exists()


def test_a_variant_that_does_not_exist_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(RefusedInput, match="text_halved"):
        world(out=tmp_path / "wrong", accounts=20, seed=3, variant="text_thirded")
    assert not (tmp_path / "wrong").exists()
