"""`samehand keys`: whose every key is, on a terminal, in a spreadsheet, for programs."""

import csv
import io
import json

import pytest

from evidence.errors import UnknownThing
from tests.api.test_printed_runs import printed
from tests.api.test_recompute import a_workspace
from tests.builders import CorpusBuilder
from tests.features.quote_groups import key_of

ODD = "=quill+whistle"
BLOCK, FINGERPRINT = key_of("nobody <nobody@x.example>")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    builder = CorpusBuilder().account("harbour", ODD, BLOCK)
    builder.post("talk", "rook", f"here is his key\n{BLOCK}")
    return a_workspace(tmp_path_factory.mktemp("workspace"), builder)


def test_keys_are_csv_in_the_columns_that_are_promised_safe_for_a_spreadsheet(workspace):
    header, row = csv.reader(io.StringIO(printed(workspace, "keys", "--csv").stdout))
    assert header == ["fingerprint", "owner_market", "owner_handle", "status", "shown_by_count"]
    assert row == [FINGERPRINT, "harbour", f"'{ODD}", "owned", "2"]


def test_programs_get_the_reason_as_well(workspace):
    (key,) = json.loads(printed(workspace, "keys", "--json").stdout)
    assert (key["owner_handle"], key["status"]) == (ODD, "owned")
    assert key["because"] == "shows it as its own; nobody else shows it as its own"


def test_people_see_the_owner_in_one_word(workspace):
    assert f"harbour:{ODD}" in printed(workspace, "keys").stdout


def test_who_reads_keys_is_recorded(workspace):
    printed(workspace, "keys", "--csv")
    last = json.loads((workspace.root / "audit.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["action"], last["view"]) == ("read keys", "all")


def test_a_view_that_is_not_there_shows_nothing(workspace):
    result = printed(workspace, "keys", "--view", "nowhere")
    assert isinstance(result.exception, UnknownThing)
    assert not result.stdout
