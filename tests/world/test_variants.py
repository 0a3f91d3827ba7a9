import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from world.events import make_plan
from world.invention import invent
from world.markets import HARBOUR, THIMBLE
from world.parameters import BASE, VARIANTS, Parameters
from world.plan import Plan

csv.field_size_limit(10**7)
MOVED = {"kept_handle_and_key", "kept_handle", "changed_handle", "changed_key", "changed_both"}
SEEDS = (1, 2, 3)
SMALL, SEED = 60, 11


def plans(parameters: Parameters) -> list[Plan]:
    return [make_plan(seed, 1500, parameters) for seed in SEEDS]


def share_of_movers_with_their_key(parameters: Parameters) -> float:
    kept = [
        plan.accounts[tie.left].key is not None
        and plan.accounts[tie.left].key == plan.accounts[tie.right].key
        for plan in plans(parameters)
        for tie in plan.ties
        if tie.kind in MOVED
    ]
    return sum(kept) / len(kept)


def test_where_key_reuse_is_a_third_a_third_as_many_movers_show_their_old_key():
    base = share_of_movers_with_their_key(BASE)
    wrong = share_of_movers_with_their_key(VARIANTS["key_reuse_third"])
    assert wrong / base == pytest.approx(1 / 3, abs=0.07)


def test_where_keys_are_kept_less_movers_are_as_many_and_keep_their_handle_as_often():
    base, wrong = (
        Counter(
            plan.accounts[tie.left].handle == plan.accounts[tie.right].handle
            for plan in plans(parameters)
            for tie in plan.ties
            if tie.kind in MOVED
        )
        for parameters in (BASE, VARIANTS["key_reuse_third"])
    )
    assert wrong.total() == pytest.approx(base.total(), rel=0.1)
    assert wrong[True] / wrong.total() == pytest.approx(base[True] / base.total(), abs=0.05)


def test_where_copycats_are_doubled_there_are_twice_as_many():
    base, wrong = (
        sum(tie.kind == "impostor" for plan in plans(parameters) for tie in plan.ties)
        for parameters in (BASE, VARIANTS["copycats_doubled"])
    )
    assert wrong / base == pytest.approx(2, abs=0.35)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small world of one seed, as it is meant and wrong in three ways."""
    wanted = {"base": BASE} | {
        name: VARIANTS[name] for name in ("text_halved", "late_scrapes", "market_missing")
    }
    folder = tmp_path_factory.mktemp("variants")
    for name, parameters in wanted.items():
        invent(folder / name, SMALL, SEED, parameters)
    return {name: folder / name for name in wanted}


def harbour_posts(world: Path) -> list[dict[str, str]]:
    with (world / "delivery" / "harbour" / "posts.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["thread"] == "general"]


def test_where_text_is_halved_half_of_it_is_delivered(delivered):
    base, wrong = (
        sum(len(row["body"]) for row in harbour_posts(delivered[name]))
        for name in ("base", "text_halved")
    )
    assert wrong / base == pytest.approx(0.5, abs=0.1)


def test_where_scrapes_are_late_nothing_from_the_first_half_of_a_market_is_delivered(delivered):
    base, wrong = (
        min(datetime.fromisoformat(row["posted_at"]) for row in harbour_posts(delivered[name]))
        for name in ("base", "late_scrapes")
    )
    assert base < HARBOUR.first_scrape(0.5) <= wrong


def test_where_a_market_is_missing_its_folder_is_and_the_truth_still_knows_it(delivered):
    assert (delivered["base"] / "delivery" / THIMBLE.name).is_dir()
    wrong = delivered["market_missing"]
    assert not (wrong / "delivery" / THIMBLE.name).exists()
    assert THIMBLE.name in (wrong / "truth.csv").read_text(encoding="utf-8")
    assert THIMBLE.name not in (wrong / "cases.json").read_text(encoding="utf-8")


def test_a_wrong_world_says_so_beside_its_delivery(delivered):
    said = {name: (world / "README.txt").read_text() for name, world in delivered.items()}
    assert "wrong on purpose: text_share 0.5, not 1" in said["text_halved"]
    assert "wrong on purpose" not in said["base"]
