"""The catalogue of markets: one name each, what came last counts, and the list that ships."""

import csv
from datetime import UTC, datetime, timedelta
from importlib import resources

import polars as pl
import pytest

from evidence.archive import Archive, load_corpus
from evidence.intake.intake import take_in
from evidence.intake.wishes import Wish
from evidence.workspace import Workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KNOWN = resources.files("evidence") / "catalogue" / "known-markets.csv"
LISTINGS = "market,vendor,title\nlamp market,ann,copper kettle\nThe Quay,bob,tin pan\n"


class Desk:
    def __init__(self, folder):
        self.folder, self.workspace, self.now = folder, Workspace(folder / "workspace"), NOW

    def take(self, name, text, kind=None):
        self.now += timedelta(hours=1)
        (self.folder / name).write_text(text)
        report = take_in([self.folder / name], Wish(kind=kind), self.workspace, self.now)
        assert not report.any_refused
        return report.files[0]

    def accounts(self):
        return load_corpus(self.workspace).accounts.select("market", "market_kind", "belongs_to")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def markets(*rows):
    return "\n".join(["name,kind,opened,closed,reason,aliases,belongs_to,source", *rows, ""])


LAMP = "Lantern,market,2015-03,2017-07-04,seized,lamp market;lm,,court file 7"
QUAY = "Quay,forum,,,,the quay,Lantern,"


@pytest.mark.parametrize("first", ["markets", "listings"])
def test_a_market_bears_its_one_name_whichever_came_first(desk, first):
    taken = {"markets": markets(LAMP, QUAY), "listings": LISTINGS}
    for name in sorted(taken, reverse=first == "markets"):
        desk.take(f"{name}.csv", taken[name], name)
    assert desk.accounts().rows() == [("Lantern", "market", None), ("Quay", "forum", "Lantern")]


def test_a_name_of_its_own_comes_before_another_markets_alias(desk):
    desk.take("markets.csv", markets(LAMP, "lm,shop,,,,,,"), "markets")
    desk.take("listings.csv", "market,vendor,title\nLM,ann,kettle\n")
    assert desk.accounts().rows() == [("lm", "shop", None)]


def test_dates_keep_how_exact_they_are_and_say_where_they_stand(desk):
    desk.take("markets.csv", markets(LAMP), "markets")
    row = Archive(desk.workspace).markets().row(0, named=True)
    assert (row["opened_at"], row["opened_precision"]) == (
        datetime(2015, 3, 1, tzinfo=UTC),
        "month",
    )
    assert row["closed_precision"] == "day"
    assert (row["reason"], row["cites"]) == ("seized", "court file 7")


@pytest.mark.parametrize("reasons", [("retired", "exit scam"), ("exit scam", "retired")])
def test_what_was_said_of_a_market_last_counts(desk, reasons):
    for number, reason in enumerate(reasons):
        desk.take(f"{number}.csv", markets(f"Lantern,market,,2017,{reason},,,"), "markets")
    assert load_corpus(desk.workspace).markets["reason"].to_list() == [reasons[1], reasons[0]]


def test_a_market_that_opens_again_under_another_name_is_another_market(desk):
    desk.take("markets.csv", markets(LAMP, "Lantern 2,market,2018,,,,,"), "markets")
    rows = "market,vendor,title\nLantern,ann,kettle\nlantern 2,ann,kettle\n"
    desk.take("listings.csv", rows)
    assert set(desk.accounts()["market"]) == {"Lantern", "Lantern 2"}


def test_every_known_market_has_opening_closing_reason_and_source():
    rows = list(csv.DictReader(KNOWN.read_text("utf-8").splitlines()))
    assert len(rows) > 40
    assert all(row[n] for row in rows for n in ("name", "opened", "closed", "reason", "source"))
    assert {row["reason"] for row in rows} == {"seized", "exit scam", "hacked", "retired"}
    assert all(row["opened"] <= row["closed"] for row in rows)
    names = [n.lower() for r in rows for n in (r["name"], *filter(None, r["aliases"].split(";")))]
    assert len(names) == len(set(names))


def test_the_known_markets_are_taken_in_without_a_flaw(desk):
    report = desk.take("known.csv", KNOWN.read_text("utf-8"), "markets")
    assert (report.quarantined, report.flawed) == (0, 0)
    table = Archive(desk.workspace).markets()
    closed = pl.col("closed_at") >= pl.col("opened_at")
    assert table.select(closed.all()).item()
    assert table["cites"].null_count() == 0
