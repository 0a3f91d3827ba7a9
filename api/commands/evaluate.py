"""`samehand evaluate`: how good the links are, on known truth or on accounts cut in two."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from typer import Option

from api.active_model import model_for
from api.commands.grouped import grouped
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


@dataclass(frozen=True)
class _Judged:
    """What is judged?"""

    workspace: WorkspaceOption = None
    truth: Annotated[
        list[Path] | None,
        Option(help="CSV: market_a,handle_a,market_b,handle_b,same[,kind] (may be repeated)."),
    ] = None
    split: Annotated[
        Literal["time"] | None, Option(help="Cut accounts in two by time instead.")
    ] = None
    query_market: Annotated[
        str | None, Option(help="Only queries on this market, with --truth.")
    ] = None
    gallery_market: Annotated[
        str | None, Option(help="Only galleries on this one, with --truth.")
    ] = None
    min_records: Annotated[int, Option(min=1, help="Listings and posts of an account.")] = 1
    min_chars: Annotated[int, Option(min=0, help="Characters of text, with --split.")] = 0
    per_side: Annotated[int, Option(min=1, help="Posts a side, with --split.")] = 40

    def refuse_unclear(self, leave_out: str | None) -> None:
        """Refuse what says neither or both, or chooses from a truth that is not there."""
        if bool(self.truth) == (self.split is not None):
            raise RefusedInput("evaluate needs either --truth FILE or --split time")
        if self.split is not None and (self.query_market or self.gallery_market or leave_out):
            raise RefusedInput(
                "--query-market, --gallery-market and --leave-out choose from a --truth"
            )

    def trial(self, place: Workspace, leave_out: str | None) -> Callable[..., Answer]:
        """What answers a question on the workspace."""
        pairs = read_truth(*self.truth) if self.truth else None
        corpus = taken_in(place)
        if pairs is None:
            return partial(
                time_trial, corpus, TimeSplit(self.per_side, self.min_records, self.min_chars)
            )
        gallery = _gallery(corpus, self.min_records)
        where = Judged(gallery, self.query_market, self.gallery_market, leave_out)
        return partial(truth_trial, corpus, pairs, where)


@dataclass(frozen=True)
class _Used:
    """What may be used?"""

    fields: Annotated[
        str | None, Option(help="Read only these: title,description,profile,body.")
    ] = None
    masked: MaskOption = ""
    only: Annotated[str | None, Option(help="Judge by these features only.")] = None
    without: Annotated[
        list[str] | None, Option(help="Judge without this feature (may be repeated).")
    ] = None


@dataclass(frozen=True)
class _Fitted:
    """How is it fitted?"""

    model: ModelOption = None
    against: Annotated[
        str | None, Option(help="Compare with this model, named as for --model.")
    ] = None
    folds: Annotated[int, Option(min=0, help="Refit without what is judged, in N folds.")] = 0
    leave_out: Annotated[
        str | None,
        Option(help="Refit without this market, judge what has one side there, with --truth."),
    ] = None


@dataclass(frozen=True)
class _Printed:
    """What is printed?"""

    each: Annotated[bool, Option("--each", help="Also by every feature alone, and without it.")] = (
        False
    )
    scores: Annotated[Path | None, Option(help="Write every scored pair to this Parquet file.")] = (
        None
    )
    as_json: JsonOption = False

    def refuse_nowhere(self) -> None:
        """Refuse a file in a folder that is not there."""
        if self.scores is not None and not self.scores.parent.is_dir():
            raise RefusedInput(f"--scores: there is no folder {self.scores.parent}")

    def print(self, found: Found, place: Workspace) -> None:
        """Print what was found, and write the scores once that is recorded."""
        if self.scores is not None:
            record_read(place, "write scored pairs", self.scores.name)
            found.answer.scores.write_parquet(self.scores)
        if self.as_json:
            typer.echo(json.dumps(measured_json(found), indent=1))
        else:
            show(found, Console())


@grouped
def evaluate(judged: _Judged, used: _Used, fitted: _Fitted, printed: _Printed) -> None:
    """Measure the quality of links on accounts whose truth is known."""
    judged.refuse_unclear(fitted.leave_out)
    printed.refuse_nowhere()
    place = open_workspace(judged.workspace)
    judge = model_for(place, fitted.model)
    other = None if fitted.against is None else model_for(place, fitted.against)
    chosen = _chosen(used.only, used.without, [f.name for f in assemble_features(judge.fitted)])
    hidden, grounds = masks(used.masked), _grounds(used.fields)
    folds = max(fitted.folds, 1) if fitted.leave_out else fitted.folds
    question = Question(judge, hidden, chosen, grounds, folds, *_from_ledger(place), printed.each)
    printed.print(_found(question, other, judged.trial(place, fitted.leave_out)), place)


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
