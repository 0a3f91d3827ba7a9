"""The two measurements of `samehand evaluate`: accounts cut in two by time, and known truth."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.masking import Masked, mask
from evidence.rulings import DECISIONS, Rulings
from evidence.selection import keep_accounts, keep_grounds
from evidence.splitting import TimeSplit, split_by_time, whole_ids
from features.feature import AnyFeature
from linkage.ablation import FeatureFigures, by_feature
from linkage.answers import Answer, answer_of, judged_run
from linkage.basis import read_all
from linkage.bootstrap import Draws
from linkage.entities import entities_of
from linkage.evaluation import (
    ScoredTask,
    Task,
    chosen_features,
    folds_of,
    refuse_training_data,
    score_task,
    time_split_task,
    truth_tasks,
)
from linkage.model import Model
from linkage.pipeline import link
from linkage.readings import Reading
from linkage.training import refit
from linkage.truth import SIDES, Known

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
        rulings: decisions say who is of one entity, and propose nobody here; public values link
            nobody, as in a run.
    """

    model: Model
    masked: Collection[Masked]
    only: Sequence[str] | None
    grounds: Sequence[str] | None
    fold_count: int
    source_names: Mapping[str, str]
    rulings: Rulings = field(default_factory=Rulings.none)
    each: bool = False
    """Whether every feature is judged alone, too, and all of them without it."""

    @property
    def public_alone(self) -> Rulings:
        """The public values without the decisions: what a run would find by itself."""
        return replace(self.rulings, decisions=DECISIONS.empty())


@dataclass(frozen=True)
class Judged:
    """Who takes part in the rankings of a truth trial.

    Attributes:
        accounts: bool (n,), those with enough records.
        query_market: only queries on this market; None is any.
        gallery_market: only galleries on this one; None is any.
        left_out: only what has one side on this market, and nothing is fitted on its accounts;
            None is no market.
    """

    accounts: NDArray[np.bool_]
    query_market: str | None = None
    gallery_market: str | None = None
    left_out: str | None = None

    def holds(self, markets: tuple[str, str]) -> bool:
        """Whether a task from the first market to the second is asked for."""
        asked = (self.query_market, self.gallery_market)
        chosen = all(a is None or a == m for a, m in zip(asked, markets, strict=True))
        return chosen and self.left_out in (None, *markets)

    def pairs_of(self, truth: pl.DataFrame) -> pl.DataFrame:
        """The pairs of a truth that are judged.

        Raises:
            RefusedInput: none has a side on the market that is left out.
        """
        if self.left_out is None:
            return truth
        there = pl.any_horizontal(pl.col(*SIDES).str.starts_with(f"{self.left_out}:"))
        pairs = truth.filter(there)
        if pairs.is_empty():
            raise RefusedInput(f"no pair of the truth has an account on market {self.left_out}")
        return pairs

    def taught_by(self, corpus: Corpus) -> NDArray[np.bool_]:
        """The accounts (n,) that may be fitted on."""
        return (corpus.accounts["market"] != (self.left_out or "")).to_numpy()


def time_trial(corpus: Corpus, split: TimeSplit, question: Question, watch: Watch) -> Answer:
    """Cut each account with enough text in two by time, and look for early halves among late ones.

    With folds, dealt by entity (see `entities_of`), each is judged by a model refitted without any
    account of its entities, and is its own gallery.

    Raises:
        RefusedInput: fewer entities than folds have enough text; or the model was fitted on them.
    """
    halves = mask(split_by_time(corpus, split), question.masked)
    entities = entities_of(corpus.accounts, None, question.rulings.decisions)
    corpus = mask(corpus, question.masked)
    judged = _with_entity(whole_ids(halves), entities)
    _refuse_too_few(judged["entity"].n_unique(), question.fold_count)
    fold = _fold_of_entity(judged, max(1, question.fold_count))
    of_half = _numbers(judged, fold)
    of_account = _numbers(_with_entity(corpus.accounts["account_id"], entities), fold)
    scored, sizes = [], []
    for number in range(max(1, question.fold_count)):
        rows = np.flatnonzero(of_half == number)
        part = _with_grounds(keep_accounts(halves, of_half == number), question)
        members = of_account != number
        watch(f"fold {number + 1} of {question.fold_count}" if question.fold_count else "scoring")
        model = _judge(corpus, members, part, question)
        sizes.append(int(members.sum()))
        readings = _read(part, chosen_features(model, question.only), question)
        scored.append(score_task(time_split_task(part), part, readings, model).within(rows))
    entity = (judged["entity"].rank("dense").cast(pl.Int64) - 1).to_numpy()
    draws = Draws.of(judged["entity"].n_unique())
    figures = partial(answer_of, halves, entity=entity, draws=draws, name="early against late")
    return replace(
        figures(scored),
        training_account_counts=sizes if question.fold_count else [],
        by_feature=_by_feature(question, scored, figures),
    )


def truth_trial(
    corpus: Corpus,
    truth: pl.DataFrame,
    where: Judged,
    question: Question,
    watch: Watch,
) -> Answer:
    """Rank the partners that the truth names, and judge the links that a run would propose.

    With one fold the model is refitted once, without any account of an entity (see `entities_of`)
    that the truth names, be it on whatever market. With more, entities are dealt into them, and a
    query is judged by a model refitted without the accounts of its fold; the links that a run would
    propose are still those of the model without any. None is fitted on a market that is left out.

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
    truth, taught = where.pairs_of(truth), where.taught_by(corpus)
    ids = corpus.accounts["account_id"]
    entities = entities_of(corpus.accounts, truth, question.rulings.decisions)
    known = Known.of(truth, entities, ids)
    fold = _fold_of_account(ids, known, entities, question.fold_count)
    corpus = mask(corpus, question.masked)
    part = _with_grounds(corpus, question)
    every = truth_tasks(part, known.same_pairs, where.accounts)
    tasks = [task for task in every if where.holds(task.markets)]
    watch("refitting without the accounts of the truth" if question.fold_count else "reading")
    model = _judge(corpus, (fold < 0) & taught, part, question)
    folds = range(max(1, question.fold_count))
    others = [(fold != number) & taught for number in folds]
    scored = []
    for number in folds:
        several = question.fold_count > 1
        judge = _judge(corpus, others[number], part, question) if several else model
        asked = [_asked_by(task, fold == number) for task in tasks]
        scored += _scored(part, asked, judge, question)
    features = chosen_features(model, question.only)
    linked = link(part, features, model, question.public_alone, lambda stage, _: watch(stage))
    entity = _with_entity(ids, known.accounts)["entity"]
    draws = Draws.of(known.entity_count)
    numbers = entity.fill_null(-1).to_numpy()
    figures = partial(answer_of, part, entity=numbers, draws=draws)
    return replace(
        judged_run(figures(scored), linked, truth, known, draws),
        training_account_counts=[int(m.sum()) for m in others] if question.fold_count else [],
        by_feature=_by_feature(question, scored, figures),
    )


def _scored(
    part: Corpus, tasks: Sequence[Task], judge: Model, question: Question
) -> list[ScoredTask]:
    """The tasks that somebody asks, scored by one model."""
    readings = _read(part, chosen_features(judge, question.only), question)
    return [score_task(task, part, readings, judge) for task in tasks if len(task.queries)]


def _asked_by(task: Task, accounts: NDArray[np.bool_]) -> Task:
    """The task with the queries of some accounts alone."""
    return replace(task, queries=task.queries[accounts[task.queries]])


def _by_feature(
    question: Question, scored: Sequence[ScoredTask], figures: Callable[..., Answer]
) -> dict[str, FeatureFigures]:
    if not question.each:
        return {}
    features = chosen_features(question.model, question.only)
    copying = question.model.rules.copying
    return by_feature(scored, features, copying, lambda tasks: figures(tasks).pooled)


def _refuse_too_few(entity_count: int, fold_count: int) -> None:
    if entity_count < max(1, fold_count):
        raise RefusedInput(
            f"{entity_count} accounts that nothing ties together have enough text to be cut in "
            f"two, for {fold_count} folds: "
            "take in more posts, or ask for fewer records and characters"
        )


def _refuse_unknown_markets(corpus: Corpus, where: Judged) -> None:
    known = corpus.accounts["market"].unique().sort().to_list()
    unknown = {where.query_market, where.gallery_market, where.left_out} - {None, *known}
    if unknown:
        names = ", ".join(sorted(map(str, unknown)))
        raise RefusedInput(f"no account on market {names}; there are {', '.join(known)}")


def _judge(corpus: Corpus, members: NDArray[np.bool_], part: Corpus, question: Question) -> Model:
    if question.fold_count:
        return refit(question.model, corpus, members, question.only)
    refuse_training_data(part, question.model, question.source_names)
    return question.model


def _read(corpus: Corpus, features: Sequence[AnyFeature], question: Question) -> list[Reading]:
    return read_all(corpus, features, question.public_alone, lambda *_: None)


def _with_grounds(corpus: Corpus, question: Question) -> Corpus:
    return corpus if question.grounds is None else keep_grounds(corpus, question.grounds)


def _with_entity(account_ids: pl.Series, entities: pl.DataFrame) -> pl.DataFrame:
    """Accounts (n,) in their order, each with its entity; null where it has none."""
    ids = account_ids.rename("account_id").to_frame()
    return ids.join(entities, on="account_id", how="left", maintain_order="left")


def _fold_of_entity(judged: pl.DataFrame, count: int) -> pl.DataFrame:
    """The fold of each judged entity, dealt by the name of its first judged account."""
    first = judged.group_by("entity").agg(pl.col("account_id").min()).sort("account_id")
    return first.select("entity", fold=folds_of(first["account_id"].to_list(), count))


def _numbers(accounts: pl.DataFrame, fold: pl.DataFrame) -> NDArray[np.int64]:
    """The fold of each account's entity, -1 where none of its accounts is judged."""
    joined = accounts.join(fold, on="entity", how="left", maintain_order="left")
    return joined["fold"].fill_null(-1).to_numpy()


def _fold_of_account(
    ids: pl.Series, known: Known, entities: pl.DataFrame, count: int
) -> NDArray[np.int64]:
    """The fold of each account's entity, -1 where the truth does not name it."""
    named = entities.filter(pl.col("account_id").is_in(known.accounts["account_id"].implode()))
    fold = _fold_of_entity(named, max(1, count))
    return _numbers(_with_entity(ids, entities), fold)
