import ast
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from evidence.errors import RefusedInput
from world.parameter_table import with_tables
from world.parameters import BASE, TABLE, VARIANTS, WORKS, Parameters, variant

NAMES = tuple(field.name for field in fields(Parameters))
HOUSE = Path(__file__).parents[2]
USED = {
    node.attr
    for path in sorted((HOUSE / "world").glob("*.py"))
    if path.name != "parameters.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Attribute)
}
KEPT = ("kept_both_share", "kept_handle_only_share", "kept_key_only_share", "changed_both_share")


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_unit_a_meaning_and_a_citation(name):
    row = TABLE[name]
    assert row.unit
    assert row.meaning
    assert (
        row.works or "no published figure found" in row.basis or "the measure itself" in row.basis
    )
    assert all(WORKS[work] in row.citation for work in row.works)


def test_every_work_in_the_list_is_cited():
    assert set(WORKS) == {work for row in TABLE.values() for work in row.works}


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_used(name):
    assert name in USED


def test_the_page_about_the_world_has_the_table_as_it_is():
    page = (HOUSE / "docs" / "world.md").read_text(encoding="utf-8")
    assert with_tables(page) == page, "run: python -m world.parameter_table docs/world.md"


def test_the_table_holds_exactly_the_parameters_with_the_values_of_the_base_world():
    assert {name: row.value for name, row in TABLE.items()} == asdict(BASE)


@pytest.mark.parametrize("parameters", [BASE, *VARIANTS.values()])
def test_what_movers_keep_adds_up_to_all_movers_in_every_variant(parameters):
    assert sum(getattr(parameters, name) for name in KEPT) == pytest.approx(1)


def test_shares_are_shares_and_what_happens_leaves_room_for_who_stays():
    for name in NAMES:
        if name.endswith("_share") and name != "text_share":
            assert 0 <= getattr(BASE, name) <= 1
    happens = BASE.move_share + BASE.impostor_share + BASE.key_quote_share
    assert happens + BASE.forum_account_share < 1


def test_there_are_five_wrong_variants_and_each_changes_what_it_says_only():
    changed = {
        name: {n for n in NAMES if getattr(wrong, n) != getattr(BASE, n)}
        for name, wrong in VARIANTS.items()
    }
    assert changed == {
        "key_reuse_third": {*KEPT, "forum_key_kept_share"},
        "copycats_doubled": {"impostor_share"},
        "text_halved": {"text_share"},
        "late_scrapes": {"late_scrape_share"},
        "market_missing": {"missing_market_count"},
    }


def test_a_variant_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(RefusedInput, match="copycats_doubled"):
        variant("copycats_trebled")
