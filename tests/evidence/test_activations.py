import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from evidence.activations import Activation, activate, activations, active, roll_back
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.ledger_schema import ONLY_GREW_SINCE, SCHEMA_VERSION
from evidence.workspace import Workspace

NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


@pytest.fixture
def ledger(workspace):
    with Ledger.open(workspace) as opened:
        yield opened


def activated(ledger, name):
    return activate(ledger, Activation(name, 64 * name[0], "C. Alder", "better on case 7", NOW))


def back(ledger):
    return roll_back(ledger, "C. Alder", "worse on case 8", NOW)


def name_of(activation):
    return None if activation is None else activation.name


def test_before_any_activation_the_model_that_comes_with_samehand_judges(ledger):
    assert active(ledger) is None


def test_the_last_activation_is_the_one_in_force(ledger):
    activated(ledger, "a")
    second = activated(ledger, "b")
    assert active(ledger) == second
    assert (second.number, second.model_hash) == (2, 64 * "b")


def test_each_rollback_goes_one_activation_further_back(ledger):
    for name in "abc":
        activated(ledger, name)
    seen = [name_of(active(ledger))]
    for _ in "abc":
        back(ledger)
        seen.append(name_of(active(ledger)))
    assert seen == ["c", "b", "a", None]
    with pytest.raises(RefusedInput, match="nothing to go back to"):
        back(ledger)


def test_what_is_activated_after_a_rollback_is_what_the_next_one_takes_back(ledger):
    activated(ledger, "a")
    activated(ledger, "b")
    back(ledger)
    activated(ledger, "c")
    assert name_of(back(ledger)) == "a"


def test_a_rollback_is_a_row_of_its_own_and_takes_none_away(ledger):
    activated(ledger, "a")
    back(ledger)
    rows = [(a.name, a.model_hash, a.undoes) for a in activations(ledger)]
    assert rows == [("a", 64 * "a", None), ("default", None, 1)]


@pytest.mark.parametrize(("person", "reason"), [(" ", "why"), ("C. Alder", "")])
def test_nobody_changes_the_model_without_a_name_and_a_reason(ledger, person, reason):
    with pytest.raises(RefusedInput, match="--by"):
        Activation("a", None, person, reason, NOW)


def version_of(workspace):
    with closing(sqlite3.connect(workspace.ledger)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def set_version(workspace, version):
    with closing(sqlite3.connect(workspace.ledger)) as connection:
        connection.execute("DROP TABLE model_activations")
        connection.execute(f"PRAGMA user_version = {version}")


def test_a_ledger_that_lacks_only_this_table_gains_it_and_keeps_all_else(workspace):
    with Ledger.open(workspace) as ledger:
        ledger.record_run("r1", "all", NOW)
        ledger.publish_run("r1", "hash", NOW)
    set_version(workspace, ONLY_GREW_SINCE)
    with Ledger.open(workspace) as ledger:
        assert (active(ledger), ledger.published_run()) == (None, "r1")
    assert version_of(workspace) == SCHEMA_VERSION


@pytest.mark.parametrize(
    ("version", "advice"), [(ONLY_GREW_SINCE - 1, "new workspace"), (SCHEMA_VERSION + 1, "newer")]
)
def test_a_ledger_of_a_version_that_differs_in_more_is_refused(workspace, version, advice):
    with Ledger.open(workspace):
        pass
    set_version(workspace, version)
    with pytest.raises(RefusedInput, match=advice):
        Ledger.open(workspace)
