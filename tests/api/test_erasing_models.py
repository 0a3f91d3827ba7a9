"""An erasure tells which models were fitted on what is gone."""

from pathlib import Path

from api.erasing import Erasure, erase
from evidence.acts import Act
from evidence.ledger import Ledger
from evidence.source_names import source_named
from evidence.workspace import Workspace
from linkage.model import Model, load_model
from tests.api.test_recompute import NOW, a_workspace

WHY = Act("kim", "order 12/2020", NOW)


def kept(workspace: Workspace, name: str, *trained_on: str) -> None:
    rules = load_model().rules.model_copy(update={"name": name, "trained_on": trained_on})
    Model(rules, {}).save(workspace.models / name)


def test_models_that_were_fitted_on_an_erased_source_are_named(tmp_path: Path) -> None:
    workspace, said = a_workspace(tmp_path), list[str]()
    with Ledger.open(workspace) as ledger:
        source = source_named(ledger, "first.csv")
    kept(workspace, "quill", "0" * 64, source.source_id)
    kept(workspace, "reed", "0" * 64)
    erase(Erasure(workspace, lambda _: None, lambda _: None, WHY, said.append), source)
    assert [line.split()[1] for line in said if line.startswith("model ")] == ["quill"]
