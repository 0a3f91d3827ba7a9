"""Accounts whose titles share rare pieces: who is worth comparing, without looking at all pairs."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from features.compiled import compiled
from features.pairs import Pairs
from features.style.vectors import Floats
from features.titles.cosines import Index
from features.titles.likeness import Likeness

SHARED_MAX = 100
"""A piece that more accounts use brings nobody together."""

ROUGH, NEAREST = 20, 10
FAMILIES = ("word pairs", "words", "four characters")


def met_documents(read: Likeness) -> Pairs:
    """Pairs of documents of which one is among the other's `NEAREST` best-scored.

    Every document looks at the `ROUGH` others with which it shares most of its rare pieces and
    strings; as each piece is shared by `SHARED_MAX` at most, the cost grows with the documents, not
    with their square.
    """
    rows = _rare_rows(read)
    columns = rows.tocsc()
    found = nearest(
        (rows.indptr, rows.indices, rows.data),
        (columns.indptr, columns.indices, columns.data),
        ROUGH,
    )
    left = np.repeat(np.arange(len(found)), found.shape[1])
    there = (found >= 0).ravel() & (read.markets.group[left] >= 0)
    there &= read.markets.group[found.ravel()] >= 0
    rough = Pairs.of(left[there], found.ravel()[there])
    scores = read.scores(rough.left.astype(np.intp), rough.right.astype(np.intp))
    return rough.take(_best(rough, scores))


def _rare_rows(read: Likeness) -> csr_array:
    """Vectors (n, k) of unit length a family, of which only rare pieces are left."""
    parts = []
    for family in read.families:
        if family.name in FAMILIES:
            rows = family.vectors.rows
            accounts = np.bincount(rows.indices, minlength=rows.shape[1])
            chosen = np.flatnonzero(accounts <= SHARED_MAX)
            scale = diags_array(1 / family.vectors.length)
            parts.append(csr_array(scale @ rows[:, chosen]))
    joined = csr_array(hstack([*parts, read.strings.alone], format="csr"), dtype=np.float32)
    joined.indices, joined.indptr = joined.indices.astype(np.int32), joined.indptr.astype(np.int32)
    return joined


@compiled
def nearest(rows: Index, columns: Index, count: int) -> NDArray[np.int32]:
    """The `count` other rows with the largest products with each row, -1 where there are fewer."""
    indptr, indices, data = rows
    starts, others, values = columns
    total = len(indptr) - 1
    sums = np.zeros(total, np.float32)
    touched = np.empty(total, np.int32)
    found = np.full((total, count), -1, np.int32)
    for row in range(total):
        reached = 0
        for i in range(indptr[row], indptr[row + 1]):
            for k in range(starts[indices[i]], starts[indices[i] + 1]):
                other = others[k]
                if sums[other] == 0:
                    touched[reached] = other
                    reached += 1
                sums[other] += data[i] * values[k]
        sums[row] = 0
        near = np.sort(touched[:reached])
        order = np.argsort(-sums[near], kind="mergesort")[:count]
        for place in range(len(order)):
            if sums[near[order[place]]] > 0:
                found[row, place] = near[order[place]]
        for i in range(reached):
            sums[touched[i]] = 0
    return found


def _best(pairs: Pairs, scores: Floats) -> NDArray[np.intp]:
    """The pairs that are among the `NEAREST` best of one of their sides, ascending."""
    side = np.concatenate([pairs.left, pairs.right])
    pair = np.tile(np.arange(len(pairs)), 2)
    order = np.lexsort((pair, -scores[pair], side))
    starts = np.searchsorted(side[order], side[order])
    rank = np.arange(len(order)) - starts
    return np.unique(pair[order][rank < NEAREST])
