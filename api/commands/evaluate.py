"""`samehand evaluate`: how good the links are, on known truth or on accounts cut in two."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from api.active_model import model_for
from api.commands.options import (
    JsonOption,
    MaskOption,
    ModelOption,
    WorkspaceOption,
    listed,
    masks,
    open_workspace,
)
from api.measured import Found
from api.measured import as_json as measured_json
from api.measured_tables import show
from api.recorded import record_read
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.rulings import Rulings
from evidence.splitting import TimeSplit
from evidence.workspace import Workspace
from features import assemble_features
from linkage.answers import Answer
from linkage.model import Model
from linkage.trials import Judged, Question, time_trial, truth_trial
from linkage.truth import read_truth

GROUND_OF_FIELD = {
    "title": ("title",),
    "description": ("description",),
    "profile": ("profile",),
    "body": ("post",),
}


TruthOption = Annotated[
    list[Path] | None,
    typer.Option(help="CSV: market_a,handle_a,market_b,handle_b,same[,kind] (may be repeated)."),
]
SplitOption = Annotated[
    Literal["time"] | None, typer.Option(help="Cut accounts in two by time instead.")
]
QueryOption = Annotated[str | None, typer.Option(help="Only queries on this market, with --truth.")]
GalleryOption = Annotated[
    str | None, typer.Option(help="Only galleries on this one, with --truth.")
]
LeaveOption = Annotated[
    str | None,
    typer.Option(help="Refit without this market, judge what has one side there, with --truth."),
]
RecordsOption = Annotated[int, typer.Option(min=1, help="Listings and posts of an account.")]
CharsOption = Annotated[int, typer.Option(min=0, help="Characters of text, with --split.")]
SideOption = Annotated[int, typer.Option(min=1, help="Posts a side, with --split.")]
FieldsOption = Annotated[
    str | None, typer.Option(help="Read only these: title,description,profile,body.")
]
OnlyOption = Annotated[str | None, typer.Option(help="Judge by these features only.")]
WithoutOption = Annotated[
    list[str] | None, typer.Option(help="Judge without this feature (may be repeated).")
]
EachOption = Annotated[
    bool, typer.Option("--each", help="Also by every feature alone, and without it.")
]
FoldsOption = Annotated[int, typer.Option(min=0, help="Refit without what is judged, in N folds.")]
ScoresOption = Annotated[
    Path | None, typer.Option(help="Write every scored pair to this Parquet file.")
]
AgainstOption = Annotated[
    str | None, typer.Option(help="Compare with this model, named as for --model.")
]


def evaluate(
    workspace: WorkspaceOption = None,
    truth: TruthOption = None,
    split: SplitOption = None,
    query_market: QueryOption = None,
    gallery_market: GalleryOption = None,
    leave_out: LeaveOption = None,
    min_records: RecordsOption = 1,
    min_chars: CharsOption = 0,
    per_side: SideOption = 40,
    fields: FieldsOption = None,
    masked: MaskOption = "",
    only: OnlyOption = None,
    without: WithoutOption = None,
    each: EachOption = False,
    folds: FoldsOption = 0,
    scores: ScoresOption = None,
    model: ModelOption = None,
    against: AgainstOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the quality of links on accounts whose truth is known."""
    if bool(truth) == (split is not None):
        raise RefusedInput("evaluate needs either --truth FILE or --split time")
    if split is not None and (query_market or gallery_market or leave_out):
        raise RefusedInput("--query-market, --gallery-market and --leave-out choose from a --truth")
    if scores is not None and not scores.parent.is_dir():
        raise RefusedInput(f"--scores: there is no folder {scores.parent}")
    place = open_workspace(workspace)
    judge = model_for(place, model)
    other = None if against is None else model_for(place, against)
    pairs = read_truth(*truth) if truth else None
    chosen = _chosen(only, without, [feature.name for feature in assemble_features(judge.fitted)])
    hidden, grounds = masks(masked), _grounds(fields)
    names, rulings = _from_ledger(place)
    folds = max(folds, 1) if leave_out else folds
    question = Question(judge, hidden, chosen, grounds, folds, names, rulings, each)
    corpus = taken_in(place)
    cut = TimeSplit(per_side=per_side, min_records=min_records, min_chars=min_chars)
    where = Judged(_gallery(corpus, min_records), query_market, gallery_market, leave_out)
    trial = partial(time_trial, corpus, cut)
    if pairs is not None:
        trial = partial(truth_trial, corpus, pairs, where)
    found = _found(question, other, trial)
    if scores is not None:
        record_read(place, "write scored pairs", scores.name)
        found.answer.scores.write_parquet(scores)
    if as_json:
        typer.echo(json.dumps(measured_json(found), indent=1))
    else:
        show(found, Console())


def _found(question: Question, other: Model | None, trial: Callable[..., Answer]) -> Found:
    """What a trial answers to a question, and what it answers where another model judges."""
    watch = Console(stderr=True, quiet=not sys.stderr.isatty()).print
    found = Found(question, trial(question, watch))
    if other is None:
        return found
    asked = replace(question, model=other)
    return replace(found, against=Found(asked, trial(asked, watch)))


def _from_ledger(place: Workspace) -> tuple[dict[str, str], Rulings]:
    """File names of sources by id, and what people ruled."""
    with Ledger.open(place) as ledger:
        names = {source.source_id: source.name for source in ledger.sources()}
        return names, ledger.rulings()


def _chosen(
    only: str | None, without: Sequence[str] | None, known: Sequence[str]
) -> list[str] | None:
    """The features to judge by, in their order; None is all."""
    chosen = listed(only, known, "--only")
    left_out = listed(",".join(without or ()), known, "--without")
    if left_out is None:
        return chosen
    kept = [name for name in chosen or known if name not in left_out]
    if not kept:
        raise RefusedInput("--without: no feature is left to judge by")
    return kept


def _grounds(fields: str | None) -> list[str] | None:
    """The grounds of the fields to read; None is all."""
    names = listed(fields, tuple(GROUND_OF_FIELD), "--fields")
    return None if names is None else [g for name in names for g in GROUND_OF_FIELD[name]]


def _gallery(corpus: Corpus, min_records: int) -> NDArray[np.bool_]:
    """Accounts (n,) with enough listings and posts."""
    counts = np.zeros(corpus.account_count, np.int64)
    for table in (corpus.listings, corpus.posts):
        counts += np.bincount(table["account"].to_numpy(), minlength=corpus.account_count)
    return counts >= min_records if min_records > 1 else np.ones(len(counts), bool)
