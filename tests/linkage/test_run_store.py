from datetime import UTC, datetime

import polars as pl
import pytest

from evidence.errors import UnknownThing
from linkage.run_store import RunStore, RunSummary, Stage
from linkage.run_tables import EVIDENCE, RUN_TABLES

NOW = datetime(2020, 5, 1, tzinfo=UTC)


def a_summary(run_id="run-1"):
    return RunSummary(
        run_id=run_id,
        view="all",
        run_hash="ab",
        model_hash="cd",
        model_name="toy",
        started_at=NOW,
        finished_at=NOW,
        source_ids=("s1",),
        decisions_hash="d",
        public_values_hash="p",
        counts={"links": 0},
        stages=(Stage(name="read handle", count=3, seconds=0.1, memory_mb=90),),
    )


def tables():
    return {table.name: table.empty() for table in RUN_TABLES}


def test_a_stored_run_comes_back_as_it_was(tmp_path):
    store = RunStore(tmp_path / "runs")
    store.write("run-1", tables(), a_summary())
    assert store.summary("run-1") == a_summary()
    assert store.table("run-1", "evidence").collect().schema == EVIDENCE.schema
    assert store.run_ids() == ["run-1"]


def test_the_evidence_of_a_link_keeps_the_order_of_the_features(tmp_path):
    rows = [
        {"link_id": link, "feature": f} for link in ("l1", "l2") for f in ("handle", "key", "a")
    ]
    blank = {name: None for name in EVIDENCE.schema}
    evidence = pl.DataFrame([blank | row for row in rows], schema=EVIDENCE.schema)
    store = RunStore(tmp_path)
    store.write("run-1", tables() | {"evidence": evidence}, a_summary())
    assert store.evidence_of("run-1", "l2")["feature"].to_list() == ["handle", "key", "a"]


def test_what_a_file_manager_leaves_beside_the_runs_is_no_run(tmp_path):
    store = RunStore(tmp_path)
    for name in (".DS_Store", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"")
    store.remove_torn()
    store.write("run-1", tables(), a_summary())
    assert store.run_ids() == ["run-1"]


def test_a_run_that_was_cut_off_is_no_run_and_goes_with_the_next(tmp_path):
    store = RunStore(tmp_path)
    torn = tmp_path / ".run-1"
    torn.mkdir()
    (torn / "links.parquet").write_bytes(b"half a")
    assert store.run_ids() == []
    store.remove_torn()
    assert not torn.exists()


def test_a_table_that_cannot_be_written_leaves_no_run(tmp_path):
    store = RunStore(tmp_path)
    with pytest.raises(ValueError, match="table links"):
        store.write("run-1", tables() | {"links": EVIDENCE.empty()}, a_summary())
    assert store.run_ids() == []


def test_a_run_without_one_of_its_tables_is_refused(tmp_path):
    partial = tables()
    del partial["flows"]
    with pytest.raises(ValueError, match="flows"):
        RunStore(tmp_path).write("run-1", partial, a_summary())


@pytest.mark.parametrize("name", ["run-9", "../runs/run-1", "."])
def test_an_unknown_run_is_said_to_be_unknown(tmp_path, name):
    store = RunStore(tmp_path / "runs")
    store.write("run-1", tables(), a_summary())
    with pytest.raises(UnknownThing, match="there is no run"):
        store.summary(name)


def test_an_unknown_table_is_said_to_be_unknown(tmp_path):
    store = RunStore(tmp_path)
    store.write("run-1", tables(), a_summary())
    with pytest.raises(UnknownThing, match="table of a run"):
        store.table("run-1", "run.json")


def test_equal_runs_are_equal_files(tmp_path):
    store = RunStore(tmp_path)
    for run_id in ("run-1", "run-2"):
        store.write(run_id, tables(), a_summary())
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / run_id).iterdir()}
        for run_id in ("run-1", "run-2")
    )
    assert one == two
