"""Erasing a source from every store: archive, ledger, runs, audit log and the graph of every view.

Nothing is told of the erased strings after `erase` has ended; cut off, it is completed by doing it
again. While it is at work the views are recomputed and published anew, and have no readers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from api.active_model import activation_in_force
from api.agreement import settle
from api.model_rows import model_rows
from api.terminal import plain
from evidence.acts import Act
from evidence.archive import Archive
from evidence.audit import AuditEntry, AuditLog
from evidence.durable import remove_folder, remove_torn
from evidence.erased import ERASED, Mentions
from evidence.erasure import begin, erase_facts, finish, names_to_blank, redact
from evidence.ledger import Ledger
from evidence.only_one import one_after_another, only_one
from evidence.sources import Source, source_of
from evidence.views import ALL, views
from evidence.workspace import Workspace
from graph.connection import ServerAddress, check_free, remove_graph
from graph.names import fold_all
from linkage.model_store import ModelStore
from linkage.run_store import RunStore

Say = Callable[[str], None]


@dataclass(frozen=True)
class Erasure:
    """What an erasure works with.

    Attributes:
        workspace: where everything is.
        server_of: the Neo4j of a view; None: its graph is embedded.
        recompute: recomputes a view and publishes it.
        act: who erases, why, and when.
        say: is told what was done.
    """

    workspace: Workspace
    server_of: Callable[[str], ServerAddress | None]
    recompute: Callable[[str], object]
    act: Act
    say: Say


def erase(erasure: Erasure, source: Source) -> None:
    """Erase a source; every published view is recomputed without it.

    Raises:
        Busy: another process recomputes, takes files in, or serves the graph of a view.
        GraphUnavailable: the Neo4j of a view does not answer.
    """
    workspace = erasure.workspace
    with Ledger.open(workspace) as ledger:
        with only_one(workspace.root / "recompute.lock", "recomputes or erases"):
            every = _all_views(ledger)
            _check_nobody_serves(erasure, every)
            for view in every:
                settle(workspace, erasure.server_of(view), view)
            published = [view for view in every if ledger.published_run(view)]
            _take_away(erasure, ledger, source, every)
        for view in published:
            erasure.recompute(view)
            erasure.say(f"view {view}: recomputed and published anew")
        names = names_to_blank(ledger, source.source_id)
        act = _without(erasure.act, names)
        blanked = _blank_audit(workspace, act, names)
        erasure.say(f"audit log: {blanked} texts blanked")
        for model in _fitted_on(workspace, source.source_id):
            erasure.say(
                f"model {plain(model)} was fitted on it: train another without it, then remove its "
                "folder (docs/sources.md)"
            )
        finish(ledger, source, act)


def _check_nobody_serves(erasure: Erasure, every: Sequence[str]) -> None:
    for view in every:
        if erasure.server_of(view) is None:
            check_free(erasure.workspace.graph_of(view))


def _take_away(erasure: Erasure, ledger: Ledger, source: Source, every: Sequence[str]) -> None:
    """Everything but audit log and tombstone; only under the lock of a recomputation.

    The graph of a view goes whether its publication was recorded or cut off before that.
    """
    workspace, runs = erasure.workspace, RunStore(erasure.workspace.runs)
    archive = Archive(workspace)
    with archive.writing():
        begin(ledger, workspace, source, lambda accounts: _links_of(runs, accounts))
        for view in every:
            remove_graph(workspace.graph_of(view), erasure.server_of(view))
        erase_facts(ledger, archive, workspace, source)
    names = names_to_blank(ledger, source.source_id)
    removed = _remove_runs(runs, source.source_id, Mentions(names))
    redact(ledger, source.source_id)
    with one_after_another(workspace.cache_lock):
        remove_folder(workspace.cache)
    remove_torn(workspace.root)
    erasure.say(f"archive, ledger and {removed} runs: nothing of it is left")


def _fitted_on(workspace: Workspace, source_id: str) -> list[str]:
    """The models of a workspace in which anything was fitted on a source."""
    rows = model_rows(ModelStore(workspace.models), activation_in_force(workspace))
    return [str(row["name"]) for row in rows if source_id in row["source_ids"]]


def _all_views(ledger: Ledger) -> list[str]:
    return [ALL, *(view.name for view in views(ledger))]


def _links_of(runs: RunStore, accounts: Sequence[str]) -> list[str]:
    """The ids of the links of accounts, over all runs."""
    either = pl.col("left").is_in(accounts) | pl.col("right").is_in(accounts)
    found = {
        link_id
        for run_id in runs.run_ids()
        for link_id in runs.table(run_id, "links").filter(either).collect()["link_id"]
    }
    return sorted(found)


def _remove_runs(runs: RunStore, source_id: str, mentions: Mentions) -> int:
    """Remove the runs that saw the source, and those that tell of changes by it; how many."""
    runs.remove_torn()
    gone = [run_id for run_id in runs.run_ids() if _tells_of(runs, run_id, source_id, mentions)]
    for run_id in gone:
        runs.remove(run_id)
    return len(gone)


def _tells_of(runs: RunStore, run_id: str, source_id: str, mentions: Mentions) -> bool:
    if source_id in map(source_of, runs.summary(run_id).source_ids):
        return True
    details = runs.table(run_id, "changes").select("detail", "subject").collect()
    return any(mentions([*details["detail"], *details["subject"]]))


def _without(act: Act, names: Sequence[str]) -> Act:
    """The act, its reason blank where it mentions what is erased."""
    return Act(act.person, ERASED, act.at) if Mentions(names)([act.reason])[0] else act


def _blank_audit(workspace: Workspace, act: Act, names: Sequence[str]) -> int:
    mentions = Mentions(names)
    handles = [name for name in names if ":" not in name]
    folded = set(fold_all(handles)) - {"", None}

    def mentioned(texts: Sequence[str]) -> list[bool]:
        alike = (form in folded for form in fold_all(list(texts)))
        return [said or same for said, same in zip(mentions(texts), alike, strict=True)]

    entry = AuditEntry(act.at, act.person, "none given", act.reason, "erase source", ERASED)
    return AuditLog(workspace).blank(mentioned, entry)
