from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import CorpusBuilder
from tests.world.carried import START, a_seller, an_author
from world.carriers import LEAST_RECORDS, read_carriers
from world.openpgp import SigningKey


def handles(corpus: CorpusBuilder) -> list[str]:
    return read_carriers(corpus.tables())["handle"].to_list()


def test_one_handle_on_two_markets_is_carried_once_by_who_has_more_records():
    corpus = a_seller(CorpusBuilder(), "harbour", "Amber_Fox", days=9)
    a_seller(corpus, "lantern", "amberfox", days=5)
    a_seller(corpus, "lantern", "coldharp", days=5)
    assert handles(corpus) == ["Amber_Fox", "coldharp"]


def test_accounts_that_show_one_key_are_carried_once():
    block = SigningKey(b"k" * 32, "somebody", START).block()
    corpus = an_author(CorpusBuilder(), "quayside", "birchpost", posts=6)
    an_author(corpus, "quayside", "dunemill", posts=4)
    corpus.key("quayside", "birchpost", block).post("quayside", "dunemill", f"take this:\n{block}")
    assert handles(corpus) == ["birchpost"]


def test_handles_of_signs_only_are_not_thrown_together():
    corpus = a_seller(CorpusBuilder(), "harbour", "***")
    a_seller(corpus, "harbour", "!!!")
    assert len(handles(corpus)) == 2


def test_who_shows_armor_is_named():
    corpus = an_author(CorpusBuilder(), "quayside", "birchpost")
    an_author(corpus, "quayside", "dunemill")
    corpus.post("quayside", "dunemill", "-----BEGIN PGP MESSAGE-----\n\nhQ\n")
    carriers = read_carriers(corpus.tables())
    assert carriers.select("handle", "armored").rows() == [("birchpost", False), ("dunemill", True)]


def test_who_wrote_everything_at_one_time_cannot_be_cut_in_two():
    corpus = CorpusBuilder()
    for number in range(20):
        corpus.post("quayside", "birchpost", f"post {number}", stated_at=START)
    assert read_carriers(corpus.tables())["cut_at"].to_list() == [None]


def test_what_is_undated_neither_helps_nor_hinders_a_cut():
    corpus = an_author(CorpusBuilder(), "quayside", "birchpost", posts=4)
    corpus.post("quayside", "birchpost", "some day").post("quayside", "dunemill", "some day")
    carriers = read_carriers(corpus.tables())
    assert carriers["cut_at"].to_list() == [START + timedelta(hours=2), None]
    assert carriers["first_at"].to_list() == [START, None]
    assert carriers["record_count"].to_list() == [5, 1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_a_cut_is_the_most_even_one_that_times_allow(days):
    corpus = CorpusBuilder()
    for number, day in enumerate(days):
        at = datetime(2014, 1, 1 + day, tzinfo=UTC)
        corpus.listing("harbour", "amberfox", f"lot {number}", stated_at=at)
    cut = read_carriers(corpus.tables())["cut_at"].item()
    sides = {day: sum(other < day for other in days) for day in set(days)}
    allowed = {
        day: abs(2 * before - len(days))
        for day, before in sides.items()
        if LEAST_RECORDS <= before <= len(days) - LEAST_RECORDS
    }
    if not allowed:
        assert cut is None
    else:
        assert allowed[cut.day - 1] == min(allowed.values())


def test_carriers_do_not_depend_on_the_order_of_rows():
    corpus = a_seller(CorpusBuilder(), "harbour", "amberfox")
    an_author(a_seller(corpus, "lantern", "coldharp"), "quayside", "birchpost")
    tables = corpus.tables()
    turned = {name: table.reverse() for name, table in tables.items()}
    assert read_carriers(turned).equals(read_carriers(tables))
    assert read_carriers(tables)["carrier"].dtype == pl.UInt32
