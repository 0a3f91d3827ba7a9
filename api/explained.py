"""Links with the evidence that their run stored; nothing is computed afresh."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from api.answers import Evidence, Link, LinkAnswer
from api.doors import Doors
from api.waterfall import waterfall
from graph.store import LinkNode


def explained(doors: Doors, run_id: str, links: Sequence[LinkNode]) -> list[LinkAnswer]:
    """Each link with its waterfall, in the order given."""
    ids = [link.link_id for link in links]
    names = {source.source_id: source.name for source in doors.ledger.sources()}
    rows = doors.runs.table(run_id, "evidence").filter(pl.col("link_id").is_in(ids)).collect()
    found: dict[str, list[Evidence]] = {link_id: [] for link_id in ids}
    for row in rows.iter_rows(named=True):
        found[row["link_id"]].append(_evidence(row, names))
    sources = doors.runs.summary(run_id).prior_sources
    return [
        waterfall(run_id, Link.model_validate(ln), found[ln.link_id], sources.get(ln.relation))
        for ln in links
    ]


def _evidence(row: Mapping[str, Any], names: Mapping[str, str]) -> Evidence:
    citations = [
        citation | {"source_name": names.get(citation["source_id"])}
        for citation in row["citations"] or []
    ]
    lists = {name: row.get(name) or [] for name in ("highlights", "not_validated")}
    return Evidence.model_validate({**row, **lists, "citations": citations})
