"""The nearest hands: all pairs in a few hundred dimensions, the best of them looked at in full."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.pairs import Pairs
from features.style.hands import GRID, Hands
from features.style.vectors import Floats

Rows = NDArray[np.intp]
Best = tuple[Floats, NDArray[np.int32], NDArray[np.int32], Floats]
"""Of n documents the best scores so far (n, c), with whom (n, c), where the worst of these stands
(n,), and its score (n,)."""

ROUGH = 40
BLOCK, STRETCH = 256, 64
"""Documents that are held against all behind them at a time; columns that are passed over
together."""

WORKERS = 2


def rough_pairs(hands: Hands) -> Pairs:
    """Each of n documents with the `ROUGH` of the largest likelihood ratio.

    Each pair is looked at once, for both of its sides. The cost grows with the square of the
    documents, d n^2 operations: 60,000 documents in 320 dimensions are a quarter of a minute of
    two cores.
    """
    total = len(hands)
    bars = (hands.bar * GRID**2).astype(np.float32)
    best = nobody_yet(total, min(ROUGH, max(total - 1, 0)))
    room = np.empty(min(BLOCK, total) * total, np.float32)
    with ThreadPoolExecutor(WORKERS) as threads:
        for start in range(0, total, BLOCK):
            block, others = hands.whole[start : start + BLOCK], hands.whole[start:]
            scores = room[: len(block) * len(others)].reshape(len(block), len(others))
            np.matmul(block, others.T, out=scores)
            tasks = [partial(sift, scores, bars, start, best) for sift in (sift_rows, sift_columns)]
            list(threads.map(lambda task: task(), tasks))
    found = best[1]
    return Pairs.of(np.repeat(np.arange(total), found.shape[1]), found.ravel())


def nobody_yet(total: int, count: int) -> Best:
    """Room for the `count` best of so many documents."""
    others = np.zeros((total, count), np.int32)
    scores = np.full((total, count), -np.inf, np.float32)
    least = np.full(total, -np.inf if count else np.inf, np.float32)
    return scores, others, np.zeros(total, np.int32), least


@compiled
def sift_rows(scores: Floats, bars: Floats, start: int, best: Best) -> None:
    """Hold some documents against themselves and all behind them.

    Args:
        scores: float32 (r, c), of documents `start` to `start + r` with those from `start` on.
        bars: float32 (n,), what the other side takes off.
        start: the document of the first row, and of the first column.
        best: of all documents, kept up to date; of equal ones the first documents, in no order.
    """
    least = best[3]
    taken = bars[start:]
    for row in range(len(scores)):
        for first in range(0, scores.shape[1], STRETCH):
            end, so_far = min(first + STRETCH, scores.shape[1]), least[start + row]
            above = 0
            for column in range(first, end):
                above += scores[row, column] - taken[column] > so_far
            if above == 0:
                continue
            for column in range(first, end):
                score = scores[row, column] - taken[column]
                if column != row and score > least[start + row]:
                    keep(score, start + column, start + row, best)


@compiled
def sift_columns(scores: Floats, bars: Floats, start: int, best: Best) -> None:
    """Hold those behind some documents against these (see `sift_rows`)."""
    least = best[3][start:]
    for row in range(len(scores)):
        taken = bars[start + row]
        for first in range(len(scores), scores.shape[1], STRETCH):
            end = min(first + STRETCH, scores.shape[1])
            above = 0
            for column in range(first, end):
                above += scores[row, column] - taken > least[column]
            if above == 0:
                continue
            for column in range(first, end):
                score = scores[row, column] - taken
                if score > least[column]:
                    keep(score, start + row, start + column, best)


@compiled
def keep(score: np.float32, other: int, document: int, best: Best) -> None:
    """Put another document in the place of the worst that is kept of one.

    Of equal ones that of the last document is the worst.
    """
    scores, others, worst, least = best
    place = worst[document]
    scores[document, place], others[document, place] = score, other
    last = 0
    for i in range(1, scores.shape[1]):
        here, there = scores[document, i], scores[document, last]
        if here < there or (here == there and others[document, i] > others[document, last]):
            last = i
    worst[document], least[document] = last, scores[document, last]


def best_of(pairs: tuple[Rows, Rows], scores: Floats, nearest: int) -> Rows:
    """The pairs that are among the `nearest` best of one of their sides, ascending."""
    left, right = pairs
    side = np.concatenate([left, right])
    pair = np.tile(np.arange(len(left)), 2)
    order = np.lexsort((pair, -scores[pair], side))
    starts = np.searchsorted(side[order], side[order])
    rank = np.arange(len(order)) - starts
    return np.unique(pair[order][rank < nearest])
