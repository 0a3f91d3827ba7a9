"""Views: which sources each of them shows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from evidence.acts import Act, events_of
from evidence.correction import restore, withdraw
from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.ledger_schema import DECISION_ROWS
from evidence.source_names import source_named
from evidence.sources import Source
from evidence.views import add_view, readings_in, remove_view, view_named, views
from evidence.workspace import Workspace

NOW = datetime(2020, 1, 1, tzinfo=UTC)
ACT = Act("kim", "need to know", NOW)
ONE, TWO, THREE = "11" * 32, "22" * 32, "33" * 32


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(Workspace(tmp_path)) as opened:
        opened.add_source(Source(ONE, "one.csv", 1, NOW, compartment="harbour"))
        opened.add_source(Source(TWO, "two.csv", 1, NOW, compartment="quay"))
        opened.add_source(Source(THREE, "three.csv", 1, NOW))
        yield opened


def test_a_view_shows_named_sources_and_those_of_its_compartments(ledger: Ledger) -> None:
    add_view(ledger, "narrow", (THREE,), ("harbour",), ACT)
    assert readings_in(ledger, "narrow") == [ONE, THREE]
    assert readings_in(ledger) == [ONE, TWO, THREE]
    ledger.add_source(Source("44" * 32, "later.csv", 1, NOW, compartment="harbour"))
    assert len(readings_in(ledger, "narrow")) == 3


def test_what_is_withdrawn_is_in_no_view_until_it_is_restored(ledger: Ledger) -> None:
    add_view(ledger, "narrow", (ONE, TWO), (), ACT)
    source = source_named(ledger, "one.csv")
    withdraw(ledger, source, ACT)
    assert readings_in(ledger, "narrow") == [TWO]
    with pytest.raises(RefusedInput, match="is withdrawn already"):
        withdraw(ledger, source_named(ledger, "one.csv"), ACT)
    restore(ledger, source_named(ledger, "one.csv"), ACT)
    assert readings_in(ledger, "narrow") == [ONE, TWO]
    assert [e.action for e in events_of(ledger, ONE)] == ["withdrawn", "restored"]
    assert {(e.person, e.reason, e.at) for e in events_of(ledger, ONE)} == {
        ("kim", "need to know", NOW)
    }


def test_a_correction_and_what_it_corrects_never_count_both(ledger: Ledger) -> None:
    ledger.add_source(Source("44" * 32, "right.csv", 1, NOW, replaces="55" * 32))
    ledger.add_source(Source("55" * 32, "wrong.csv", 1, NOW, state="replaced"))
    with pytest.raises(RefusedInput, match=r"right\.csv .* would both count"):
        restore(ledger, source_named(ledger, "wrong.csv"), ACT)
    withdraw(ledger, source_named(ledger, "right.csv"), ACT)
    restore(ledger, source_named(ledger, "wrong.csv"), ACT)
    with pytest.raises(RefusedInput, match=r"wrong\.csv .* would both count"):
        restore(ledger, source_named(ledger, "right.csv"), ACT)


def test_there_are_at_most_eight_views(ledger: Ledger) -> None:
    for number in range(8):
        add_view(ledger, f"view-{number}", (ONE,), (), ACT)
    with pytest.raises(RefusedInput, match="there are 8 views"):
        add_view(ledger, "ninth", (ONE,), (), ACT)
    remove_view(ledger, "view-3")
    add_view(ledger, "ninth", (ONE,), (), ACT)
    assert len(views(ledger)) == 8


def test_a_view_comes_back_as_it_was_made(ledger: Ledger) -> None:
    made = add_view(ledger, "narrow", (ONE,), ("harbour", "quay"), ACT)
    assert view_named(ledger, "narrow") == made
    assert views(ledger) == [made]


@pytest.mark.parametrize("name", ["", "All views", "../up", "a" * 33, "1st"])
def test_a_name_that_is_no_name_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(RefusedInput, match="small letters"):
        add_view(ledger, name, (ONE,), (), ACT)


@pytest.mark.parametrize("name", ["all", "narrow", "gone"])
def test_a_name_is_given_once(ledger: Ledger, name: str) -> None:
    for given in ("narrow", "gone"):
        add_view(ledger, given, (ONE,), (), ACT)
    ledger.record_run("run-1", "gone", NOW)
    remove_view(ledger, "gone")
    with pytest.raises(RefusedInput, match="choose another name"):
        add_view(ledger, name, (TWO,), (), ACT)


def test_a_view_of_nothing_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedInput, match="--sources"):
        add_view(ledger, "empty", (), (), ACT)


def test_a_view_that_nobody_made_is_unknown(ledger: Ledger) -> None:
    for asked in (readings_in, remove_view):
        with pytest.raises(UnknownThing, match="there is no view 'nobody'"):
            asked(ledger, "nobody")


def test_a_persona_of_one_view_is_unknown_in_another(ledger: Ledger) -> None:
    def a_run(run_id: str, *groups: list[str]) -> list[str]:
        ledger.record_run(run_id, "narrow", NOW)
        named = ledger.name_personas(groups, run_id, view="narrow")
        ledger.publish_run(run_id, "hash", NOW)
        return named

    _, gone = a_run("r1", ["m:a", "m:b", "m:c"], ["m:d", "m:e"])
    (merged,) = a_run("r2", ["m:a", "m:b", "m:c", "m:d", "m:e"])
    assert ledger.resolve_persona(gone, "r2", "narrow") == merged
    assert ledger.resolve_persona(gone, "r2") == gone


def test_a_view_counts_nobodys_decisions_and_those_of_its_sources(ledger: Ledger) -> None:
    said = {"ruling": "same", "person": "kim", "reason": "", "decided_at": NOW}
    rows = [
        {"left": f"m:{n}", "right": "m:x", "source_id": s, "grade": "A1", "kind": "case"} | said
        for n, s in enumerate((None, ONE, TWO))
    ]
    with ledger.writing() as connection:
        connection.execute(insert(DECISION_ROWS), rows)
    assert ledger.rulings([ONE]).decisions["left"].to_list() == ["m:0", "m:1"]
    assert ledger.rulings().decisions.height == 3
    withdraw(ledger, source_named(ledger, "two.csv"), ACT)
    assert ledger.rulings().decisions["left"].to_list() == ["m:0", "m:1"]


def test_a_source_is_named_by_its_file_or_the_first_digits_of_its_id(ledger: Ledger) -> None:
    assert source_named(ledger, "two.csv").source_id == TWO
    assert source_named(ledger, "2222222222").source_id == TWO
    with pytest.raises(UnknownThing):
        source_named(ledger, "2222")
    ledger.add_source(Source("77" * 32, "scrape/bazaar/four.csv", 1, NOW))
    assert source_named(ledger, "bazaar/four.csv").source_id == "77" * 32
    ledger.add_source(Source("66" * 32, "two.csv", 1, NOW))
    with pytest.raises(RefusedInput, match="by its id: 222222222222, 666666666666"):
        source_named(ledger, "two.csv")


def test_an_act_without_a_reason_is_refused() -> None:
    with pytest.raises(RefusedInput, match="--why"):
        Act("kim", "  ", NOW)
