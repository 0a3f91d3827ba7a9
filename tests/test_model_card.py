"""The card of the default model is what the command prints of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app_of
from features import FEATURES
from linkage.model import KINDS, BitsSource, Model, Shrink, load_model

APP = app_of()

PAGE = Path(__file__).parents[1] / "docs" / "model-card.md"


def printed(name: str, folder: Path) -> str:
    kept = {"SAMEHAND_WORKSPACE": str(folder)}
    result = CliRunner(env=kept).invoke(APP, ["model", "card", name])
    assert result.exception is None, result.exception
    return result.stdout


def test_the_page_is_what_the_command_prints_of_the_default(tmp_path: Path):
    assert PAGE.read_text(encoding="utf-8") == printed("default", tmp_path), (
        "make it again: samehand model card default > docs/model-card.md"
    )


def test_the_card_names_every_feature_threshold_and_measurement(tmp_path: Path):
    rules, card = load_model().rules, printed("default", tmp_path)
    for feature in FEATURES:
        assert f"[{feature.name}](features/{feature.name}.md)" in card
    for source in rules.sources:
        assert source.kind != "measured" or source.text in card
    assert f"probability {rules.thresholds.lead_probability:g}" in card
    assert f"{len(rules.sources)} numbers" in card


def test_the_features_numbers_by_kind_add_up_to_those_of_the_model(tmp_path: Path):
    rules = load_model().rules
    rows = [r for r in printed("default", tmp_path).splitlines() if r.startswith("| [")]
    counted = sum(int(cell) for row in rows for cell in row.split(" | ")[2:5])
    weights = sum(len(by) for levels in rules.weights.values() for by in levels.values())
    assert counted == weights
    assert set(rules.source_counts) == set(KINDS)


@pytest.mark.parametrize("shrinks", [{}, {"style": 0.5}])
def test_what_is_counted_in_part_is_said(tmp_path: Path, shrinks: dict[str, float]):
    base = load_model()
    source = BitsSource(kind="measured", text="real pairs together", n=90, low=0.4, high=0.6)
    made = {family: Shrink(value=value, source=source) for family, value in shrinks.items()}
    rules = base.rules.model_copy(update={"shrinks": made})
    Model(rules, base.fitted).save(tmp_path / "models" / "quay")
    card = printed("quay", tmp_path)
    said = "| style | 0.5 | 0.4 to 0.6 | 90 | real pairs together |"
    assert (said in card) == bool(shrinks)
    assert ("every family's bits count in full" in card) == (not shrinks)
