"""The page about keys says what the code does."""

from pathlib import Path

import pytest

from features.keys.ownership import POINTS
from features.pgp_key import PgpKey

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("level", PgpKey.levels, ids=lambda level: level.name)
def test_every_level_stands_on_the_page_with_its_grade(level):
    against = " (speaks against)" if level.speaks == "against" else ""
    row = f"| `{level.name}` | {level.forgeable}{against} | {level.binds} | {level.meaning} |"
    assert row in PAGE


def test_the_page_has_the_points_of_owners_and_no_others():
    table = PAGE.split("<!-- points -->\n")[1].split("<!-- end of points -->")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert {what: int(points) for what, points in rows} == POINTS
