"""The two measurements of `samehand evaluate`: accounts cut in two by time, and known truth."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.masking import Masked, mask
from evidence.rulings import Rulings
from evidence.selection import keep_accounts, keep_grounds
from evidence.splitting import TimeSplit, split_by_time
from linkage.band_figures import BandFigure, band_figures, outcomes_by_kind
from linkage.evaluation import (
    ScoredTask,
    chosen_features,
    folds_of,
    refuse_training_data,
    score_task,
    time_split_task,
    truth_tasks,
    whole_ids,
)
from linkage.model import Model
from linkage.pipeline import link
from linkage.ranking import RankingFigures, ScoredTrial, figures, joined
from linkage.readings import read
from linkage.training import refit

ENOUGH_PAIRS = 5
"""Of market pairs with so many pairs of one hand, figures are pooled by themselves as well."""

Watch = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What both measurements need to know.

    Attributes:
        model: what judges; with folds, what is refitted.
        masked: what is hidden from every feature.
        only: names of the features that count; None is all.
        grounds: the texts that are read; None is all.
        fold_count: 0 judges with the model as it is.
        source_names: file names of sources by id, for messages.
    """

    model: Model
    masked: Collection[Masked]
    only: Sequence[str] | None
    grounds: Sequence[str] | None
    fold_count: int
    source_names: Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """Who takes part in the rankings of a truth trial.

    Attributes:
        accounts: bool (n,), those with enough records.
        query_market: only queries on this market; None is any.
        gallery_market: only galleries on this one; None is any.
    """

    accounts: NDArray[np.bool_]
    query_market: str | None = None
    gallery_market: str | None = None

    def holds(self, markets: tuple[str, str]) -> bool:
        """Whether a task from the first market to the second is asked for."""
        asked = (self.query_market, self.gallery_market)
        return all(a is None or a == m for a, m in zip(asked, markets, strict=True))


@dataclass(frozen=True)
class Answer:
    """Figures by task and over all; by band and kind where a truth was given; every scored pair."""

    by_task: Mapping[str, RankingFigures]
    pooled: RankingFigures | None
    pooled_enough: RankingFigures | None
    """Over the market pairs with `ENOUGH_PAIRS`; None where these are all, or none."""
    bands: Sequence[BandFigure]
    kinds: pl.DataFrame
    scores: pl.DataFrame
    training_account_counts: Sequence[int]
    """With folds: how many accounts each refitted model was fitted on."""
    truth_pair_count: int = 0
    absent_pair_count: int = 0
    """Pairs of the truth that name an account which is not here."""


def time_trial(corpus: Corpus, split: TimeSplit, question: Question, watch: Watch) -> Answer:
    """Cut each account with enough text in two by time, and look for early halves among late ones.

    With folds, each is judged by a model refitted without its accounts, and is its own gallery.

    Raises:
        RefusedInput: fewer accounts than folds have enough text; or the model was fitted on them.
    """
    halves = mask(split_by_time(corpus, split), question.masked)
    corpus = mask(corpus, question.masked)
    whole = whole_ids(halves)
    names = whole.unique().sort()
    _refuse_too_few(len(names), question.fold_count)
    fold = dict(zip(names, folds_of(names.to_list(), max(1, question.fold_count)), strict=True))
    of_half = whole.replace_strict(fold, return_dtype=pl.Int64).to_numpy()
    ids = corpus.accounts["account_id"].to_list()
    scored, sizes = [], []
    for number in range(max(1, question.fold_count)):
        rows = np.flatnonzero(of_half == number)
        part = _with_grounds(keep_accounts(halves, of_half == number), question)
        members = np.array([fold.get(name) != number for name in ids], np.bool_)
        watch(f"fold {number + 1} of {question.fold_count}" if question.fold_count else "scoring")
        model = _judge(corpus, members, part, question)
        sizes.append(int(members.sum()))
        readings = [read(f, part) for f in chosen_features(model, question.only)]
        scored.append(score_task(time_split_task(part), part, readings, model).within(rows))
    sizes = sizes if question.fold_count else []
    return _answer(halves, scored, "early against late", sizes)


def truth_trial(
    corpus: Corpus,
    truth: pl.DataFrame,
    where: Judged,
    question: Question,
    watch: Watch,
) -> Answer:
    """Rank the partners that the truth names, and judge the links that a run would propose.

    With folds the model is refitted once, without any account of a handle that the truth names.

    Args:
        corpus: the accounts.
        truth: see `linkage.truth.read_truth`.
        where: the accounts and markets that take part in the rankings.
        question: what is asked.
        watch: told what is going on.

    Raises:
        RefusedInput: no account stands on a market that is asked for; or the model was fitted on
            the accounts.
    """
    _refuse_unknown_markets(corpus, where)
    members = _unnamed(corpus, truth)
    corpus = mask(corpus, question.masked)
    part = _with_grounds(corpus, question)
    watch("refitting without the accounts of the truth" if question.fold_count else "reading")
    model = _judge(corpus, members, part, question)
    features = chosen_features(model, question.only)
    tasks = truth_tasks(part, truth, where.accounts)
    tasks = [task for task in tasks if where.holds(task.markets)]
    readings = [read(feature, part) for feature in features]
    scored = [score_task(task, part, readings, model) for task in tasks]
    links = link(part, features, model, Rulings.none(), lambda stage, _: watch(stage)).tables[
        "links"
    ]
    sizes = [int(members.sum())] if question.fold_count else []
    ranked = _answer(part, scored, None, sizes)
    here = corpus.accounts["account_id"].implode()
    absent = truth.filter(~(pl.col("left").is_in(here) & pl.col("right").is_in(here)))
    return replace(
        ranked,
        bands=band_figures(links, truth),
        kinds=outcomes_by_kind(links, truth),
        truth_pair_count=truth.height,
        absent_pair_count=absent.height,
    )


def _refuse_too_few(account_count: int, fold_count: int) -> None:
    if account_count < max(1, fold_count):
        raise RefusedInput(
            f"{account_count} accounts have enough text to be cut in two, for {fold_count} folds: "
            "take in more posts, or ask for fewer records and characters"
        )


def _refuse_unknown_markets(corpus: Corpus, where: Judged) -> None:
    known = corpus.accounts["market"].unique().sort().to_list()
    unknown = {where.query_market, where.gallery_market} - {None, *known}
    if unknown:
        names = ", ".join(sorted(map(str, unknown)))
        raise RefusedInput(f"no account on market {names}; there are {', '.join(known)}")


def _judge(corpus: Corpus, members: NDArray[np.bool_], part: Corpus, question: Question) -> Model:
    if question.fold_count:
        return refit(question.model, corpus, members)
    refuse_training_data(part, question.model, question.source_names)
    return question.model


def _with_grounds(corpus: Corpus, question: Question) -> Corpus:
    return corpus if question.grounds is None else keep_grounds(corpus, question.grounds)


def _unnamed(corpus: Corpus, truth: pl.DataFrame) -> NDArray[np.bool_]:
    """Accounts (n,) of handles that the truth does not name, on whatever market."""
    handle = pl.col("id").str.split_exact(":", 1).struct.field("field_1")
    named = pl.concat([truth["left"], truth["right"]]).rename("id").to_frame()
    handles = named.select(handle.str.to_lowercase()).to_series().implode()
    ours = corpus.accounts.select(id="account_id").select(handle.str.to_lowercase()).to_series()
    return (~ours.is_in(handles)).to_numpy()


def _answer(
    corpus: Corpus, scored: Sequence[ScoredTask], name: str | None, sizes: Sequence[int]
) -> Answer:
    """Figures of scored tasks: one row for all of them under one name, or a row a market pair."""
    rows: dict[str, list[ScoredTrial]] = {}
    for number, task in enumerate(scored):
        row = name or " / ".join(sorted(task.task.markets))
        rows.setdefault(row, []).append(task.trial(number * corpus.account_count))
    trials = {row: joined(parts) for row, parts in rows.items()}
    by_task = {row: figures([trial]) for row, trial in trials.items()}
    enough = [t for row, t in trials.items() if by_task[row].partner_count >= ENOUGH_PAIRS]
    return Answer(
        by_task,
        figures(list(trials.values())) if trials else None,
        figures(enough) if 0 < len(enough) < len(trials) else None,
        [],
        pl.DataFrame(),
        pl.concat([_score_table(corpus, task) for task in scored]) if scored else pl.DataFrame(),
        sizes,
    )


def _score_table(corpus: Corpus, scored: ScoredTask) -> pl.DataFrame:
    """Every scored pair; the left side is the query or the early half."""
    market = corpus.accounts["market"]
    shown = whole_ids(corpus).str.split_exact(":", 1).struct.field("field_1")
    left, right = pl.Series(scored.left), pl.Series(scored.right)
    return pl.DataFrame(
        {
            "left_market": market.gather(left),
            "left_handle": shown.gather(left),
            "right_market": market.gather(right),
            "right_handle": shown.gather(right),
            "total_bits": scored.total_bits,
            **{f"{name}_bits": bits for name, bits in scored.bits.items()},
        }
    ).with_columns(pl.selectors.ends_with("_bits").fill_nan(None))
