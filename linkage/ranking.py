"""Figures of a ranking: how well scores put the true partner first.

A trial is a set of scored (query, candidate) pairs. Ties are broken against us everywhere: of equal
scores, the false pair stands first. A pair has the weight of the entity that asks: intervals are
over queries, before a gallery that stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from linkage.bootstrap import Draws, Figure, Floats, ratio
from linkage.likelihood_figures import LikelihoodFigures, likelihood_figures

BEST_PAIRS = 50


@dataclass(frozen=True)
class ScoredTrial:
    """n scored pairs.

    Attributes:
        query: int64 (n,), number of the query.
        entity: int64 (n,), number of the query's entity: what a bootstrap draws.
        score: float64 (n,), log2 odds.
        likelihood_bits: float64 (n,), the same without the prior: log2 likelihood ratios.
        true: bool (n,), whether the pair is of one hand.
        pair: uint64 (n,), key of the unordered pair; a pair scored from both sides has it twice.
    """

    query: NDArray[np.int64]
    entity: NDArray[np.int64]
    score: Floats
    likelihood_bits: Floats
    true: NDArray[np.bool_]
    pair: NDArray[np.uint64]


@dataclass(frozen=True)
class RankingFigures:
    """R@1, R@10, MRR, average precision, precision of the best pairs, and the cost of the bits."""

    query_count: int
    """Queries that have a partner."""
    partner_count: int
    """Unordered pairs of one hand."""
    pair_count: int
    """Scored pairs."""
    recall_at_1: Figure | None
    recall_at_10: Figure | None
    mean_reciprocal_rank: Figure | None
    average_precision: Figure | None
    precision_of_best: Figure | None
    """Share of true pairs among the `BEST_PAIRS` best unordered pairs."""
    likelihood: LikelihoodFigures


def ranks(trial: ScoredTrial) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Queries that have a partner (m,), and the rank (m,) of the first partner, from 1."""
    order = np.lexsort((trial.true, -trial.score, trial.query))
    query, true = trial.query[order], trial.true[order]
    rank = _places(query) + 1
    queries, first = np.unique(query[true], return_index=True)
    return queries, rank[true][first]


def _places(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place (n,) of each row within its group, from 0; equal groups stand together."""
    fresh = np.ones(len(group), np.bool_)
    fresh[1:] = group[1:] != group[:-1]
    row = np.arange(len(group))
    return row - np.maximum.accumulate(np.where(fresh, row, 0))


def average_precision(trial: ScoredTrial, draws: Draws) -> Floats:
    """Mean precision at the true pairs, the sample's and each draw's (1 + draws,).

    The weight of all pairs down to a true one is summed by the true pair that they stand before.
    """
    order = np.lexsort((trial.true, -trial.score))
    true: NDArray[np.bool_] = trial.true[order]
    entity = trial.entity[order]
    hits_before: NDArray[np.int64] = np.cumsum(true) - true
    hit_count = int(true.sum())
    rows = hits_before < hit_count
    between = draws.sums(hits_before[rows], entity[rows], np.ones(int(rows.sum())), hit_count)
    hits = draws.weights[entity[true]]
    precision = ratio(np.cumsum(hits, axis=0), np.cumsum(between, axis=0))
    return ratio((np.nan_to_num(precision) * hits).sum(axis=0), hits.sum(axis=0))


def precision_of_best(trial: ScoredTrial, draws: Draws, best: int = BEST_PAIRS) -> Floats:
    """Share of true pairs among the `best` best unordered pairs, by draw (1 + draws,).

    No entity has more than its own `best` best pairs among those of a draw.
    """
    order = np.lexsort((trial.true, -trial.score))
    _, first = np.unique(trial.pair[order], return_index=True)
    rows = order[np.sort(first)]
    by_entity = np.argsort(trial.entity[rows], kind="stable")
    place = np.empty(len(rows), np.int64)
    place[by_entity] = _places(trial.entity[rows][by_entity])
    rows = rows[place < best]
    depth = best
    while depth < len(rows) and draws.weights[trial.entity[rows[:depth]]].sum(axis=0).min() < best:
        depth *= 2
    weight = draws.weights[trial.entity[rows[:depth]]]
    taken = np.clip(best - (np.cumsum(weight, axis=0) - weight), 0, weight)
    return ratio(taken[trial.true[rows[:depth]]].sum(axis=0), taken.sum(axis=0))


def figures(tasks: Sequence[ScoredTrial], draws: Draws) -> RankingFigures:
    """All figures over one or more tasks, whose queries have numbers of their own.

    Recall and rank are pooled over queries; average precision is that of each task, weighted by its
    queries with a partner; the cost of the bits is pooled over pairs.
    """
    parts = [_resampled(task, draws) for task in tasks]
    query_weight = np.sum([part.query_weight for part in parts], axis=0)
    whole = joined(tasks)

    def pooled(name: str) -> Figure | None:
        return Figure.of(ratio(np.sum([part.sums[name] for part in parts], axis=0), query_weight))

    return RankingFigures(
        query_count=round(float(query_weight[0])),
        partner_count=sum(len(np.unique(task.pair[task.true])) for task in tasks),
        pair_count=len(whole.score),
        recall_at_1=pooled("recall_at_1"),
        recall_at_10=pooled("recall_at_10"),
        mean_reciprocal_rank=pooled("mean_reciprocal_rank"),
        average_precision=pooled("average_precision"),
        precision_of_best=Figure.of(precision_of_best(whole, draws)),
        likelihood=likelihood_figures(whole.likelihood_bits, whole.true, whole.entity, draws),
    )


@dataclass(frozen=True)
class _Resampled:
    """Of one task, over all draws (the first is the sample itself): weight and weighted sums."""

    query_weight: Floats
    sums: Mapping[str, Floats]


def _resampled(task: ScoredTrial, draws: Draws) -> _Resampled:
    queries, rank = ranks(task)
    numbers, first_pair = np.unique(task.query, return_index=True)
    entity = task.entity[first_pair[np.searchsorted(numbers, queries)]]
    one_place = np.zeros(len(queries), np.int64)

    def over_queries(value: Floats) -> Floats:
        total: Floats = draws.sums(one_place, entity, value, 1)[0]
        return total

    query_weight = over_queries(np.ones(len(queries)))
    return _Resampled(
        query_weight,
        {
            "recall_at_1": over_queries((rank <= 1).astype(np.float64)),
            "recall_at_10": over_queries((rank <= 10).astype(np.float64)),
            "mean_reciprocal_rank": over_queries(1 / rank),
            "average_precision": np.nan_to_num(average_precision(task, draws)) * query_weight,
        },
    )


def joined(tasks: Sequence[ScoredTrial]) -> ScoredTrial:
    """Several trials as one."""
    return ScoredTrial(
        *(
            np.concatenate([getattr(task, field.name) for task in tasks])
            for field in fields(ScoredTrial)
        )
    )
