"""An erasure takes along what an intake that was cut off had left."""

from pathlib import Path

import pytest

from api.erasing import Erasure, erase
from evidence.acts import Act
from evidence.archive import Archive
from evidence.intake import file_intake
from evidence.intake.intake import Wish, take_in
from evidence.ledger import Ledger
from evidence.source_names import source_named
from evidence.workspace import Workspace
from tests.api.test_erasing import everything_readable
from tests.api.two_compartments import NOW

WHY = Act("kim", "order 12/2020", NOW)


class Cut(Exception):
    """Somebody ended the process."""


def delivered(folder: Path, name: str, handle: str) -> Path:
    path = folder / name
    path.write_text(f"market,vendor,title\nharbour,{handle},tea\n,nobody with {handle},tea\n")
    return path


def test_what_an_intake_that_was_cut_off_left_goes_with_the_next_erasure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, wish = Workspace(tmp_path / "workspace"), Wish(person="kim")
    take_in([delivered(tmp_path, "kept.csv", "quillwhistle")], wish, workspace, NOW)
    take_in([delivered(tmp_path, "gone.csv", "marmaladejar")], wish, workspace, NOW)
    (tmp_path / "refused.csv").touch()
    take_in([tmp_path / "refused.csv"], wish, workspace, NOW)

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(file_intake, "record_admitted", cut)
        take_in([delivered(tmp_path, "torn.csv", "pewterspooner")], wish, workspace, NOW)
    assert everything_readable(workspace).count("pewterspooner") >= 2
    with Ledger.open(workspace) as ledger:
        source = source_named(ledger, "gone.csv")
    erase(Erasure(workspace, lambda _: None, lambda _: None, WHY, lambda _: None), source)
    left = everything_readable(workspace)
    assert "pewterspooner" not in left
    assert left.count("quillwhistle") >= 2
    assert Archive(workspace).quarantine()["file"].to_list() == ["kept.csv", "refused.csv"]
