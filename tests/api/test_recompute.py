import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from shutil import rmtree

import pytest

from api.nightly import Night, recompute
from api.stages import StageLog
from evidence.archive import Archive
from evidence.errors import Busy, RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.only_one import only_one
from evidence.sources import Source
from evidence.workspace import Workspace
from linkage.model import load_model
from linkage.run_store import RunStore
from tests.builders import CorpusBuilder

NOW = datetime(2020, 5, 1, 2, 0, tzinfo=UTC)
MODEL = load_model()


def two_markets():
    builder = CorpusBuilder()
    for market in ("harbour", "lantern"):
        builder.listing(market, "quillwhistle", title=f"copper kettle of {market}")
        builder.listing(market, f"{market}-stranger", title="tin pan")
    return builder


def a_workspace(folder, builder=None):
    workspace = Workspace(folder)
    deliver(workspace, builder or two_markets(), "first")
    return workspace


def deliver(workspace, builder, name):
    source_id = builder.source_id if name == "first" else name
    with Ledger.open(workspace) as ledger:
        ledger.add_source(Source(source_id, f"{name}.csv", 1, NOW))
    archive = Archive(workspace)
    with archive.writing():
        for table, rows in builder.tables().items():
            if rows.height:
                archive.store(source_id, table, rows.drop("source_id"))


class Readers:
    """What readers of the graph would see: the run published last."""

    def __init__(self, fails=False):
        self.run_id, self.fails = None, fails

    def publish(self, tables, summary, at):
        if self.fails:
            raise ConnectionError("the graph is gone")
        self.run_id = summary.run_id


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


CLOCK = Clock()


def night(workspace, readers=None, say=lambda line: None):
    publish = (readers or Readers()).publish
    return Night(workspace, MODEL, publish, CLOCK, StageLog(say))


def published(workspace):
    with Ledger.open(workspace) as ledger:
        return ledger.published_run()


def test_a_recomputation_stores_a_run_and_publishes_it(tmp_path):
    workspace, readers = a_workspace(tmp_path), Readers()
    summary = recompute(night(workspace, readers))
    assert published(workspace) == summary.run_id == readers.run_id
    links = RunStore(workspace.runs).table(summary.run_id, "links").collect()
    assert links.select("left", "right", "verdict", "band").rows() == [
        ("harbour:quillwhistle", "lantern:quillwhistle", "same", "lead")
    ]
    assert summary.counts["accounts"] == 4


def test_where_nothing_was_taken_in_the_person_is_told_to(tmp_path):
    with pytest.raises(RefusedInput, match=r"holds nothing: take something in with `samehand"):
        recompute(night(Workspace(tmp_path)))


def test_an_archive_that_was_emptied_is_a_run_without_links(tmp_path):
    workspace = a_workspace(tmp_path)
    assert recompute(night(workspace)).counts["links"] == 1
    rmtree(workspace.archive)
    assert recompute(night(workspace)).counts["links"] == 0


def test_the_same_input_gives_the_same_hash_and_no_changes(tmp_path):
    workspace = a_workspace(tmp_path)
    first, second = recompute(night(workspace)), recompute(night(workspace))
    assert first.run_id != second.run_id
    assert first.run_hash == second.run_hash
    assert (first.counts["changes"], second.counts["changes"]) == (1, 0)


def test_new_data_changes_the_hash_and_is_named_as_the_cause(tmp_path):
    workspace = a_workspace(tmp_path)
    first = recompute(night(workspace))
    deliver(workspace, CorpusBuilder().listing("quay", "quillwhistle", title="a pan"), "second")
    second = recompute(night(workspace))
    assert first.run_hash != second.run_hash
    changes = RunStore(workspace.runs).table(second.run_id, "changes").collect()
    assert set(changes["cause"]) == {"new data"}


def test_a_failed_publication_leaves_the_published_run(tmp_path):
    workspace = a_workspace(tmp_path)
    first = recompute(night(workspace))
    with pytest.raises(ConnectionError):
        recompute(night(workspace, Readers(fails=True)))
    assert published(workspace) == first.run_id
    assert recompute(night(workspace)).run_id == published(workspace)


def test_a_second_recomputation_says_who_runs_and_since_when(tmp_path):
    workspace = a_workspace(tmp_path)
    since = re.compile(rf"process {os.getpid()}, since 20\S+ \S+ UTC, recomputes")
    lock = workspace.root / "recompute.lock"
    with only_one(lock, "recomputes"), pytest.raises(Busy, match=since):
        recompute(night(workspace))


def test_an_unknown_view_is_said_to_be_unknown(tmp_path):
    with pytest.raises(UnknownThing, match="there is no view"):
        recompute(night(Workspace(tmp_path)), "nobody's")


def test_each_stage_has_a_line_with_count_seconds_and_memory(tmp_path):
    said = []
    recompute(night(a_workspace(tmp_path), say=said.append))
    heading, *lines = said
    assert heading.split() == ["stage", "count", "time", "peak", "memory"]
    stages = [line[:24].strip() for line in lines]
    assert stages[0] == "load the corpus"
    assert stages[-1] == "publish"
    assert all(line.endswith("MB") for line in lines)


SCRIPT = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
import api.nightly as nightly
from tests.api.test_recompute import Readers, night
from evidence.workspace import Workspace

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

work = night(Workspace(Path({workspace!r})))
if {moment!r} == "link":
    nightly.link = die
if {moment!r} == "store":
    def half_a_run(self, run_id, *_):
        (self._folder / f".{{run_id}}").mkdir()
        die()
    nightly.RunStore.write = half_a_run
if {moment!r} == "publish":
    Readers.publish = die
    work = night(Workspace(Path({workspace!r})))
print(nightly.recompute(work).run_hash)
"""


def in_another_process(workspace, moment="", **environment):
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    script = SCRIPT.format(root=root, workspace=str(workspace.root), moment=moment)
    return subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["link", "store", "publish"])
def test_killed_at_any_moment_the_published_run_stays_and_the_next_one_works(tmp_path, moment):
    workspace = a_workspace(tmp_path)
    first = recompute(night(workspace))
    killed = in_another_process(workspace, moment)
    assert killed.returncode == -signal.SIGKILL
    assert published(workspace) == first.run_id
    assert RunStore(workspace.runs).summary(first.run_id).run_hash == first.run_hash
    again = recompute(night(workspace))
    assert again.run_hash == first.run_hash
    assert not list(workspace.runs.glob(".*"))


@pytest.mark.slow
def test_one_core_or_two_the_hash_is_one(tmp_path):
    workspace = a_workspace(tmp_path)
    here = recompute(night(workspace)).run_hash
    one_core = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"), "1"
    )
    alone = in_another_process(workspace, **one_core)
    assert alone.stdout.strip() == here, alone.stderr
