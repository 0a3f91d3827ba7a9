"""`samehand evaluate`: how good the links are, on known truth or on accounts cut in two."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
import polars as pl
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from api.commands.options import JsonOption, WorkspaceOption, open_workspace
from evidence.archive import load_corpus
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.masking import Masked
from evidence.splitting import TimeSplit
from linkage.model import DEFAULT_MODEL, load_model
from linkage.ranking import Figure
from linkage.trials import Answer, Judged, Question, time_trial, truth_trial
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
    as_json: JsonOption = False,
) -> None:
    """Measure the quality of links on accounts whose truth is known."""
    if (truth is None) == (split is None):
        raise RefusedInput("evaluate needs either --truth FILE or --split time")
    place = open_workspace(workspace)
    hidden = _listed(masked, MASKABLE, "--mask") or ()
    corpus = load_corpus(place)
    with Ledger.open(place) as ledger:
        names = {source.source_id: source.name for source in ledger.sources()}
    grounds = _listed(fields, tuple(GROUND_OF_FIELD), "--fields")
    question = Question(
        load_model(model),
        [name for name in MASKABLE if name in hidden],
        only.split(",") if only else None,
        None if grounds is None else [g for field in grounds for g in GROUND_OF_FIELD[field]],
        folds,
        names,
    )
    console = Console(stderr=True, quiet=as_json)
    if truth is None:
        cut = TimeSplit(per_side=per_side, min_records=min_records, min_chars=min_chars)
        answer = time_trial(corpus, cut, question, console.print)
    else:
        where = Judged(_gallery(corpus, min_records), query_market, gallery_market)
        answer = truth_trial(corpus, read_truth(truth), where, question, console.print)
    if scores is not None:
        answer.scores.write_parquet(scores)
    if as_json:
        typer.echo(json.dumps(_as_json(answer, question), indent=1))
    else:
        _show(answer, question, Console())


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


def _as_json(answer: Answer, question: Question) -> dict[str, object]:
    return {
        "model": question.model.rules.name,
        "model_hash": question.model.model_hash,
        "folds": question.fold_count,
        "fitted_on_accounts": list(answer.training_account_counts),
        "ranking": {name: asdict(row) for name, row in answer.by_task.items()},
        "pooled": asdict(answer.pooled) if answer.pooled else None,
        "bands": [asdict(band) for band in answer.bands],
        "kinds": answer.kinds.to_dicts(),
    }


def _show(answer: Answer, question: Question, console: Console) -> None:
    sizes = ", ".join(map(str, answer.training_account_counts))
    fitted = f"refitted on {sizes} accounts" if sizes else "as it is"
    console.print(f"model {question.model.rules.name} ({question.model.model_hash[:12]}), {fitted}")
    if answer.pooled is not None:
        console.print(_ranking_table(answer))
    if answer.bands:
        console.print(_band_table(answer))
        console.print(_kind_table(answer.kinds))


def _ranking_table(answer: Answer) -> Table:
    table = Table("", "queries", "pairs", "R@1", "R@10", "MRR", "AP", "P of 50 best")
    rows = dict(answer.by_task)
    if answer.pooled is not None and len(rows) > 1:
        rows["pooled over queries"] = answer.pooled
    for name, row in rows.items():
        shown = (row.recall_at_1, row.recall_at_10, row.mean_reciprocal_rank, row.average_precision)
        best = f"{row.precision_of_best:.2f}"
        counts = (str(row.query_count), str(row.pair_count))
        table.add_row(name, *counts, *map(_interval, shown), best)
    return table


def _interval(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _band_table(answer: Answer) -> Table:
    table = Table("links", "proposed", "of", "precision", "recall", "F1")
    for band in answer.bands:
        quality = (band.precision, band.recall, band.f1)
        shown = ["-" if value is None else f"{value:.3f}" for value in quality]
        name = band.band if band.band == "proved" else f"{band.band} and above"
        table.add_row(name, str(band.proposed_count), str(band.true_count), *shown)
    return table


def _kind_table(kinds: pl.DataFrame) -> Table:
    table = Table("kind of pair", "same hand", "outcome", "pairs")
    for kind, same, outcome, count in kinds.iter_rows():
        table.add_row(kind or "-", "yes" if same else "no", outcome, str(count))
    return table
