"""A workspace with two compartments, each a delivery of its own, and what is published of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from api.nightly import Night, recompute
from api.stages import StageLog
from evidence.acts import Act
from evidence.intake.intake import Wish, take_in
from evidence.ledger import Ledger
from evidence.ledger_schema import DECISION_ROWS
from evidence.source_card import SourceCard
from evidence.views import add_view
from evidence.workspace import Workspace
from graph.connection import open_graph
from graph.publish import publish
from linkage.run_store import RunSummary
from tests.api.test_recompute import CLOCK, MODEL

NOW = datetime(2020, 5, 1, tzinfo=UTC)
ACT = Act("kim", "need to know", NOW)
SECRETS = {
    "harbour": ("quillwhistle", "copperkettlemaker", "Harbourside", "Lanternfish"),
    "inland": ("marmaladejar", "pewterspooner", "Inlandquarter", "Meadowmarket"),
}
"""By compartment: the handle of one hand, that of a stranger, and the two markets."""


def delivery_of(compartment: str) -> str:
    """Two markets; one handle is on both."""
    handle, stranger, *markets = SECRETS[compartment]
    rows = [f"{market},{handle},tea of {handle} {market}" for market in markets]
    rows += [f"{market},{stranger}{market},a pan of {stranger}" for market in markets]
    return "\n".join(["market,vendor,title", *rows, ""])


def two_compartments(folder: Path, taken: Sequence[str] = tuple(SECRETS)) -> Workspace:
    """Both deliveries taken in, a view of each, and a decision that came with each."""
    workspace = Workspace(folder / "workspace")
    for compartment in taken:
        handle, _, left, right = SECRETS[compartment]
        path = folder / f"{compartment}.csv"
        path.write_text(delivery_of(compartment))
        wish = Wish(card=SourceCard({"compartment": compartment}), person="kim")
        (report,) = take_in([path], wish, workspace, NOW).files
        row = {"left": f"{left}:{handle}", "right": f"{right}:{handle}", "ruling": "same"}
        row |= {"person": "kim", "reason": f"{handle} said so", "grade": "A1", "kind": "casework"}
        row |= {"source_id": report.source_id, "decided_at": NOW}
        with Ledger.open(workspace) as ledger:
            add_view(ledger, compartment, (), (compartment,), ACT)
            with ledger.writing() as connection:
                connection.execute(insert(DECISION_ROWS), row)
    return workspace


def recomputed(workspace: Workspace, view: str = "all") -> RunSummary:
    """Recompute a view and publish it to its embedded graph."""

    def to_graph(tables, summary, at):
        with open_graph(workspace.graph_of(summary.view), None) as graph:
            publish(graph, tables, summary, at)

    return recompute(Night(workspace, MODEL, to_graph, CLOCK, StageLog(lambda _: None)), view)


def bytes_below(folder: Path) -> bytes:
    """Every file below a folder, one after another."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def holds(content: bytes, text: str) -> bool:
    """Whether a text stands in bytes, in UTF-8 or UTF-16, whatever its case."""
    lowered = content.lower()
    return any(text.lower().encode(code) in lowered for code in ("utf-8", "utf-16-le", "utf-16-be"))
