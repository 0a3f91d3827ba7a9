"""A night in which data came, was corrected and withdrawn, and people ruled: each change has its
own cause, from the delivered file to the changes of the run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.nightly import Night, recompute
from api.stages import StageLog
from evidence.acts import Act
from evidence.correction import withdraw
from evidence.decisions import import_decisions
from evidence.intake.intake import Wish, take_in
from evidence.ledger import Ledger
from evidence.workspace import Workspace
from linkage.model import load_model
from linkage.run_store import RunStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEADER = "market,vendor,title\n"
FIRST = {
    "steady.csv": "a,quillwhistle,copper kettle\nb,quillwhistle,brass lamp\n",
    "mistaken.csv": "a,marmaladejar,oak stool\nb,marmaladejar,ash stool\n",
    "lent.csv": "a,pewterspooner,felt hat\nb,pewterspooner,straw hat\n",
    "half.csv": "a,lanternfish,sea salt\n",
}
CORRECTED = "a,marmaladejar,oak stool\nb,nobodyatall,oak stool\n"
LATE = "b,lanternfish,rock salt\n"
CASEWORK = (
    "market_a,handle_a,market_b,handle_b,same,person,reason\n"
    "a,quillwhistle,b,quillwhistle,1,C. Alder,both confessed to\n"
)


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """By handle the cause of what changed in the second night."""
    folder = tmp_path_factory.mktemp("nights")
    workspace = Workspace(folder / "workspace")
    for name, rows in FIRST.items():
        deliver(folder, workspace, name, rows)
    a_night(workspace, 1)
    ids = source_ids(workspace)
    deliver(folder, workspace, "right.csv", CORRECTED, ids["mistaken.csv"])
    deliver(folder, workspace, "late.csv", LATE)
    with Ledger.open(workspace) as ledger:
        lent = ledger.source(ids["lent.csv"])
        assert lent is not None
        withdraw(ledger, lent, Act("ines", "asked back", NOW))
    (folder / "casework.csv").write_text(CASEWORK)
    import_decisions(folder / "casework.csv", Wish(person="ines"), workspace, NOW)
    run_id = a_night(workspace, 2)
    table = RunStore(workspace.runs).table(run_id, "changes").collect()
    handles = ("quillwhistle", "marmaladejar", "pewterspooner", "lanternfish")
    return {
        f"{handle}: {kind}": cause
        for handle in handles
        for kind, detail, cause in table.select("kind", "detail", "cause").iter_rows()
        if handle in detail
    }


def deliver(
    folder: Path, workspace: Workspace, name: str, rows: str, replaces: str | None = None
) -> None:
    (folder / name).write_text(HEADER + rows)
    report = take_in([folder / name], Wish(replaces=replaces), workspace, NOW)
    assert sum(file.quarantined for file in report.files) == 0


def source_ids(workspace: Workspace) -> dict[str, str]:
    with Ledger.open(workspace) as ledger:
        return {source.name: source.source_id for source in ledger.sources()}


def a_night(workspace: Workspace, day: int) -> str:
    at = NOW + timedelta(days=day)
    stages = StageLog(lambda _: None)
    model = load_model()
    return recompute(Night(workspace, model, lambda *_: None, lambda: at, stages)).run_id


def test_each_change_of_a_night_of_many_causes_has_its_own(changes: dict[str, str]) -> None:
    causes = {
        "quillwhistle: persona changed": "decision",
        "marmaladejar: link removed": "corrected data",
        "pewterspooner: link removed": "withdrawn data",
        "lanternfish: link added": "new data",
    }
    assert causes.items() <= changes.items()
