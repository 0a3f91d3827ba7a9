"""The nightly run: walks the staircase once, from the archive to the published graph."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from secrets import token_hex

import polars as pl

from api.basis_now import Bases
from api.comparing import lineage_of, published_conclusions
from api.stages import StageLog
from api.taken_in import nothing_taken_in
from evidence.archive import load_corpus
from evidence.ledger import Ledger
from evidence.only_one import only_one
from evidence.rulings import Rulings
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from features import assemble_features
from linkage.bands import BANDS
from linkage.bonds import join_bits
from linkage.causes import Conclusions
from linkage.changes import changes_since
from linkage.model import Model
from linkage.pipeline import Linked, link
from linkage.q_values import expected_among
from linkage.run_hash import decisions_hash, public_values_hash, run_hash
from linkage.run_store import Inputs, RunStore, RunSummary
from linkage.run_tables import MEMBERS, PERSONAS

Tables = Mapping[str, pl.DataFrame]
Publish = Callable[[Tables, RunSummary, datetime], object]
"""Shows a stored run to readers, whole or not at all."""


@dataclass(frozen=True)
class Night:
    """What a recomputation works with.

    Attributes:
        workspace: where everything is.
        model: what judges.
        publish: how a run is shown to its readers.
        clock: the present time, aware UTC.
        stages: told after each stage.
    """

    workspace: Workspace
    model: Model
    publish: Publish
    clock: Callable[[], datetime]
    stages: StageLog


def recompute(night: Night, view: str = ALL) -> RunSummary:
    """Recompute a view from what the archive holds of it, store the run, then publish it.

    Whatever fails on the way, the run published before stays as it is.

    Raises:
        Busy: another process recomputes this workspace.
        UnknownThing: there is no such view.
        RefusedInput: nothing was taken in yet. An archive that was emptied is a run without links.
    """
    workspace, started_at = night.workspace, night.clock()
    workspace.create()
    with (
        only_one(workspace.root / "recompute.lock", "recomputes"),
        Ledger.open(workspace) as ledger,
    ):
        store = RunStore(workspace.runs)
        store.remove_torn()
        tables, summary = _compute(night, ledger, view, started_at)
        store.write(summary.run_id, tables, summary)
        night.stages("store the run", sum(table.height for table in tables.values()))
        night.publish(tables, summary, night.clock())
        ledger.publish_run(summary.run_id, summary.run_hash, night.clock())
        night.stages("publish", tables["links"].height)
    return summary


def _compute(
    night: Night, ledger: Ledger, view: str, started_at: datetime
) -> tuple[Tables, RunSummary]:
    run_id = f"{started_at:%Y%m%dT%H%M%SZ}-{token_hex(2)}"
    readings = readings_in(ledger, view)
    corpus = load_corpus(night.workspace, readings)
    if corpus.account_count == 0 and ledger.published_run(view) is None:
        raise nothing_taken_in(night.workspace, view)
    ledger.record_run(run_id, view, started_at)
    rulings = ledger.rulings(readings)
    inputs = _inputs(readings, rulings, night.model)
    night.stages("load the corpus", corpus.texts.height)
    features = assemble_features(night.model.fitted)
    bases = Bases(night.workspace, ledger, view, night.model)
    keep = partial(bases.keep, bases.key(readings, rulings))
    linked = link(corpus, features, night.model, rulings, night.stages, keep)
    corpus.recall.turn()
    concluded = _named(linked, ledger, run_id, view)
    before = published_conclusions(ledger, RunStore(night.workspace.runs, view), view)
    needed, program = join_bits(night.model.rules.thresholds), version("samehand")
    after = Conclusions(inputs, concluded, program, needed)
    changes = changes_since(before, after, lineage_of(ledger))
    tables = {**concluded, "changes": changes}
    night.stages("compare with last run", changes.height)
    summary = RunSummary(
        **inputs.model_dump(),
        run_id=run_id,
        view=view,
        run_hash=run_hash(inputs, tables, linked.personas),
        model_name=night.model.rules.name,
        started_at=started_at,
        finished_at=night.clock(),
        counts=_counts(tables, linked),
        expected_wrong_count=expected_among(tables["links"]["q_value"]),
        stages=tuple(night.stages.stages),
        prior_sources=night.model.rules.prior_sources,
        join_bits=needed,
        program=program,
    )
    return tables, summary


def _inputs(readings: Sequence[str], rulings: Rulings, model: Model) -> Inputs:
    return Inputs(
        source_ids=tuple(readings),
        decisions_hash=decisions_hash(rulings),
        public_values_hash=public_values_hash(rulings),
        model_hash=model.model_hash,
    )


def _named(linked: Linked, ledger: Ledger, run_id: str, view: str) -> Tables:
    """The tables of what is concluded, personas under the ids that the ledger gives them."""
    confirmed = linked.tables["bonds"].filter(kind="same").select("left", "right").rows()
    names = ledger.name_personas(linked.personas, run_id, view=view, confirmed=confirmed)
    members, health = _members(names, linked.personas), _health(names, linked.health)
    return {**linked.tables, "members": members, "personas": health}


def _members(names: Sequence[str], personas: Sequence[Sequence[str]]) -> pl.DataFrame:
    rows = [(n, account) for n, group in zip(names, personas, strict=True) for account in group]
    return pl.DataFrame(rows, schema=MEMBERS.schema, orient="row").sort("persona_id", "account_id")


def _health(names: Sequence[str], health: pl.DataFrame) -> pl.DataFrame:
    ids = pl.Series("persona_id", names, pl.String)
    return health.select(ids, pl.all()).cast(PERSONAS.schema).sort("persona_id")


def _counts(tables: Tables, linked: Linked) -> dict[str, int]:
    links = tables["links"]
    by_bucket = dict(links["queue_bucket"].value_counts().iter_rows())
    return {
        "accounts": tables["accounts"].height,
        "links": links.height,
        **{name: by_bucket[name] for name in (*reversed(BANDS), "copies") if name in by_bucket},
        "personas": len(linked.personas),
        "changes": tables["changes"].height,
    }
