"""`samehand evaluate`: how good the links are, on known truth or on accounts cut in two."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from api.active_model import model_for
from api.commands.options import JsonOption, ModelOption, WorkspaceOption, open_workspace
from api.measured import Found, as_json
from api.measured_tables import show
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.masking import MASKABLE
from evidence.rulings import Rulings
from evidence.splitting import TimeSplit
from evidence.workspace import Workspace
from features import assemble_features
from linkage.answers import Answer
from linkage.trials import Judged, Question, time_trial, truth_trial
from linkage.truth import read_truth

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
    without: Annotated[
        list[str] | None, typer.Option(help="Judge without this feature (may be repeated).")
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Also by every feature alone, and without it.")
    ] = False,
    folds: Annotated[
        int, typer.Option(min=0, help="Refit without what is judged, in N folds.")
    ] = 0,
    scores: Annotated[
        Path | None, typer.Option(help="Write every scored pair to this Parquet file.")
    ] = None,
    model: ModelOption = None,
    against: Annotated[
        str | None, typer.Option(help="Compare with this model, named as for --model.")
    ] = None,
    json_wanted: JsonOption = False,
) -> None:
    """Measure the quality of links on accounts whose truth is known."""
    if (truth is None) == (split is None):
        raise RefusedInput("evaluate needs either --truth FILE or --split time")
    if scores is not None and not scores.parent.is_dir():
        raise RefusedInput(f"--scores: there is no folder {scores.parent}")
    place = open_workspace(workspace)
    judge = model_for(place, model)
    other = None if against is None else model_for(place, against)
    pairs = None if truth is None else read_truth(truth)
    grounds = _listed(fields, tuple(GROUND_OF_FIELD), "--fields")
    hidden = _listed(masked, MASKABLE, "--mask") or ()
    names, rulings = _from_ledger(place)
    question = Question(
        judge,
        [name for name in MASKABLE if name in hidden],
        _chosen(only, without, [feature.name for feature in assemble_features(judge.fitted)]),
        None if grounds is None else [g for field in grounds for g in GROUND_OF_FIELD[field]],
        folds,
        names,
        rulings,
        each,
    )
    corpus = taken_in(place)
    console = Console(stderr=True, quiet=not sys.stderr.isatty())

    def ask(asked: Question) -> Answer:
        if pairs is None:
            cut = TimeSplit(per_side=per_side, min_records=min_records, min_chars=min_chars)
            return time_trial(corpus, cut, asked, console.print)
        where = Judged(_gallery(corpus, min_records), query_market, gallery_market)
        return truth_trial(corpus, pairs, where, asked, console.print)

    found = Found(question, ask(question))
    if scores is not None:
        found.answer.scores.write_parquet(scores)
    if other is not None:
        asked = replace(question, model=other)
        found = replace(found, against=Found(asked, ask(asked)))
    if json_wanted:
        typer.echo(json.dumps(as_json(found), indent=1))
    else:
        show(found, Console())


def _from_ledger(place: Workspace) -> tuple[dict[str, str], Rulings]:
    """File names of sources by id, and what people ruled."""
    with Ledger.open(place) as ledger:
        names = {source.source_id: source.name for source in ledger.sources()}
        return names, ledger.rulings()


def _chosen(
    only: str | None, without: Sequence[str] | None, known: Sequence[str]
) -> list[str] | None:
    """The features to judge by, in their order; None is all."""
    chosen = _listed(only, known, "--only")
    left_out = _listed(",".join(without or ()), known, "--without")
    if left_out is None:
        return chosen
    kept = [name for name in chosen or known if name not in left_out]
    if not kept:
        raise RefusedInput("--without: no feature is left to judge by")
    return kept


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
