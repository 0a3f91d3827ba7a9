from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from evidence.ledger import Ledger
from evidence.sources import Source
from evidence.workspace import Workspace

NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(Workspace(tmp_path / "w")) as opened:
        yield opened


def a_run(ledger, run_id, groups, minute):
    ledger.record_run(run_id, "all", NOW)
    ids = ledger.name_personas(groups, run_id)
    ledger.publish_run(run_id, "hash", NOW.replace(minute=minute))
    return ids


def test_a_source_comes_back_as_it_was_recorded_and_only_once(ledger):
    source = Source("ab" * 32, "items.csv", 12, NOW, owner="Customs", captured_at=NOW)
    ledger.add_source(source)
    ledger.add_source(source)
    assert ledger.sources() == [source]
    assert ledger.source("ab" * 32) == source
    assert ledger.source("cd" * 32) is None


def test_a_ledger_that_many_make_at_once_is_there_for_all_of_them(tmp_path):
    together = Barrier(8)

    def open_it(_):
        together.wait()
        with Ledger.open(Workspace(tmp_path / "w")) as opened:
            return opened.sources()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_it, range(8))) == [[]] * 8


def test_nothing_is_published_until_it_is_said(ledger):
    ledger.record_run("r1", "all", NOW)
    assert ledger.published_run() is None
    ledger.publish_run("r1", "hash", NOW)
    assert ledger.published_run() == "r1"
    assert ledger.published_run("another view") is None


def test_a_persona_keeps_its_id_while_accounts_come_and_go(ledger):
    (first,) = a_run(ledger, "r1", [["m:a", "m:b"]], 1)
    again = a_run(ledger, "r2", [["m:x", "m:y"], ["m:a", "m:b", "m:c"]], 2)
    assert again[1] == first
    assert again[0] != first


def test_the_larger_half_of_a_split_persona_keeps_the_id(ledger):
    (first,) = a_run(ledger, "r1", [["m:a", "m:b", "m:c", "m:d", "m:e"]], 1)
    small, large = a_run(ledger, "r2", [["m:a", "m:b"], ["m:c", "m:d", "m:e"]], 2)
    assert large == first
    assert small != first


def test_a_merged_persona_answers_with_the_one_it_went_into(ledger):
    one, two = a_run(ledger, "r1", [["m:a", "m:b", "m:c"], ["m:d", "m:e"]], 1)
    (merged,) = a_run(ledger, "r2", [["m:a", "m:b", "m:c", "m:d", "m:e"]], 2)
    assert merged == one
    assert ledger.resolve_persona(two, "r2") == one
    assert ledger.resolve_persona(one, "r2") == one


def test_an_unpublished_run_does_not_decide_who_inherits_an_id(ledger):
    (first,) = a_run(ledger, "r1", [["m:a", "m:b"]], 1)
    ledger.record_run("failed", "all", NOW)
    ledger.name_personas([["m:z", "m:y"]], "failed")
    (again,) = a_run(ledger, "r3", [["m:a", "m:b"]], 3)
    assert again == first


def test_without_rulings_the_tables_are_empty_and_typed(ledger):
    rulings = ledger.rulings()
    assert rulings.decisions.is_empty()
    assert rulings.public_values.columns == ["kind", "value", "reason"]


def test_a_withdrawn_source_is_not_in_force(ledger):
    ledger.add_source(Source("cd" * 32, "new.csv", 12, NOW))
    ledger.add_source(Source("ab" * 32, "old.csv", 12, NOW))
    ledger.add_source(Source("ef" * 32, "wrong.csv", 12, NOW, state="withdrawn"))
    assert ledger.in_force() == ["ab" * 32, "cd" * 32]
