"""`samehand train --leave-out`: a model that learned nothing from the accounts of a file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app_of
from evidence.errors import RefusedInput
from evidence.workspace import Workspace
from linkage.model import load_model
from tests.api.test_recompute import a_workspace
from tests.linkage.test_listing_training import MOVERS, stalls


@pytest.fixture(scope="module")
def sellers(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return a_workspace(tmp_path_factory.mktemp("sellers"), stalls())


def trained(workspace: Workspace, out: Path, text: str) -> Result:
    (out.parent / "apart.csv").write_text(text)
    asked = ["train", "listings", "--leave-out", str(out.parent / "apart.csv"), "--out", str(out)]
    return CliRunner().invoke(app_of(), [*asked, "--workspace", str(workspace.root)])


def test_who_is_left_out_and_who_bears_their_handle_elsewhere_teach_nothing(sellers, tmp_path):
    text = "market,handle\nharbour,mover3\nquay,MOVER5\n"
    assert "no account quay:MOVER5" in str(trained(sellers, tmp_path / "m", text).exception)
    result = trained(sellers, tmp_path / "model", text.replace("MOVER", "mover"))
    assert result.exception is None, result.exception
    weights = load_model(tmp_path / "model").rules.weights["listing_text"]["titles_compared"]
    assert weights["across"].source.n == MOVERS - 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("market\nharbour\n", "no column handle; needs market, handle"),
        ("market,handle\nharbour,mover3\nquay,\n", "line 3: a market or a handle is empty"),
        ("", "not a file of accounts"),
    ],
)
def test_a_file_that_names_no_accounts_is_refused_with_its_place(sellers, tmp_path, text, message):
    refused = trained(sellers, tmp_path / "model", text).exception
    assert isinstance(refused, RefusedInput)
    assert message in str(refused)
    assert not (tmp_path / "model").exists()
