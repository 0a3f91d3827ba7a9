"""What a new run is compared with: the run its readers see now, and what is known of sources."""

import polars as pl
from sqlalchemy import select

from evidence.errors import UnknownThing
from evidence.ledger import Ledger
from evidence.ledger_schema import DECISION_ROWS
from linkage.causes import Conclusions, Lineage
from linkage.run_store import RunStore
from linkage.run_tables import (
    BONDS,
    LEFT_BEHIND,
    LINKS,
    MEMBERS,
    PUBLIC,
    RUN_ACCOUNTS,
    RUN_MARKETS,
    SHOWN,
)

COMPARED = (RUN_ACCOUNTS, RUN_MARKETS, LINKS, BONDS, MEMBERS, SHOWN, LEFT_BEHIND, PUBLIC)


def published_conclusions(ledger: Ledger, store: RunStore, view: str) -> Conclusions | None:
    """The view's published run as it is compared; None where there is none."""
    run_id = ledger.published_run(view)
    if run_id is None or run_id not in store.run_ids():
        return None
    summary = store.summary(run_id)
    tables = {table.name: _table(store, run_id, table.name, table.empty()) for table in COMPARED}
    return Conclusions(summary, tables, summary.program, summary.join_bits)


def _table(store: RunStore, run_id: str, name: str, empty: pl.DataFrame) -> pl.DataFrame:
    """A table of a run; empty where a run of old did not store it."""
    try:
        return store.table(run_id, name).collect()
    except UnknownThing:
        return empty


def lineage_of(ledger: Ledger) -> Lineage:
    """Which source corrects which, and which brought decisions."""
    corrects = {source.source_id: source.replaces for source in ledger.sources()}
    with ledger.reading() as connection:
        ruling = connection.execute(select(DECISION_ROWS.c.source_id).distinct()).scalars()
        of_rulings = frozenset(source_id for source_id in ruling if source_id is not None)
    return Lineage({new: old for new, old in corrects.items() if old is not None}, of_rulings)
