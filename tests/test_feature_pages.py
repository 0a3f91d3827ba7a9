"""The pages about the features are what their generator makes of the present code and model."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from features import FEATURES
from linkage.model import load_model

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = DOCS / "features"


@pytest.fixture(scope="module")
def pages():
    spec = spec_from_file_location("make_feature_pages", DOCS / "make_feature_pages.py")
    generator = module_from_spec(spec)
    spec.loader.exec_module(generator)
    return generator.pages(load_model().rules, json.loads((FOLDER / "measured.json").read_text()))


def test_every_feature_has_its_page_and_no_other_has_one(pages):
    wanted = {"README.md", *(f"{kind.name}.md" for kind in FEATURES)}
    assert wanted == set(pages) == {path.name for path in FOLDER.glob("*.md")}


@pytest.mark.parametrize("name", ["README", *(kind.name for kind in FEATURES)])
def test_a_page_says_what_code_and_model_say(pages, name):
    assert (FOLDER / f"{name}.md").read_text() == pages[f"{name}.md"], (
        "make the pages again: python docs/make_feature_pages.py"
    )


@pytest.mark.parametrize("kind", FEATURES, ids=lambda kind: kind.name)
def test_a_page_names_blind_spot_levels_and_sources(pages, kind):
    page = pages[f"{kind.name}.md"]
    assert "Blind spot: " in page
    weights = load_model().rules.weights.get(kind.name, {})
    for level in kind.levels:
        assert f"| `{level.name}` |" in page
    for relations in weights.values():
        for weight in relations.values():
            assert weight.source.text in page
