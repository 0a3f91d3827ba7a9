"""What people ruled on pairs: entered one by one, or taken in from a file of casework."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evidence.acts import Act
from evidence.archive import Archive
from evidence.correction import restore, withdraw
from evidence.decisions import (
    AWAITS,
    COUNTS,
    OUT_OF_FORCE,
    RULED_AGAIN,
    Decision,
    Shown,
    counting,
    decide,
    decisions,
    import_decisions,
    on_record,
)
from evidence.errors import RefusedInput
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.source_card import SourceCard
from evidence.workspace import Workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEADER = "market_a,handle_a,market_b,handle_b,same,kind,person,reason,decided_at,source,grade\n"
ROWS = (
    "harbour,ann,lantern,ann2,1,renamed,J. Ocampo,plea agreement,2019-04-02,case 12 p. 3,A1\n"
    "harbour,bob,lantern,bob,0,impostor,J. Ocampo,two defendants,2019-04-02,case 12 p. 9,A1\n"
)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "workspace")


def a_file(tmp_path, rows=ROWS, name="casework.csv", header=HEADER):
    path = tmp_path / name
    path.write_text(header + rows)
    return path


INES = Wish(person="ines")


def imported(path, workspace, wish=INES, now=NOW):
    return import_decisions(path, wish, workspace, now)


def ruled(left, right, ruling, at=NOW):
    return Decision(left, right, ruling, "omar", "read the posts", at)


def in_force(workspace):
    with Ledger.open(workspace) as ledger:
        return {(d.left, d.right): d.ruling for d in counting(ledger)}


@pytest.mark.parametrize(
    "shown", [None, Shown("r7", "all", "lead", 1.5), Shown("r7", "all", None, None)]
)
def test_what_was_shown_to_who_ruled_stays_with_the_ruling(workspace, shown):
    with Ledger.open(workspace) as ledger:
        decide(ledger, replace(ruled("harbour:ann", "lantern:ann2", "same"), shown=shown))
        (found,) = decisions(ledger)
    assert found.shown == shown


def test_casework_is_taken_in_with_person_reason_date_citation_and_grade(tmp_path, workspace):
    report = imported(a_file(tmp_path), workspace)
    assert (report.rows_in, report.stored, report.quarantined) == (2, 2, 0)
    with Ledger.open(workspace) as ledger:
        first, _ = decisions(ledger)
    assert first.left == "harbour:ann"
    assert first.right == "lantern:ann2"
    assert (first.ruling, first.kind, first.grade) == ("same", "renamed", "A1")
    assert (first.person, first.reason, first.cites) == (
        "J. Ocampo",
        "plea agreement",
        "case 12 p. 3",
    )
    assert first.decided_at == datetime(2019, 4, 2, tzinfo=UTC)
    assert first.source_id == report.source_id


def test_the_same_file_twice_adds_nothing(tmp_path, workspace):
    imported(a_file(tmp_path), workspace)
    again = imported(a_file(tmp_path), workspace)
    assert (again.rows_in, again.stored, again.already_there) == (2, 0, 2)
    with Ledger.open(workspace) as ledger:
        assert len(decisions(ledger)) == 2


def test_a_row_that_cannot_be_read_is_quarantined_and_the_others_go_in(tmp_path, workspace):
    bad = (
        "harbour,cat,lantern,cat,maybe,,ines,because,,,\n"
        "harbour,,lantern,dan,1,,ines,because,,,\n"
        "harbour,eve,harbour,eve,1,,ines,because,,,\n"
        "harbour,fay,lantern,fay,1,,ines,,,,\n"
        "harbour,gus,lantern,gus,1,,ines,because,someday,,\n"
        "harbour,hal\n"
    )
    report = imported(a_file(tmp_path, bad + ROWS), workspace)
    assert (report.rows_in, report.stored, report.quarantined) == (8, 2, 6)
    kept = Archive(workspace).quarantine()
    assert kept["line"].to_list() == [2, 3, 4, 5, 6, 7]
    assert kept["raw"][0] == b"harbour,cat,lantern,cat,maybe,,ines,because,,,\n"


def test_a_file_that_lacks_a_column_is_refused_and_leaves_nothing(tmp_path, workspace):
    path = a_file(tmp_path, "a,b\n", header="market_a,handle_a\n")
    with pytest.raises(RefusedInput, match="no column market_b, handle_b, same, person, reason"):
        imported(path, workspace)
    with Ledger.open(workspace) as ledger:
        assert ledger.sources() == []


def test_decisions_of_a_withdrawn_file_do_not_count_until_it_is_restored(tmp_path, workspace):
    report = imported(a_file(tmp_path), workspace)
    before = in_force(workspace)
    with Ledger.open(workspace) as ledger:
        withdraw(ledger, ledger.source(report.source_id), Act("ines", "wrong case", NOW))
        assert counting(ledger) == []
        assert ledger.rulings().decisions.is_empty()
        restore(ledger, ledger.source(report.source_id), Act("ines", "right case", NOW))
    assert in_force(workspace) == before


def test_what_is_said_of_the_file_is_said_of_the_source(tmp_path, workspace):
    card = SourceCard({"owner": "customs", "compartment": "operation heron"})
    report = imported(a_file(tmp_path), workspace, Wish(card=card, person="ines"))
    with Ledger.open(workspace) as ledger:
        source = ledger.source(report.source_id)
    assert (source.name, source.owner, source.compartment) == (
        "casework.csv",
        "customs",
        "operation heron",
    )


def test_the_last_ruling_on_a_pair_counts_whichever_way_round(workspace):
    later = datetime(2026, 4, 1, tzinfo=UTC)
    with Ledger.open(workspace) as ledger:
        decide(ledger, ruled("a:ann", "b:ann", "same"))
        decide(ledger, ruled("b:ann", "a:ann", "unsure", later))
    assert in_force(workspace) == {("b:ann", "a:ann"): "unsure"}


def test_an_old_ruling_that_comes_late_does_not_overrule_a_newer_one(tmp_path, workspace):
    with Ledger.open(workspace) as ledger:
        decide(ledger, ruled("harbour:ann", "lantern:ann2", "different"))
    imported(a_file(tmp_path), workspace)
    assert in_force(workspace)["harbour:ann", "lantern:ann2"] == "different"


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (("a:x", "a:x", "same", "ines", "why"), "a decision is on two accounts"),
        (("a:x", "a:y", "perhaps", "ines", "why"), "no ruling"),
        (("a:x", "a:y", "same", "ines", " "), "needs a person and a reason"),
    ],
)
def test_what_is_no_decision_is_refused(decision, why):
    with pytest.raises(RefusedInput, match=why):
        Decision(*decision, NOW)


def test_a_ruling_that_joins_two_confirmed_personas_awaits_another_person(tmp_path, workspace):
    rows = (
        "harbour,ann,lantern,ann,1,,J. Ocampo,plea,2019-04-02,,\n"
        "harbour,bob,lantern,bob,1,,J. Ocampo,plea,2019-04-02,,\n"
        "harbour,ann,harbour,bob,1,,J. Ocampo,plea,2019-04-03,,\n"
    )
    imported(a_file(tmp_path, rows), workspace)
    with Ledger.open(workspace) as ledger:
        assert [force for _, force in on_record(ledger)] == [COUNTS, COUNTS, AWAITS]
        decide(ledger, ruled("harbour:bob", "harbour:ann", "same"))
        assert [force for _, force in on_record(ledger)] == [COUNTS, COUNTS, RULED_AGAIN, COUNTS]


def test_of_decisions_out_of_force_only_the_whole_record_tells(tmp_path, workspace):
    report = imported(a_file(tmp_path), workspace)
    with Ledger.open(workspace) as ledger:
        withdraw(ledger, ledger.source(report.source_id), Act("ines", "wrong case", NOW))
        assert [force for _, force in on_record(ledger)] == [OUT_OF_FORCE, OUT_OF_FORCE]
        assert on_record(ledger, ledger.in_force()) == []
