"""A ruling is judged by the personas that stood when it was made, and by none that came later."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from evidence.acts import Act
from evidence.decisions import AWAITS, COUNTS, Decision, decide, import_decisions, on_record
from evidence.erasure import begin, redact
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.persona_mates import mates
from evidence.views import add_view, remove_view
from evidence.workspace import Workspace
from linkage.decided import last_rulings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANN, BOB = ["m:ann", "n:ann", "o:ann"], ["m:bob", "n:bob", "o:bob"]
JOIN = ("o:ann", "o:bob")
"""Neither was ever ruled on: links alone hold them beside the others."""


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def ledger(workspace):
    """Two personas of three, of which people confirmed two each."""
    with Ledger.open(workspace) as opened:
        publish(opened, ANN, BOB)
        for persona in (ANN, BOB):
            rule(opened, *persona[:2])
        yield opened


def publish(ledger, *groups, view="all", days=0):
    ledger.record_run(f"{view}-{days}", view, NOW)
    ledger.name_personas(groups, f"{view}-{days}", view=view)
    ledger.publish_run(f"{view}-{days}", "hash", NOW + timedelta(days=days))


def rule(ledger, left, right, ruling="same", person="ines"):
    return decide(ledger, Decision(left, right, ruling, person, "read the posts", NOW))


def last_force(ledger):
    return on_record(ledger)[-1][1]


def test_a_ruling_joins_two_confirmed_personas_by_members_that_links_alone_put_there(ledger):
    rule(ledger, *JOIN)
    assert last_force(ledger) == AWAITS
    assert (*JOIN, "unsure") in last_rulings(ledger.rulings().decisions).rows()
    rule(ledger, *JOIN[::-1], person=" Ines")
    assert last_force(ledger) == AWAITS
    rule(ledger, *JOIN, person="omar")
    assert last_force(ledger) == COUNTS
    assert (*JOIN, "same") in last_rulings(ledger.rulings().decisions).rows()


def test_a_ruling_stays_what_it_is_whatever_later_runs_group(ledger):
    rule(ledger, *JOIN)
    publish(ledger, ANN[:2], BOB[:2], days=1)
    assert last_force(ledger) == AWAITS
    rule(ledger, *JOIN)
    assert last_force(ledger) == COUNTS
    publish(ledger, ANN, BOB, days=2)
    assert last_force(ledger) == COUNTS


def test_within_one_persona_nobody_else_is_needed(ledger):
    publish(ledger, ANN + BOB, days=1)
    rule(ledger, *JOIN)
    assert last_force(ledger) == COUNTS


def test_a_view_in_which_two_stand_alone_is_no_way_around_the_one_in_which_they_do_not(ledger):
    publish(ledger, ANN[:2], BOB[:2], days=1)
    add_view(ledger, "heron", (), ("operation heron",), Act("ines", "a case", NOW))
    publish(ledger, ANN, BOB, view="heron", days=2)
    rule(ledger, *JOIN)
    assert last_force(ledger) == AWAITS
    remove_view(ledger, "heron")
    rule(ledger, *JOIN)
    assert last_force(ledger) == COUNTS


def test_who_rules_an_account_out_and_joins_it_the_next_day_needs_another_person(ledger):
    rule(ledger, "m:bob", "o:bob", "different")
    publish(ledger, ANN, BOB[:2], days=1)
    rule(ledger, *JOIN)
    assert last_force(ledger) == AWAITS


def casework(tmp_path, rows):
    path = tmp_path / "casework.csv"
    path.write_text("market_a,handle_a,market_b,handle_b,same,person,reason\n" + rows)
    return path


def test_a_file_s_rulings_are_judged_like_any_other(ledger, workspace, tmp_path):
    path = casework(tmp_path, "o,ann,o,bob,1,ines,plea\no,ann,o,cat,1,ines,plea\n")
    import_decisions(path, Wish(person="ines"), workspace, NOW)
    assert [force for _, force in on_record(ledger)][2:] == [AWAITS, COUNTS]


def test_a_file_may_confirm_the_very_personas_that_it_then_joins(workspace, tmp_path):
    with Ledger.open(workspace) as ledger:
        publish(ledger, ANN, BOB)
        rows = "m,ann,n,ann,1,ines,plea\nm,bob,n,bob,1,ines,plea\no,ann,o,bob,1,ines,plea\n"
        import_decisions(casework(tmp_path, rows), Wish(person="ines"), workspace, NOW)
        assert [force for _, force in on_record(ledger)] == [COUNTS, COUNTS, AWAITS]


def test_an_erasure_takes_the_rulings_of_a_file_with_all_that_was_kept_with_them(
    ledger, workspace, tmp_path
):
    path = casework(tmp_path, "o,ann,o,bob,1,ines,plea\n")
    report = import_decisions(path, Wish(person="ines"), workspace, NOW)
    with ledger.reading() as connection:
        assert mates(connection)[3] == (ANN[:2], BOB[:2])
    begin(ledger, workspace, ledger.source(report.source_id), lambda _: [])
    redact(ledger, report.source_id)
    with ledger.reading() as connection:
        assert not mates(connection)


def test_a_ledger_of_old_gains_the_table_and_its_rulings_count_as_they_did(ledger, workspace):
    rule(ledger, *JOIN)
    with closing(sqlite3.connect(workspace.ledger)) as connection:
        connection.execute("DROP TABLE decisions_beside")
        connection.execute("PRAGMA user_version = 7")
    with Ledger.open(workspace) as opened:
        assert last_force(opened) == COUNTS
        rule(opened, *JOIN, ruling="unsure")
        rule(opened, *JOIN)
        assert last_force(opened) == AWAITS
