"""After a kill between pointer and ledger both name one run again."""

from api.agreement import record_shown, settle
from tests.api.conftest import NOW
from tests.api.published import STARTED, a_small_run

OLD, NEW = "20171204T020000Z-0001", "20171205T020000Z-0002"


def shown(installation, run_id):
    """Record a run, store it and let the graph's readers see it."""
    installation.doors.ledger.record_run(run_id, "all", STARTED)
    installation.publish(a_small_run(run_id))


def test_the_run_that_pages_show_is_recorded_where_a_kill_came_before_that(empty):
    ledger = empty.doors.ledger
    shown(empty, OLD)
    settle(empty.workspace, None)
    assert ledger.published_run() == OLD
    shown(empty, NEW)
    assert ledger.published_run() == OLD
    record_shown(ledger, empty.doors.runs, empty.doors.graph)
    assert ledger.published_run() == NEW


def test_a_run_that_was_stored_and_never_shown_stays_unpublished(empty):
    ledger, run = empty.doors.ledger, a_small_run(NEW)
    shown(empty, OLD)
    ledger.publish_run(OLD, "ab" * 32, NOW)
    ledger.record_run(NEW, "all", STARTED)
    empty.doors.runs.write(NEW, run.tables(), run.summary())
    settle(empty.workspace, None)
    assert ledger.published_run() == OLD


def test_nobody_asks_the_graph_where_every_stored_run_is_recorded(empty, monkeypatch):
    shown(empty, OLD)
    empty.doors.ledger.publish_run(OLD, "ab" * 32, NOW)
    monkeypatch.setattr("api.agreement.open_graph", None)
    settle(empty.workspace, None)
