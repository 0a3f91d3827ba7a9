"""`samehand model`, as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.active_model import model_for
from api.cli import app_of
from evidence.audit import AuditLog
from evidence.errors import RefusedInput, UnknownThing
from evidence.workspace import Workspace
from linkage.model import Model, load_model
from linkage.run_store import RunStore
from tests.api.test_recompute import a_workspace
from tests.builders import CorpusBuilder

APP = app_of()

SAID = ("--by", "C. Alder", "--reason", "better on case 7")


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "220"}).invoke(APP, [str(a) for a in arguments])


def done(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exception is None, result.exception
    return result.stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    builder = CorpusBuilder()
    for market in ("harbour", "lantern"):
        for handle in ("quillwhistle", f"only-{market}"):
            builder.listing(market, handle, title=f"copper kettle of {market}")
    return a_workspace(tmp_path / "workspace", builder)


def strict(name: str, probability: float = 0.9999) -> Model:
    """The default with another lead threshold."""
    base = load_model()
    thresholds = base.rules.thresholds.model_copy(update={"lead_probability": probability})
    rules = base.rules.model_copy(update={"name": name, "thresholds": thresholds})
    return Model(rules, base.fitted)


def kept(workspace: Workspace, name: str, probability: float = 0.9999) -> Model:
    model = strict(name, probability)
    model.save(workspace.models / name)
    return model


def listed(workspace: Workspace) -> dict:
    return json.loads(done("model", "list", "--workspace", workspace.root, "--json"))


def test_the_shipped_model_is_listed_with_where_its_bits_come_from(workspace: Workspace):
    (row,) = listed(workspace)["models"]
    rules = load_model().rules
    assert (row["name"], row["state"]) == ("default", "active")
    assert row["model_hash"] == load_model().model_hash
    assert row["source_ids"] == list(rules.trained_on)
    assert row["measured"] + row["elicited"] + row["structural"] == len(rules.sources)
    assert "alias" in row["feature_names"]


@pytest.mark.slow
def test_an_activated_model_judges_until_it_is_rolled_back(workspace: Workspace):
    model = kept(workspace, "quay")
    at = ("--workspace", workspace.root)
    assert "1: C. Alder activated quay" in done("model", "activate", "quay", *SAID, *at)
    done("recompute", *at)
    done("model", "rollback", "--by", "B. Rowan", "--reason", "worse on case 8", *at)
    done("recompute", *at)
    runs = RunStore(workspace.runs)
    summaries = [runs.summary(run_id) for run_id in runs.run_ids()]
    judged = {(s.model_name, s.model_hash) for s in summaries}
    assert judged == {("quay", model.model_hash), ("default-1", load_model().model_hash)}
    said = listed(workspace)["activations"]
    assert [(a["person"], a["name"], a["undoes"]) for a in said] == [
        ("C. Alder", "quay", None),
        ("B. Rowan", "default", 1),
    ]


def test_every_change_of_the_model_is_in_the_audit_log(workspace: Workspace):
    kept(workspace, "quay")
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    lines = (workspace.root / "audit.jsonl").read_text().splitlines()
    entry = json.loads(lines[-1])
    assert (entry["actor"], entry["action"], entry["purpose"]) == (
        "C. Alder",
        "activate model",
        "better on case 7",
    )
    assert AuditLog(workspace).verify() == len(lines)


def test_asking_for_a_model_outdoes_the_active_one(workspace: Workspace):
    kept(workspace, "quay")
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    assert model_for(workspace).rules.name == "quay"
    assert model_for(workspace, "default").rules.name == "default-1"


def test_a_folder_that_was_changed_after_its_activation_is_refused(workspace: Workspace):
    kept(workspace, "quay")
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    kept(workspace, "quay", 0.5)
    result = run("recompute", "--workspace", workspace.root)
    assert isinstance(result.exception, RefusedInput)
    assert "was changed since it was activated" in str(result.exception)
    assert listed(workspace)["models"][1]["state"] == "changed since it was activated"


def test_a_folder_that_is_gone_is_judged_by_its_frozen_copy(workspace: Workspace):
    model = kept(workspace, "quay")
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    (workspace.models / "quay").rename(workspace.root / "elsewhere")
    assert model_for(workspace).model_hash == model.model_hash
    assert listed(workspace)["models"][-1]["state"] == "active, frozen"


def test_the_active_model_is_listed_although_another_of_the_same_hash_is_there(
    workspace: Workspace,
):
    for name in ("quay", "quay-too"):
        strict("one model, two names").save(workspace.models / name)
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    (workspace.models / "quay").rename(workspace.root / "elsewhere")
    states = {row["name"]: row["state"] for row in listed(workspace)["models"]}
    assert states == {"default": "", "quay-too": "", "quay": "active, frozen"}


def test_what_is_no_model_is_not_activated(workspace: Workspace):
    result = run("model", "activate", "nobody", *SAID, "--workspace", workspace.root)
    assert isinstance(result.exception, UnknownThing)


def test_bits_for_a_level_that_no_feature_finds_are_not_activated(workspace: Workspace):
    kept(workspace, "quay")
    bits = workspace.models / "quay" / "alias.json"
    misspelt = bits.read_text(encoding="utf-8").replace('"same_words_rare"', '"same_wrods_rare"')
    bits.write_text(misspelt, encoding="utf-8")
    result = run("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    assert isinstance(result.exception, RefusedInput)
    assert "alias.same_wrods_rare" in str(result.exception)
    assert listed(workspace)["activations"] == []


def test_nobody_changes_the_model_without_a_reason(workspace: Workspace):
    said = ("--by", "C. Alder", "--reason", " ")
    for words in (("activate", "default"), ("rollback",)):
        result = run("model", *words, *said, "--workspace", workspace.root)
        assert isinstance(result.exception, RefusedInput)
    assert not (workspace.root / "audit.jsonl").exists()


def test_a_bundle_that_cannot_be_read_is_listed_as_such(workspace: Workspace):
    (workspace.models / "torn").mkdir(parents=True)
    assert "cannot be read" in listed(workspace)["models"][1]["state"]


@pytest.mark.parametrize("torn", [b"", b"PK\x03\x04 torn", b"no archive"])
def test_a_bundle_with_a_torn_fitted_part_is_named(workspace: Workspace, torn: bytes):
    kept(workspace, "quay")
    (workspace.models / "quay" / "writing_style.npz").write_bytes(torn)
    assert "writing_style.npz is no fitted part" in listed(workspace)["models"][1]["state"]


def test_a_frozen_copy_that_was_changed_is_listed_as_such(workspace: Workspace):
    kept(workspace, "quay")
    done("model", "activate", "quay", *SAID, "--workspace", workspace.root)
    frozen = workspace.models / ".frozen" / strict("quay").model_hash
    (workspace.models / "quay").rename(workspace.root / "elsewhere")
    strict("quay", 0.5).save(frozen)
    assert "was changed since it was activated" in listed(workspace)["models"][-1]["state"]


@pytest.mark.slow
def test_two_models_are_compared_without_a_run(workspace: Workspace):
    kept(workspace, "quay")
    at = ("--workspace", workspace.root)
    (pair,) = json.loads(done("model", "compare", "default", "quay", *at, "--json"))["pairs"]
    assert (pair["left"], pair["right"]) == ("harbour:quillwhistle", "lantern:quillwhistle")
    assert (pair["change"], pair["why"]) == ("lost", "other thresholds")
    said = done("model", "compare", "default", "quay", *at)
    assert said.startswith("       1 pairs lead -> not proposed")
    assert done("model", "compare", "default", "quay", *at, "--csv").startswith("change,left,right")
    assert not RunStore(workspace.runs).run_ids()
    assert "the same links" in done("model", "compare", "default", "default", *at)


def test_a_trained_model_gets_a_name_once(tmp_path: Path):
    builder = CorpusBuilder()
    for number in range(320):
        builder.listing("harbour", f"kettle{number}", title=f"pan {number}")
        builder.listing("lantern", f"{number}saltmarsh", title=f"tin {number}")
    workspace = a_workspace(tmp_path / "workspace", builder)
    asked = ("train", "alias", "--workspace", workspace.root, "--name", "handles")
    done(*asked)
    assert listed(workspace)["models"][1]["made_by"] == "train alias"
    assert model_for(workspace, "handles").rules.name == "handles"
    assert "choose another name" in str(run(*asked).exception)


def test_where_a_trained_model_goes_is_said_before_it_is_trained(workspace: Workspace):
    result = run("train", "alias", "--workspace", workspace.root)
    assert isinstance(result.exception, RefusedInput)
    assert "--name" in str(result.exception)


@pytest.fixture(scope="module")
def movers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """Sellers that moved under one handle, and the truth that says so."""
    builder, folder = CorpusBuilder(), tmp_path_factory.mktemp("movers")
    for market in ("harbour", "quay"):
        for number in range(16):
            name = f"mover{number}" if number < 12 else f"{market}{number}"
            for goods in ("kettle", "lantern", "spoon"):
                builder.listing(market, name, title=f"{goods} of brass {number} by the hundred")
    pairs = [f"harbour,mover{number},quay,mover{number},1" for number in range(12)]
    truth = folder / "truth.csv"
    truth.write_text("\n".join(["market_a,handle_a,market_b,handle_b,same", *pairs]))
    return a_workspace(folder / "workspace", builder), truth


@pytest.mark.slow
def test_what_counts_in_part_is_learned_from_labelled_pairs(movers: tuple[Workspace, Path]):
    workspace, truth = movers
    asked = ("--truth", truth, "--mask", "handle", "--folds", 2, "--workspace", workspace.root)
    said = " ".join(done("train", "links", "--name", "joint", *asked).split())
    assert "stays: fewer than 20 entities show it on both sides" in said
    assert "pairs of the truth (handle hidden) 12" in said
    model, base = model_for(workspace, "joint"), load_model()
    assert model.rules.model_copy(update={"name": base.rules.name}) == base.rules
    assert listed(workspace)["models"][1]["made_by"] == "train links"
    nothing = run("train", "links", "--name", "other", "--workspace", workspace.root)
    assert "nothing is labelled" in str(nothing.exception)
    wrong = run("train", "links", "--name", "other", "--mask", "shoe", *asked[:2], *asked[6:])
    assert "--mask" in str(wrong.exception)
