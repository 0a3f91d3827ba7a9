"""Figures of a ranking: how well scores put the true partner first.

A trial is a set of scored (query, candidate) pairs. Ties are broken against us everywhere: of equal
scores, the false pair stands first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

BEST_PAIRS = 50


@dataclass(frozen=True)
class ScoredTrial:
    """n scored pairs.

    Attributes:
        query: int64 (n,), number of the query.
        entity: int64 (n,), number of the query's entity: what a bootstrap draws.
        score: float64 (n,).
        true: bool (n,), whether the pair is of one hand.
        pair: uint64 (n,), key of the unordered pair; a pair scored from both sides has it twice.
    """

    query: NDArray[np.int64]
    entity: NDArray[np.int64]
    score: NDArray[np.float64]
    true: NDArray[np.bool_]
    pair: NDArray[np.uint64]


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % bootstrap interval over entities."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RankingFigures:
    """R@1, R@10, MRR and average precision with intervals; precision of the best pairs."""

    query_count: int
    """Queries that have a partner."""
    partner_count: int
    """Unordered pairs of one hand."""
    pair_count: int
    """Scored pairs."""
    recall_at_1: Figure
    recall_at_10: Figure
    mean_reciprocal_rank: Figure
    average_precision: Figure
    precision_of_best: float
    """Share of true pairs among the `BEST_PAIRS` best unordered pairs."""


def ranks(trial: ScoredTrial) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Queries that have a partner (m,), and the rank (m,) of the first partner, from 1."""
    order = np.lexsort((trial.true, -trial.score, trial.query))
    query, true = trial.query[order], trial.true[order]
    starts = np.concatenate([[True], query[1:] != query[:-1]]) if len(query) else true
    first_row = np.maximum.accumulate(np.where(starts, np.arange(len(query)), 0))
    place = np.arange(len(query)) - first_row + 1
    queries, first = np.unique(query[true], return_index=True)
    return queries, place[true][first]


def average_precision(
    score: NDArray[np.float64], true: NDArray[np.bool_], weight: NDArray[np.float64]
) -> float:
    """Average precision over n weighted pairs: mean precision at the true ones."""
    order = np.lexsort((true, -score))
    return _ordered_precision(true[order], weight[order])


def _ordered_precision(true: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    hits = np.where(true, weight, 0.0)
    total = hits.sum()
    if total == 0:
        return 0.0
    precision = np.cumsum(hits) / np.maximum(np.cumsum(weight), 1e-300)
    return float((precision * hits).sum() / total)


def precision_of_best(trial: ScoredTrial, best: int = BEST_PAIRS) -> float:
    """Share of true pairs among the `best` best unordered pairs."""
    order = np.lexsort((trial.true, -trial.score))
    _, first = np.unique(trial.pair[order], return_index=True)
    chosen = order[np.sort(first)[:best]]
    return float(trial.true[chosen].mean()) if len(chosen) else 0.0


def figures(tasks: Sequence[ScoredTrial], draws: int = 200, seed: int = 0) -> RankingFigures:
    """All figures over one or more tasks, whose queries have numbers of their own.

    Recall and rank are pooled over queries; average precision is that of each task, weighted by its
    queries with a partner. Intervals come from `draws` resamples of entities with replacement.
    """
    entities = np.unique(np.concatenate([task.entity for task in tasks]))
    drawn = np.random.default_rng(seed).multinomial(
        len(entities), np.full(len(entities), 1 / len(entities)), draws
    )
    weights = [np.ones(len(entities)), *drawn.astype(np.float64)]
    parts = [_resampled(task, entities, weights) for task in tasks]
    query_weight = np.sum([part.query_weight for part in parts], axis=0)

    def pooled(name: str) -> Figure:
        sums = np.sum([part.sums[name] for part in parts], axis=0)
        return _figure(sums / np.maximum(query_weight, 1e-300))

    return RankingFigures(
        query_count=round(float(query_weight[0])),
        partner_count=sum(len(np.unique(task.pair[task.true])) for task in tasks),
        pair_count=sum(len(task.score) for task in tasks),
        recall_at_1=pooled("recall_at_1"),
        recall_at_10=pooled("recall_at_10"),
        mean_reciprocal_rank=pooled("mean_reciprocal_rank"),
        average_precision=pooled("average_precision"),
        precision_of_best=precision_of_best(joined(tasks)),
    )


@dataclass(frozen=True)
class _Resampled:
    """Of one task, over all draws (the first is the sample itself): weight and weighted sums."""

    query_weight: NDArray[np.float64]
    sums: Mapping[str, NDArray[np.float64]]


def _resampled(
    task: ScoredTrial, entities: NDArray[np.int64], weights: Sequence[NDArray[np.float64]]
) -> _Resampled:
    queries, rank = ranks(task)
    numbers, first_pair = np.unique(task.query, return_index=True)
    entity = task.entity[first_pair[np.searchsorted(numbers, queries)]]
    of_queries = np.array([weight[np.searchsorted(entities, entity)] for weight in weights])
    order = np.lexsort((task.true, -task.score))
    true, place = task.true[order], np.searchsorted(entities, task.entity[order])
    precision = np.array([_ordered_precision(true, weight[place]) for weight in weights])
    query_weight = of_queries.sum(axis=1)
    return _Resampled(
        query_weight,
        {
            "recall_at_1": of_queries @ (rank <= 1).astype(np.float64),
            "recall_at_10": of_queries @ (rank <= 10).astype(np.float64),
            "mean_reciprocal_rank": of_queries @ (1 / rank),
            "average_precision": precision * query_weight,
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


def _figure(values: NDArray[np.float64]) -> Figure:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Figure(float(values[0]), float(low), float(high))
