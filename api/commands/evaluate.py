"""`samehand evaluate`: how good the links are, on known truth or on accounts cut in two."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from api.commands.options import JsonOption, WorkspaceOption, open_workspace
from api.measured import as_json, show
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.masking import Masked
from evidence.splitting import TimeSplit
from evidence.workspace import Workspace
from features import assemble_features
from linkage.model import DEFAULT_MODEL, load_model
from linkage.trials import Judged, Question, time_trial, truth_trial
from linkage.truth import read_truth

MASKABLE: tuple[Masked, ...] = get_args(Masked)
GROUND_OF_FIELD = {
    "title": ("title",),
    "description": ("description",),
    "profile": ("profile",),
    "body": ("post",),
}


def evaluate(
    workspace: WorkspaceOption = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="CSV: market_a,handle_a,market_b,handle_b,same[,kind]."),
    ] = None,
    split: Annotated[
        Literal["time"] | None, typer.Option(help="Cut accounts in two by time instead.")
    ] = None,
    query_market: Annotated[str | None, typer.Option(help="Only queries on this market.")] = None,
    gallery_market: Annotated[str | None, typer.Option(help="Only galleries on this one.")] = None,
    min_records: Annotated[int, typer.Option(min=1, help="Listings and posts of an account.")] = 1,
    min_chars: Annotated[int, typer.Option(min=0, help="Characters of text, with --split.")] = 0,
    per_side: Annotated[int, typer.Option(min=1, help="Posts a side, with --split.")] = 40,
    fields: Annotated[
        str | None, typer.Option(help="Read only these: title,description,profile,body.")
    ] = None,
    masked: Annotated[
        str | None, typer.Option("--mask", help="Hide these first: handle,key,contact.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Judge by these features only.")] = None,
    folds: Annotated[
        int, typer.Option(min=0, help="Refit the model without what is judged, in N folds.")
    ] = 0,
    scores: Annotated[
        Path | None, typer.Option(help="Write every scored pair to this Parquet file.")
    ] = None,
    model: Annotated[Path, typer.Option(help="Folder of the model bundle.")] = DEFAULT_MODEL,
    json_wanted: JsonOption = False,
) -> None:
    """Measure the quality of links on accounts whose truth is known."""
    if (truth is None) == (split is None):
        raise RefusedInput("evaluate needs either --truth FILE or --split time")
    if scores is not None and not scores.parent.is_dir():
        raise RefusedInput(f"--scores: there is no folder {scores.parent}")
    place, judge = open_workspace(workspace), load_model(model)
    grounds = _listed(fields, tuple(GROUND_OF_FIELD), "--fields")
    hidden = _listed(masked, MASKABLE, "--mask") or ()
    question = Question(
        judge,
        [name for name in MASKABLE if name in hidden],
        _listed(only, [f.name for f in assemble_features(judge.fitted)], "--only"),
        None if grounds is None else [g for field in grounds for g in GROUND_OF_FIELD[field]],
        folds,
        _source_names(place),
    )
    pairs = None if truth is None else read_truth(truth)
    corpus = taken_in(place)
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    if pairs is None:
        cut = TimeSplit(per_side=per_side, min_records=min_records, min_chars=min_chars)
        answer = time_trial(corpus, cut, question, console.print)
    else:
        where = Judged(_gallery(corpus, min_records), query_market, gallery_market)
        answer = truth_trial(corpus, pairs, where, question, console.print)
    if scores is not None:
        answer.scores.write_parquet(scores)
    if json_wanted:
        typer.echo(json.dumps(as_json(answer, question), indent=1))
    else:
        show(answer, question, Console())


def _source_names(place: Workspace) -> dict[str, str]:
    with Ledger.open(place) as ledger:
        return {source.source_id: source.name for source in ledger.sources()}


def _listed(value: str | None, known: Sequence[str], option: str) -> list[str] | None:
    names = value.split(",") if value else None
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise RefusedInput(f"{option}: no {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def _gallery(corpus: Corpus, min_records: int) -> NDArray[np.bool_]:
    """Accounts (n,) with enough listings and posts."""
    counts = np.zeros(corpus.account_count, np.int64)
    for table in (corpus.listings, corpus.posts):
        counts += np.bincount(table["account"].to_numpy(), minlength=corpus.account_count)
    return counts >= min_records if min_records > 1 else np.ones(len(counts), bool)
