"""The nearest hands: all pairs in a few hundred dimensions, the best of them looked at in full."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.pairs import Pairs
from features.style.hands import GRID, Hands
from features.style.vectors import Floats

Rows = NDArray[np.intp]

ROUGH = 40
BLOCK, SHARE, STRETCH = 256, 128, 256
"""Documents that are held against all at a time, and by one thread; columns that are passed over
together."""

WORKERS = 2


def rough_pairs(hands: Hands) -> Pairs:
    """Each of n documents with the `ROUGH` of the largest likelihood ratio.

    The cost grows with the square of the documents, 2 d n^2 operations: 60,000 documents in 320
    dimensions are half a minute of two cores.
    """
    count = min(ROUGH, len(hands) - 1)
    bars = (hands.bar * GRID**2).astype(np.float32)
    found = np.empty((len(hands), max(count, 0)), np.int64)

    def sift(scores: Floats, start: int) -> None:
        largest(scores, bars, start, found[start : start + len(scores)])

    with ThreadPoolExecutor(WORKERS) as threads:
        for start in range(0, len(hands), BLOCK):
            scores = hands.whole[start : start + BLOCK] @ hands.whole.T
            shares = range(0, len(scores), SHARE)
            tasks = [threads.submit(sift, scores[at : at + SHARE], start + at) for at in shares]
            for task in tasks:
                task.result()
    return Pairs.of(np.repeat(np.arange(len(hands)), count), found.ravel())


@compiled
def largest(scores: Floats, bars: Floats, first: int, found: NDArray[np.int64]) -> None:
    """Of each row the columns (r, c) with the largest `scores - bars`, without itself.

    Args:
        scores: float32 (r, n).
        bars: float32 (n,), taken off.
        first: the column of row 0 itself.
        found: int64 (r, c), to be filled; of equal ones the first columns, in no order.
    """
    count = found.shape[1]
    if count == 0:
        return
    held = np.empty(count, np.float32)
    for row in range(len(scores)):
        filled, least = 0, 0
        for start in range(0, scores.shape[1], STRETCH):
            end = min(start + STRETCH, scores.shape[1])
            if filled == count and not reached(scores[row], bars, (start, end), held[least]):
                continue
            for column in range(start, end):
                score = scores[row, column] - bars[column]
                if column == first + row or (filled == count and score <= held[least]):
                    continue
                place = filled if filled < count else least
                held[place], found[row, place] = score, column
                filled = min(filled + 1, count)
                if filled == count:
                    least = worst(held, found[row])


@compiled
def reached(scores: Floats, bars: Floats, part: tuple[int, int], least: np.float32) -> bool:
    """Whether any of some columns scores more than the least."""
    above = 0
    for column in range(part[0], part[1]):
        above += scores[column] - bars[column] > least
    return above > 0


@compiled
def worst(held: Floats, columns: NDArray[np.int64]) -> int:
    """Where the smallest stands; of equal ones that of the last column."""
    least = 0
    for i in range(1, len(held)):
        if held[i] < held[least] or (held[i] == held[least] and columns[i] > columns[least]):
            least = i
    return least


def best_of(pairs: tuple[Rows, Rows], scores: Floats, nearest: int) -> Rows:
    """The pairs that are among the `nearest` best of one of their sides, ascending."""
    left, right = pairs
    side = np.concatenate([left, right])
    pair = np.tile(np.arange(len(left)), 2)
    order = np.lexsort((pair, -scores[pair], side))
    starts = np.searchsorted(side[order], side[order])
    rank = np.arange(len(order)) - starts
    return np.unique(pair[order][rank < nearest])
