import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from api.commands.world import world
from evidence.archive import Archive
from evidence.errors import RefusedInput
from evidence.intake.intake import Wish, take_in
from evidence.workspace import Workspace
from linkage.truth import read_truth
from world.invention import invent
from world.parameters import VARIANTS
from world.semireal import INVENTED
from world.semireal_delivery import deliver_semi_real, parameters_digest, refuse_repository

NOW = datetime(2020, 1, 1, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[2]
TEXTS = ("title", "body", "description")


@pytest.fixture(scope="module")
def carriers(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An invented world of 80 accounts, taken in: its accounts are the carriers."""
    folder = tmp_path_factory.mktemp("carriers")
    invent(folder / "world", 80, 5)
    workspace = Workspace(folder / "workspace")
    take_in([folder / "world" / "delivery"], Wish(), workspace, NOW)
    return workspace


def taken_in(delivery: Path, folder: Path) -> dict[str, pl.DataFrame]:
    workspace = Workspace(folder)
    report = take_in([delivery], Wish(), workspace, NOW)
    assert not report.any_refused
    assert Archive(workspace).quarantine().is_empty()
    return Archive(workspace).tables()


def test_what_is_delivered_is_taken_in_as_it_was_made(carriers, tmp_path):
    made = deliver_semi_real(carriers, tmp_path / "world", seed=2)
    found = taken_in(tmp_path / "world" / "delivery", tmp_path / "workspace")
    assert made.truth.height > 0
    for name, table in made.tables.items():
        assert sorted(found[name]["row_id"]) == sorted(table["row_id"]), name
    assert made.tables["photos"].height > 20


def test_the_same_carriers_parameters_and_seed_give_the_same_bytes(carriers, tmp_path):
    for name in ("first", "second"):
        deliver_semi_real(carriers, tmp_path / name, seed=2)
    files = sorted(p for p in (tmp_path / "first").rglob("*") if p.is_file())
    assert len(files) > 8
    for path in files:
        if path.name != "README.txt":
            other = tmp_path / "second" / path.relative_to(tmp_path / "first")
            assert path.read_bytes() == other.read_bytes()


def test_the_truth_is_one_that_can_be_evaluated(carriers, tmp_path):
    made = deliver_semi_real(carriers, tmp_path / "world", seed=2)
    truth = read_truth(tmp_path / "world" / "truth.csv")
    assert truth["same"].sum() == made.truth["same"].sum()
    accounts = pl.read_csv(tmp_path / "world" / "accounts.csv")
    ids = set(accounts.select(pl.concat_str("market", pl.lit(":"), "handle")).to_series())
    assert {*truth["left"], *truth["right"]} <= ids


def test_the_accounts_that_carry_those_of_the_truth_can_be_left_out_of_training(carriers, tmp_path):
    made = deliver_semi_real(carriers, tmp_path / "world", seed=2)
    left_out = pl.read_csv(tmp_path / "world" / "carriers.csv")
    accounts = Archive(carriers).tables()["accounts"].select("market", "handle")
    assert left_out.join(accounts, on=["market", "handle"], how="anti").is_empty()
    assert 0 < left_out.height < made.accounts["carrier"].n_unique()
    moved = made.truth.filter(same=1).select(market="market_b", handle="handle_b")
    was = moved.join(made.accounts, on=["market", "handle"]).select("was_market", "was_handle")
    assert set(was.rows()) <= set(left_out.rows())


def test_the_readme_says_what_was_done(carriers, tmp_path):
    rates = VARIANTS["late_scrapes"]
    made = deliver_semi_real(carriers, tmp_path / "world", rates, seed=2)
    said = (tmp_path / "world" / "README.txt").read_text()
    assert "WRONG ON PURPOSE: variant late_scrapes" in said
    assert parameters_digest(rates) in said
    assert f"{made.accounts['text_count'].sum()} texts" in said


def test_real_words_are_not_written_into_the_repository(carriers, tmp_path):
    with pytest.raises(RefusedInput, match="inside of Samehand's repository"):
        refuse_repository(REPOSITORY / "docs" / "world")
    with pytest.raises(RefusedInput, match="inside of Samehand's repository"):
        world(carriers=carriers.root, out=REPOSITORY / "never-made")
    assert not (REPOSITORY / "never-made").exists()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'something-else'\n")
    refuse_repository(tmp_path / "world")


def test_carriers_must_have_been_taken_in(tmp_path):
    with pytest.raises(RefusedInput, match="no workspace"):
        world(carriers=tmp_path / "nowhere", out=tmp_path / "world")
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "keys.csv").write_text("market,username,key_block,date\nharbour,ada,x,2014-03-01\n")
    workspace = Workspace(tmp_path / "workspace")
    take_in([tmp_path / "keys.csv"], Wish(), workspace, NOW)
    with pytest.raises(RefusedInput, match="no listing and no post"):
        world(carriers=workspace.root, out=tmp_path / "world")


def test_the_command_says_what_it_laid_upon_whom(carriers, tmp_path, capsys):
    world(carriers=carriers.root, out=tmp_path / "world", seed=2)
    said = capsys.readouterr().out
    assert "carriers" in said
    assert "kept_handle" in said
    assert (tmp_path / "world" / "truth.csv").is_file()


@pytest.mark.slow
def test_real_texts_prices_and_times_are_carried_unchanged(tmp_path):
    folder = os.environ.get("SAMEHAND_TEST_DATA")
    if folder is None:
        pytest.skip("SAMEHAND_TEST_DATA names no folder of real listings and posts")
    dev, carriers = Path(folder) / "dev", Workspace(tmp_path / "carriers")
    listings = [dev / f"{name}.csv.gz" for name in ("agora_2014", "hansa_2016")]
    take_in(listings, Wish(), carriers, NOW)
    posts = [dev / "sr1_forum_posts.csv.gz", dev / "sr1_pgp_keys.csv.gz"]
    take_in(posts, Wish(market="sr1-forum"), carriers, NOW)
    made = deliver_semi_real(carriers, tmp_path / "world")
    found = taken_in(tmp_path / "world" / "delivery", tmp_path / "workspace")
    before = Archive(carriers).tables()
    masked_count = int(made.accounts["masked_texts"].sum())
    for name in ("listings", "posts"):
        own = made.tables[name].filter(pl.col("source_id") != INVENTED)
        assert sorted(found[name]["row_id"]) == sorted(made.tables[name]["row_id"])
        columns = [c for c in ("price", "currency", "stated_at", "stated_precision") if c in own]
        of_source = ["source_id", "position"]
        both = own.join(before[name], on=of_source, suffix="_before")
        assert both.height == own.height > 20_000
        for column in columns:
            assert both[column].equals(both[f"{column}_before"].rename(column), null_equal=True)
        texts = [column for column in TEXTS if column in own]
        other = sum((both[c].ne_missing(both[f"{c}_before"])).sum() for c in texts)
        masked_count -= other
        bare = both.filter(pl.col("handle") == pl.col("handle_before"))
        for column in texts:
            assert bare[column].equals(bare[f"{column}_before"].rename(column), null_equal=True)
    assert masked_count == 0
    _the_truth_adds_up(made)


def _the_truth_adds_up(made):
    carriers = Counter(made.accounts["carrier"].to_list())
    assert sum(count - 1 for count in carriers.values()) == made.truth["same"].sum() > 100
    assert {"impostor", "quoted_key", "changed_both"} <= set(made.truth["kind"])
    assert made.accounts.select("market", "handle").is_unique().all()
