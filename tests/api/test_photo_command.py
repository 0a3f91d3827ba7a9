"""`samehand photo`, as typed."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from api.cli import app_of
from evidence.acts import Act
from evidence.blobs import BlobStore
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.views import add_view
from evidence.workspace import Workspace
from tests.api.test_recompute import NOW, a_workspace
from tests.builders import CorpusBuilder
from tests.pictures import centre_crop, encoded, goods, mirror, on_one_table

APP = app_of()


def a_picture(seed: int) -> Image.Image:
    return goods(np.random.default_rng(seed)).resize((640, 480))


def another_picture() -> Image.Image:
    return on_one_table(np.random.default_rng([9, 3])).resize((640, 480))


def a_camera() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110] = "Lantern 5"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 15.0, 36.0)})
    return exif


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    builder = CorpusBuilder()
    builder.photo("one", "oak", encoded(a_picture(1), exif=a_camera()), path="oak.jpg")
    builder.photo("two", "elm", encoded(mirror(a_picture(1), None)), path="elm.jpg")
    builder.photo("two", "fir", encoded(another_picture()), path="fir.jpg")
    builder.photo("two", "yew", b"broken", path="yew.jpg")
    workspace = a_workspace(tmp_path_factory.mktemp("workspace"), builder)
    for content in builder.blobs.bytes_of.values():
        BlobStore(workspace.blobs).add(content)
    return workspace


def run(workspace: Workspace, *arguments: object, crops: int = 0) -> Result:
    asked = ["photo", *map(str, arguments), "--workspace", str(workspace.root)]
    asked += ["--crops", str(crops)]
    return CliRunner(env={"COLUMNS": "200"}).invoke(APP, asked)


def found(workspace: Workspace, *arguments: object, crops: int = 0) -> dict[str, object]:
    result = run(workspace, *arguments, "--json", crops=crops)
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.jpg"
    path.write_bytes(encoded(a_picture(1), quality=60))
    return path


def test_accounts_are_listed_with_what_was_done_to_the_picture(workspace: Workspace, asked: Path):
    rows = found(workspace, asked)["found"]
    assert [(row["account"], row["edit"]) for row in rows] == [
        ("one:oak", "saved again"),
        ("two:elm", "mirrored"),
    ]
    assert rows[0]["facts"] == {"model": "Lantern 5"}
    assert "two:elm" in run(workspace, asked).stdout


def test_where_it_was_taken_is_told_only_when_asked_for_and_that_is_recorded(
    workspace: Workspace, asked: Path
):
    assert "52.5" not in run(workspace, asked).stdout + run(workspace, asked, "--json").stdout
    facts = found(workspace, asked, "--gps")["found"][0]["facts"]
    assert facts == {"model": "Lantern 5", "gps": "52.50000, 13.26000"}
    logged = "".join(path.read_text() for path in workspace.root.glob("audit*") if path.is_file())
    assert logged.count("read GPS of photos") == 1
    assert logged.count("look up photo") >= 3
    assert "asked.jpg" not in logged


def test_a_heavy_crop_is_found_by_its_regions(workspace: Workspace, tmp_path: Path):
    path = tmp_path / "crop.png"
    path.write_bytes(encoded(centre_crop(0.12)(another_picture(), None), "PNG"))
    assert found(workspace, path)["found"] == []
    (row,) = found(workspace, path, crops=5)["found"]
    assert row["account"] == "two:fir"
    assert row["edit"].startswith("perhaps a part of it")


def test_a_picture_is_found_where_no_other_is_stored(tmp_path: Path, asked: Path):
    builder = CorpusBuilder().photo("one", "oak", asked.read_bytes(), path="oak.jpg")
    workspace = a_workspace(tmp_path / "workspace", builder)
    BlobStore(workspace.blobs).add(asked.read_bytes())
    (row,) = found(workspace, asked, crops=5)["found"]
    assert (row["account"], row["edit"]) == ("one:oak", "the same bytes")


def test_a_stored_picture_is_named_by_its_digest(workspace: Workspace, asked: Path):
    stored = found(workspace, asked)["found"][0]["sha256"]
    assert found(workspace, stored)["found"][0]["edit"] == "the same bytes"


def test_a_stored_picture_that_the_view_does_not_show_is_unknown_there(
    workspace: Workspace, asked: Path
):
    stored = found(workspace, asked)["found"][0]["sha256"]
    with Ledger.open(workspace) as ledger:
        add_view(ledger, "quay", (), ("quay",), Act("kim", "case 7", NOW))
    beyond = run(workspace, stored, "--view", "quay", "--gps")
    assert isinstance(beyond.exception, RefusedInput)
    assert str(beyond.exception) == f"no picture {stored} is stored"
    assert found(workspace, asked, "--view", "quay")["found"] == []


def test_pictures_that_cannot_be_read_are_listed_with_the_reason(workspace: Workspace):
    (row,) = json.loads(run(workspace, "--refused", "--json").stdout)
    assert row["account_id"] == "two:yew"
    assert row["reason"] == "not a JPEG, PNG, WebP, GIF or AVIF picture"


@pytest.mark.parametrize("arguments", [[], ["0" * 64], ["/no/such/file"]])
def test_what_cannot_be_looked_up_is_refused(workspace: Workspace, arguments: list[str]):
    assert isinstance(run(workspace, *arguments).exception, RefusedInput)


def test_a_picture_that_cannot_be_read_is_refused_with_the_reason(
    workspace: Workspace, tmp_path: Path
):
    path = tmp_path / "words.jpg"
    path.write_text("no picture")
    assert "not a JPEG" in str(run(workspace, path).exception)
