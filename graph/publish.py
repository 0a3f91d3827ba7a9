"""Publish a run: bring the idle slot up to it by difference, check it, and let the pointer name it.

Invariant: nothing that a reader sees changes before the pointer moves, and the pointer moves by one
statement. A row and its digest are written in one transaction; so whatever an interrupted publish
left in the idle slot is seen for what it is by the next one, which does the rest.

Accounts, markets and values stand once, for both slots; a relationship that carries the slot (ON,
SAW, SHOWS, PROVED) says that a slot's run saw them and what it saw. What stands in neither slot is
removed from the graph.
"""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from evidence.errors import Busy, GraphUnavailable
from graph.pointer import published_run
from graph.records import PublishCount, Slot
from graph.schema import prepare
from graph.sections import SECTIONS, SHOWN_COLUMNS, Section
from graph.session import Graph
from graph.statements import COUNT_SLOT, MOVE_POINTER, WRITE_RUN, Statement
from linkage.run_store import RunSummary

BATCH = 1_000
"""Rows a transaction."""


def publish(
    graph: Graph, tables: Mapping[str, pl.DataFrame], summary: RunSummary, at: datetime
) -> PublishCount:
    """Let readers see a run. Publishing the published run again changes nothing but the time.

    Args:
        graph: where to.
        tables: the run's tables by name, see `linkage.run_tables`.
        summary: what the run is.
        at: the time of publication, aware UTC.

    Raises:
        ValueError: a table has a key that is missing or stands twice.
        GraphUnavailable: the engine does not answer, or holds something else than was sent; the
            run that was published stays so.
        Busy: another run was published meanwhile.
        RefusedInput: the graph is another view's.
    """
    wanted = {section.name: section.rows(tables) for section in SECTIONS}
    prepare(graph)
    before = published_run(graph, summary.view)
    slot: Slot = "b" if before and before.slot == "a" else "a"
    _begin(graph, slot, summary)
    removed = sum(_remove(graph, slot, s, wanted[s.name]) for s in reversed(SECTIONS))
    written = sum(_write(graph, slot, s, wanted[s.name]) for s in SECTIONS)
    _check(graph, slot, wanted)
    _move(graph, slot, summary, before.run_id if before else "", at)
    return PublishCount(slot, written, removed)


def _begin(graph: Graph, slot: Slot, summary: RunSummary) -> None:
    graph.write(
        WRITE_RUN,
        slot=slot,
        run_id=summary.run_id,
        run_hash=summary.run_hash,
        view=summary.view,
        model_hash=summary.model_hash,
        started_at=summary.started_at.isoformat(),
        finished_at=summary.finished_at.isoformat(),
    )


def _remove(graph: Graph, slot: Slot, section: Section, wanted: pl.DataFrame) -> int:
    gone = _held(graph, slot, section).join(wanted, on="key", how="anti").select("key")
    return _in_batches(graph, slot, section.remove, gone)


def _write(graph: Graph, slot: Slot, section: Section, wanted: pl.DataFrame) -> int:
    changed = wanted.join(_held(graph, slot, section), on=["key", "digest"], how="anti")
    return _in_batches(graph, slot, section.write, changed.sort("key"))


def _held(graph: Graph, slot: Slot, section: Section) -> pl.DataFrame:
    rows = graph.read(section.held, slot=slot)
    return pl.DataFrame(rows, schema={"key": pl.String, "digest": pl.String}).sort("key")


def _in_batches(
    graph: Graph, slot: Slot, statements: tuple[Statement, ...], rows: pl.DataFrame
) -> int:
    for batch in rows.iter_slices(BATCH):
        graph.write(*statements, slot=slot, rows=batch.to_dicts())
    return rows.height


def _check(graph: Graph, slot: Slot, wanted: Mapping[str, pl.DataFrame]) -> None:
    """Compare what the slot holds with what it should: every digest, and every relationship."""
    for section in SECTIONS:
        held = _held(graph, slot, section)
        if not held.equals(wanted[section.name].select("key", "digest")):
            raise GraphUnavailable(f"the graph holds other {section.name} than were sent")
    held_counts, counts = graph.read(COUNT_SLOT, slot=slot)[0], _counts(wanted)
    if held_counts != counts:
        raise GraphUnavailable(f"the graph holds {held_counts}, the run {counts}")


def _counts(wanted: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    links = wanted["links"].height
    return {
        "markets": wanted["markets"].height,
        "accounts": wanted["accounts"].height,
        "shown": sum(_entries(wanted["accounts"][name]) for name in SHOWN_COLUMNS),
        "lefts": links,
        "rights": links,
        "links": links,
        "members": _entries(wanted["personas"]["members"]),
        "flows": wanted["flows"].height,
    }


def _entries(lists: pl.Series) -> int:
    return int(lists.list.len().sum())


def _move(graph: Graph, slot: Slot, summary: RunSummary, expected: str, at: datetime) -> None:
    moved = graph.write(
        MOVE_POINTER,
        slot=slot,
        run_id=summary.run_id,
        run_hash=summary.run_hash,
        view=summary.view,
        expected_run_id=expected,
        at=at.isoformat(),
    )
    if not moved:
        raise Busy("another run was published while this one was being published; publish again")
