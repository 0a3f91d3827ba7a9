import csv
import io
import json
import shutil

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from api.cli import app_of
from api.commands.published import safe_cell
from api.nightly import recompute
from api.terminal import plain
from evidence.errors import NotPublished, RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.ledger_schema import PERSONA_SUCCESSORS
from evidence.records import account_named
from evidence.workspace import Workspace
from linkage.run_store import RunStore
from tests.api.test_recompute import a_workspace, night
from tests.builders import CorpusBuilder, empty_workspace

APP = app_of()

COLUMNS = (
    "market_a,handle_a,market_b,handle_b,band,verdict,copier,probability,bits,possible_framing,"
    "link_id,q_value"
)
ODD = "=quill+whistle"


def printed(workspace, *arguments):
    command = [*arguments, "--workspace", str(workspace.root)]
    return CliRunner(env={"COLUMNS": "200"}).invoke(APP, command)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    builder = CorpusBuilder()
    for market in ("harbour", "lantern"):
        builder.listing(market, ODD, title=f"copper kettle of {market}")
        builder.listing(market, f"{market}-stranger", title="tin pan")
    made = a_workspace(tmp_path_factory.mktemp("workspace"), builder)
    recompute(night(made))
    return made


def test_links_are_printed_as_csv_in_the_columns_that_are_promised(workspace):
    header, *rows = printed(workspace, "links", "--csv").stdout.splitlines()
    assert header == COLUMNS
    row = next(csv.DictReader(io.StringIO("\n".join([header, *rows]))))
    assert (row["market_a"], row["band"], row["verdict"], row["copier"]) == (
        "harbour",
        "lead",
        "same",
        "",
    )


def test_a_handle_that_a_spreadsheet_would_run_is_preceded_by_an_apostrophe(workspace):
    assert f"harbour,'{ODD}," in printed(workspace, "links", "--csv").stdout


def test_json_has_every_value_as_it_is(workspace):
    row = json.loads(printed(workspace, "links", "--json").stdout)[0]
    assert list(row) == COLUMNS.split(",")
    assert row["handle_a"] == ODD
    assert row["copier"] is None
    assert -14.3 < row["bits"] < 0


def test_a_band_is_chosen(workspace):
    assert json.loads(printed(workspace, "links", "--json", "--band", "proved").stdout) == []
    assert len(json.loads(printed(workspace, "links", "--json", "--band", "lead").stdout)) == 1


def test_a_budget_takes_the_best_of_one_hand_and_says_how_many_are_wrong(workspace):
    shown = printed(workspace, "links", "--budget", "1")
    assert "1 proposal of one hand, about 1 of them expected to be wrong" in shown.stdout
    cut = printed(workspace, "links", "--budget", "5", "--csv")
    assert len(cut.stdout.splitlines()) == 2
    assert "expected to be wrong" in cut.stderr


def test_a_budget_is_for_links_of_all_bands(workspace):
    refused = printed(workspace, "links", "--budget", "5", "--band", "lead").exception
    assert isinstance(refused, RefusedInput)


def test_a_run_states_how_many_of_its_proposals_are_expected_to_be_wrong(workspace):
    (row,) = json.loads(printed(workspace, "links", "--json").stdout)
    store = RunStore(workspace.runs)
    summary = store.summary(store.run_ids()[-1])
    assert summary.expected_wrong_count == pytest.approx(row["q_value"])
    assert row["q_value"] == pytest.approx(1 - row["probability"], abs=1e-6)


def test_links_are_shown_to_people(workspace):
    assert ODD in printed(workspace, "links").stdout


def test_personas_have_market_handle_and_id(workspace):
    assert printed(workspace, "personas", "--csv").stdout == "market,handle,persona_id\n"


def test_leads_put_candidates_beside_each_other_when_asked_for(workspace):
    rows = json.loads(printed(workspace, "personas", "--with-leads", "--json").stdout)
    assert [(row["market"], row["handle"], row["standing"]) for row in rows] == [
        ("harbour", ODD, "candidate"),
        ("lantern", ODD, "candidate"),
    ]
    assert len({row["persona_id"] for row in rows}) == 1


@pytest.fixture(scope="module")
def confirmed(workspace, tmp_path_factory):
    """The same, where a person ruled the two accounts with one handle to be one hand."""
    place = Workspace(shutil.copytree(workspace.root, tmp_path_factory.mktemp("confirmed") / "w"))
    sides = (f"harbour:{ODD}", f"lantern:{ODD}")
    printed(place, "decisions", "add", *sides, "same", "--why", "both confessed to")
    recompute(night(place))
    return place


def test_a_ruling_names_accounts_as_they_are_stored_however_they_were_typed(tmp_path):
    place = empty_workspace(tmp_path / "w")
    sides = ("harbour: Zo\N{LATIN SMALL LETTER E}\N{COMBINING DIAERESIS} ", "lantern:ann")
    printed(place, "decisions", "add", *sides, "same", "--why", "both confessed to")
    (made,) = json.loads(printed(place, "decisions", "list", "--json").stdout)["decisions"]
    assert made["left"] == "harbour:Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"
    refused = printed(place, "decisions", "add", "ann", "bob", "same", "--why", "a guess")
    assert "write market:handle" in str(refused.exception)


def test_how_a_pair_stood_is_kept_with_the_ruling(confirmed):
    (made,) = json.loads(printed(confirmed, "decisions", "list", "--json").stdout)["decisions"]
    assert (made["shown"]["view"], made["shown"]["proposed"]) == ("all", "lead")
    assert "   shown: lead, " in printed(confirmed, "decisions", "list").stdout


def test_a_ruling_on_an_account_that_no_run_saw_says_so(workspace, tmp_path):
    place = Workspace(shutil.copytree(workspace.root, tmp_path / "w"))
    sides = (f"harbour:{ODD}", "lantern:qui1l")
    said = printed(place, "decisions", "add", *sides, "same", "--why", "both confessed to").stdout
    assert "lantern:qui1l is not in the published run" in said
    assert f"{sides[0]} is not" not in said


def test_a_workspace_where_nothing_is_published_is_named(tmp_path):
    asked = printed(empty_workspace(tmp_path), "links")
    assert f"nothing is published yet in {tmp_path}" in str(asked.exception)


def test_an_empty_list_says_that_it_is_empty(workspace):
    assert printed(workspace, "keys", "--refused").stdout == "there is nothing to list\n"


def test_one_account_alone_is_no_link(workspace):
    asked = printed(workspace, "personas", "--without", f"harbour:{ODD}")
    assert "given twice with an account" in str(asked.exception)


def test_json_tells_how_well_a_persona_holds(confirmed):
    row = json.loads(printed(confirmed, "personas", "--json").stdout)[0]
    assert list(row)[:3] == ["market", "handle", "persona_id"]
    assert (row["member_count"], row["ruled_count"], row["bridge_ruled"]) == (2, 1, True)
    assert (row["falls_apart"], row["possible_crew"]) == ([f"lantern:{ODD}"], False)
    assert "cohesion" in printed(confirmed, "personas").stdout
    header = printed(confirmed, "personas", "--csv").stdout.splitlines()[0]
    assert header == "market,handle,persona_id"


def test_what_if_a_ruling_is_wrong_is_told_by_its_accounts_or_its_id(confirmed):
    sides = ("--without", f"lantern:{ODD}", "--without", f"harbour:{ODD}")
    found = json.loads(printed(confirmed, "personas", *sides, "--json").stdout)
    assert (found["held_by"], found["changes"]) == ("same", True)
    assert found["after"] == [[f"harbour:{ODD}"], [f"lantern:{ODD}"]]
    said = printed(confirmed, "personas", "--without", found["link_id"]).stdout
    assert "held together by a person's ruling" in said
    assert f"lantern:{ODD} (alone)" in said


def test_changes_are_told_with_their_causes(workspace, confirmed):
    counts = json.loads(printed(workspace, "changes", "--count", "--json").stdout)
    assert counts == [{"kind": "link added", "cause": "first run", "count": 1}]
    (row,) = json.loads(printed(confirmed, "changes", "--json").stdout)
    assert (row["kind"], row["cause"]) == ("persona changed", "decision")
    asked = printed(confirmed, "changes", "--persona", row["subject"], "--csv").stdout
    assert len(asked.splitlines()) == 2


def test_changes_of_a_persona_that_never_was_are_refused(confirmed):
    asked = printed(confirmed, "changes", "--persona", "p-0123456789ab")
    assert str(asked.exception) == "there is no persona 'p-0123456789ab'"


def test_a_persona_merged_away_long_ago_is_found_by_the_id_of_today(confirmed):
    (row,) = json.loads(printed(confirmed, "changes", "--json").stdout)
    with Ledger.open(confirmed) as ledger:
        run_id = ledger.published_run()
        gone = {"persona_id": "p-gone", "successor_id": row["subject"], "run_id": run_id}
        with ledger.writing() as connection:
            connection.execute(insert(PERSONA_SUCCESSORS), gone)
    asked = printed(confirmed, "changes", "--persona", "p-gone", "--json")
    assert json.loads(asked.stdout) == [row]
    assert asked.stderr == f"p-gone is {row['subject']} today\n"


def test_without_a_lead_nothing_changes(workspace):
    sides = ("--without", f"lantern:{ODD}", "--without", f"harbour:{ODD}")
    said = printed(workspace, "personas", *sides).stdout
    assert "a lead joins none" in said
    assert "no persona would be another" in said


def test_nothing_is_printed_before_the_first_run(tmp_path):
    assert isinstance(printed(empty_workspace(tmp_path), "links").exception, NotPublished)


@pytest.mark.parametrize("sides", [("harbour", "lantern"), ("lantern", "harbour")])
def test_a_link_is_explained_in_either_order_as_its_run_found_it(workspace, sides):
    accounts = [f"{market}:{ODD}" for market in sides]
    found = json.loads(printed(workspace, "explain", *accounts, "--json").stdout)
    assert (found["left"], found["verdict"]) == (f"harbour:{ODD}", "same")
    assert found["made"].startswith("run ")
    counted = sum(term["weight_bits"] for term in found["terms"] if term["counted"])
    assert found["prior_bits"] + counted == pytest.approx(found["bits"], abs=1e-6)


def test_a_link_is_judged_anew_by_a_model_that_is_named(workspace):
    accounts = [f"{market}:{ODD}" for market in ("harbour", "lantern")]
    found = json.loads(
        printed(workspace, "explain", *accounts, "--model", "default", "--json").stdout
    )
    assert (found["made"], found["verdict"], found["not_proposed"]) == ("now", "same", None)


def test_the_waterfall_says_prior_evidence_gaps_and_total(workspace):
    shown = printed(workspace, "explain", f"harbour:{ODD}", f"lantern:{ODD}").stdout
    for part in ("prior", "alias", "total", "nothing to compare", "pgp_key", "a person decides"):
        assert part in shown


def test_a_pair_that_is_not_proposed_is_compared_now_and_says_why(workspace):
    shown = printed(workspace, "explain", f"harbour:{ODD}", "lantern:lantern-stranger").stdout
    assert "not proposed: probability" in shown
    assert "computed now from the archive" in shown


def test_an_unknown_account_is_said_to_be_unknown(workspace):
    outcome = printed(workspace, "explain", "harbour:nobody", f"lantern:{ODD}")
    assert isinstance(outcome.exception, UnknownThing)


def test_an_account_is_split_at_the_first_colon():
    assert account_named("harbour:a:b") == "harbour:a:b"
    with pytest.raises(RefusedInput, match="write market:handle"):
        account_named("quillwhistle")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-quill-", "@quill", "\tx", "\rx", "'=1", "''@"])
def test_a_cell_that_starts_like_a_formula_is_made_safe_and_can_be_read_back(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["quill", "'quill", "", None, -3.5, 7])
def test_other_cells_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_what_moves_a_cursor_is_shown_as_what_it_is():
    assert plain("quill\x1b[2Jwhistle\u202e") == r"quill\x1b[2Jwhistle\u202e"
