"""After an erasure no store holds the erased strings."""

import sqlite3
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest

from api import erasing
from api.access import Access, Asker
from api.erasing import Erasure, erase
from api.opened import open_doors
from api.recorded import record_read
from api.settings import Settings
from evidence.acts import Act
from evidence.audit import AuditLog
from evidence.correction import restore, withdraw
from evidence.decisions import Decision, decide, decisions
from evidence.errors import Busy
from evidence.intake.intake import Wish, take_in
from evidence.ledger import Ledger
from evidence.public_values import PublicValue, add_public_value, public_values, undo_public_value
from evidence.source_card import SourceCard
from evidence.source_names import source_named
from evidence.sources import Source
from evidence.tombstones import tombstone_of
from evidence.views import add_view, readings_in
from evidence.workspace import Workspace
from graph.connection import clear, keep_graph, open_graph
from graph.publish import publish
from graph.statements import Statement
from linkage.run_store import RunStore, RunSummary
from tests.api.two_compartments import (
    NOW,
    SECRETS,
    bytes_below,
    holds,
    recomputed,
    two_compartments,
)
from tests.evidence.intake_desk import JPEG
from tests.graph.conftest import EMPTY, claim, neo4j_address

ERASED = (*SECRETS["inland"], "inland.csv", "unreadable-inland-row", "inland picture")
KEPT = (*SECRETS["harbour"], "harbour.csv")
WHY = Act("kim", "order 12/2020", NOW)
EVERYTHING = Statement(
    "everything",
    "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN properties(n) AS node, properties(r) AS line",
    writes=False,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two compartments with runs in three views, photos, quarantine, reads and a shared fact."""
    return prepared(tmp_path_factory.mktemp("made"), "all", "inland", "harbour", "all", "inland")


@pytest.fixture(scope="module")
def simple(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one run of everything."""
    return prepared(tmp_path_factory.mktemp("simple"), "all")


def prepared(folder: Path, *published: str) -> Path:
    workspace = two_compartments(folder)
    extra(folder, workspace)
    for view in published:
        recomputed(workspace, view)
    handle, _, left, right = SECRETS["inland"]
    record_read(workspace, "explain", f"{left}:{handle} | {right}:{handle}")
    with open_doors(workspace, Settings(), print) as doors:
        access = Access(doors, Asker("kim", f"the case of {handle}", "look-up"))
        access.open("look up handle (folded)", handle.upper())
        access.open("read account", f"Harbourside:{SECRETS['harbour'][0]}")
        access.open("read link", doors.graph.links_of(f"{left}:{handle}", 1)[0].link_id)
    return folder


def copied(folder: Path, to: Path) -> Workspace:
    return Workspace(copytree(folder / "workspace", to / "workspace"))


def extra(folder: Path, workspace: Workspace) -> None:
    """A photo, a row for the quarantine and a fact that the other compartment's file holds too."""
    (folder / "a.jpg").write_bytes(JPEG + b"inland picture")
    shared = f"Harbourside,{SECRETS['harbour'][0]},tea of quillwhistle Harbourside,\n"
    bad = ",unreadable-inland-row,x,\n"
    good = f"{SECRETS['inland'][2]},{SECRETS['inland'][0]},a photographed pan,a.jpg\n"
    path = folder / "inland-more.csv"
    path.write_text("market,vendor,title,photos\n" + shared + bad + good)
    take_in([path], Wish(card=SourceCard({"compartment": "inland"})), workspace, NOW)
    rule(workspace)


def rule(workspace: Workspace) -> None:
    """Decisions that a person entered, and a value once public, whose reasons name a handle."""
    handle, _, left, right = SECRETS["inland"]
    why, known = f"{handle} said so", "Harbourside:quillwhistle"
    phrase = PublicValue("phrase", "free of charge to the door", "kim", why, NOW)
    with Ledger.open(workspace) as ledger:
        for side in (f"{right}:{handle}", known):
            decide(ledger, Decision(f"{left}:{handle}", side, "unsure", "kim", why, NOW))
        undo_public_value(ledger, add_public_value(ledger, phrase), "kim", why, NOW)


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    return copied(made, tmp_path)


def erase_both(workspace: Workspace, server=None, **steps: object) -> list[str]:
    """Erase what came from inland; what was said."""
    said: list[str] = []
    for name in ("inland-more.csv", "inland.csv"):
        with Ledger.open(workspace) as ledger:
            source = source_named(ledger, name)
        recompute = steps.get("recompute", lambda view: recomputed(workspace, view))
        erase(Erasure(workspace, lambda view: server, recompute, WHY, said.append), source)
    return said


def work_on(workspace: Workspace, act: Act = WHY) -> Erasure:
    return Erasure(workspace, lambda _: None, lambda v: recomputed(workspace, v), act, print)


def everything_readable(workspace: Workspace) -> str:
    """All rows of every Parquet file and of the ledger, as text."""
    texts = [str(pl.read_parquet(path).to_dicts()) for path in workspace.root.rglob("*.parquet")]
    connection = sqlite3.connect(workspace.ledger)
    texts += connection.iterdump()
    connection.close()
    return "\n".join(texts)


def check_gone(workspace: Workspace, secrets: Sequence[str] = ERASED) -> None:
    raw, rows = bytes_below(workspace.root), everything_readable(workspace).encode()
    assert [s for s in secrets if holds(raw, s) or holds(rows, s)] == []
    assert all(holds(raw, s) or holds(rows, s) for s in KEPT)


@pytest.mark.slow
def test_before_an_erasure_the_strings_are_found(workspace: Workspace) -> None:
    found = bytes_below(workspace.root) + everything_readable(workspace).encode()
    assert all(holds(found, secret) for secret in (*ERASED, *KEPT))


def test_after_an_erasure_no_store_holds_the_strings(workspace: Workspace) -> None:
    said = erase_both(workspace)
    check_gone(workspace)
    assert AuditLog(workspace).verify() > 5
    assert any("texts blanked" in line for line in said)


def ids_of(workspace: Workspace, run_id: str) -> dict[str, str]:
    members = RunStore(workspace.runs).table(run_id, "members").collect()
    return dict(members.select("account_id", "persona_id").iter_rows())


@pytest.mark.slow
def test_ids_of_personas_rest_while_a_source_is_withdrawn_and_go_with_its_erasure(
    tmp_path: Path,
) -> None:
    workspace = two_compartments(tmp_path)
    before = ids_of(workspace, recomputed(workspace).run_id)

    def source(ledger: Ledger) -> Source:
        return source_named(ledger, "inland.csv")

    def changed(change: Callable[[Ledger, Source, Act], None]) -> dict[str, str]:
        with Ledger.open(workspace) as ledger:
            change(ledger, source(ledger), WHY)
        return ids_of(workspace, recomputed(workspace).run_id)

    assert changed(withdraw).items() < before.items()
    assert changed(restore) == before
    changed(withdraw)
    with Ledger.open(workspace) as ledger:
        erase(work_on(workspace), source(ledger))
    assert not holds(bytes_below(workspace.root), SECRETS["inland"][0])


@pytest.mark.slow
def test_what_is_left_is_as_if_the_source_had_never_come(
    workspace: Workspace, tmp_path: Path
) -> None:
    erase_both(workspace)
    (tmp_path / "never").mkdir()
    never = two_compartments(tmp_path / "never", ("harbour",))
    assert recomputed(workspace).run_hash == recomputed(never).run_hash
    afterwards = summaries(workspace, "harbour")[-1]
    assert afterwards.run_hash == recomputed(never, "harbour").run_hash


def summaries(workspace: Workspace, view: str) -> list[RunSummary]:
    runs = RunStore(workspace.runs, view)
    return [runs.summary(run_id) for run_id in runs.run_ids()]


@pytest.mark.slow
def test_decisions_keep_the_sides_that_somebody_still_knows(simple: Path, tmp_path: Path) -> None:
    workspace = copied(simple, tmp_path)
    erase_both(workspace)
    with Ledger.open(workspace) as ledger:
        entered = [d for d in decisions(ledger) if d.source_id is None]
        assert [(d.left, d.right, d.reason) for d in entered] == [
            ("erased", "erased too", "erased"),
            ("erased", "Harbourside:quillwhistle", "erased"),
        ]
        assert ledger.rulings().decisions["person"].to_list() == ["kim"]
        assert [ruled.undone_why for ruled in public_values(ledger)] == ["erased"]


@pytest.mark.slow
def test_every_view_is_published_anew_and_a_view_of_nothing_is_empty(workspace: Workspace) -> None:
    erase_both(workspace)
    for view, count in (("all", 4), ("harbour", 4), ("inland", 0)):
        with open_doors(workspace, Settings(), print, view) as doors:
            run_id = doors.published().run_id
            assert doors.runs.summary(run_id).counts["accounts"] == count
            assert doors.ledger.published_run(view) == run_id


@pytest.mark.slow
def test_a_fact_that_another_source_holds_stays(workspace: Workspace) -> None:
    with Ledger.open(workspace) as ledger:
        source = source_named(ledger, "harbour.csv")
    erase(work_on(workspace), source)
    with Ledger.open(workspace) as ledger:
        assert len(readings_in(ledger)) == 2
    shared = pl.concat([pl.read_parquet(p) for p in workspace.archive.glob("listings/*.parquet")])
    assert shared.filter(market="Harbourside")["handle"].to_list() == ["quillwhistle"]
    check = bytes_below(workspace.root) + everything_readable(workspace).encode()
    assert not holds(check, "copperkettlemaker")
    assert not holds(check, "Lanternfish")


@pytest.mark.slow
def test_the_same_bytes_are_refused_when_they_come_again(made: Path, workspace: Workspace) -> None:
    erase_both(workspace)
    (report,) = take_in([made / "inland.csv"], Wish(), workspace, NOW).files
    assert "erased on 2020-05-01 (order 12/2020)" in str(report.refused)
    check_gone(workspace)
    with Ledger.open(workspace) as ledger:
        source_id = sha256((made / "inland.csv").read_bytes()).hexdigest()
        assert tombstone_of(ledger, source_id) is not None
        assert source_id not in everything_readable(workspace)


class Cut(Exception):
    """The power went."""


STEPS = (
    "check_free",
    "begin",
    "remove_graph",
    "erase_facts",
    "_remove_runs",
    "redact",
    "remove_torn",
    "_blank_audit",
    "finish",
)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_erasure_cut_off_is_completed_by_repeating_it(
    simple: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    workspace = copied(simple, tmp_path)
    whole = getattr(erasing, step)

    def cut(*arguments: object) -> None:
        if when == "after":
            whole(*arguments)
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(erasing, step, cut)
        with pytest.raises(Cut):
            erase_both(workspace)
    if (step, when) == ("finish", "after"):
        with Ledger.open(workspace) as ledger:
            source = source_named(ledger, "inland.csv")
        erase(work_on(workspace), source)
    else:
        erase_both(workspace)
    check_gone(workspace)
    assert AuditLog(workspace).verify() > 5


@pytest.mark.slow
def test_an_erasure_cut_off_while_it_recomputes_is_completed_too(
    simple: Path, tmp_path: Path
) -> None:
    workspace = copied(simple, tmp_path)

    def cut(_: str) -> None:
        raise Cut

    with pytest.raises(Cut):
        erase_both(workspace, recompute=cut)
    with Ledger.open(workspace) as ledger:
        assert source_named(ledger, "inland-more.csv").state == "erasing"
    erase_both(workspace)
    check_gone(workspace)


@pytest.mark.slow
def test_a_view_whose_first_publication_was_cut_off_holds_nothing_of_it_either(
    simple: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = copied(simple, tmp_path)

    def cut(*run: object) -> None:
        publish(*run)
        raise Cut

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr("tests.api.two_compartments.publish", cut)
        recomputed(workspace, "inland")
    said = erase_both(workspace)
    check_gone(workspace)
    assert "view inland: recomputed and published anew" in said


@pytest.mark.slow
def test_while_somebody_serves_a_view_nothing_is_erased(workspace: Workspace) -> None:
    with keep_graph(workspace.graph_of("inland"), None, print), pytest.raises(Busy, match="owns"):
        erase_both(workspace)
    with Ledger.open(workspace) as ledger:
        assert source_named(ledger, "inland-more.csv").state == "in force"


@pytest.mark.slow
def test_while_a_recomputation_runs_nothing_is_erased(workspace: Workspace) -> None:
    with erasing.only_one(workspace.root / "recompute.lock", "x"), pytest.raises(Busy):
        erase_both(workspace)


@pytest.mark.slow
def test_a_reason_that_names_the_erased_is_not_kept(simple: Path, tmp_path: Path) -> None:
    workspace = copied(simple, tmp_path)
    with Ledger.open(workspace) as ledger:
        source = source_named(ledger, "inland.csv")
        add_view(ledger, "narrow", (), ("x",), Act("kim", "all about Marmaladejar", NOW))
    why = Act("kim", "marmaladejar asked for it", NOW)
    erase(work_on(workspace, why), source)
    with Ledger.open(workspace) as ledger:
        more = source_named(ledger, "inland-more.csv")
    erase(work_on(workspace), more)
    check_gone(workspace)


@pytest.mark.slow
@pytest.mark.neo4j
def test_a_server_holds_nothing_of_it_either(workspace: Workspace) -> None:
    server = neo4j_address()
    with open_graph(workspace.graph, server) as graph:
        claim(graph)
        graph.write(EMPTY)

    def to_server(view: str) -> None:
        summary = recomputed(workspace, view)
        if view == "all":
            tables = RunStore(workspace.runs)
            names = [p.stem for p in (workspace.runs / summary.run_id).glob("*.parquet")]
            with open_graph(workspace.graph, server) as graph:
                found = {n: tables.table(summary.run_id, n).collect() for n in names}
                publish(graph, found, summary, NOW)

    to_server("all")
    to_server("all")
    assert all(secret in on_server(workspace, server) for secret in (*SECRETS["inland"], *KEPT[:4]))
    said: list[str] = []
    for name in ("inland-more.csv", "inland.csv"):
        with Ledger.open(workspace) as ledger:
            source = source_named(ledger, name)
        places = {"all": server}
        erase(Erasure(workspace, places.get, to_server, WHY, said.append), source)
    left = on_server(workspace, server)
    assert [secret for secret in ERASED if secret in left] == []
    assert all(secret in left for secret in SECRETS["harbour"])
    with open_graph(workspace.graph, server) as graph:
        clear(graph)
        assert "harbour" not in str(graph.read(EVERYTHING)).lower()
        graph.write(EMPTY)


def on_server(workspace: Workspace, server) -> str:
    with open_graph(workspace.graph, server) as graph:
        return str(graph.read(EVERYTHING))
