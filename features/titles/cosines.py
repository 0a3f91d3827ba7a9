"""Cosines of sparse vectors: of listed pairs, and of all documents with all cohorts in blocks.

All sums run in a fixed order, so that equal vectors give equal cosines to the byte, whichever of
two is the left one.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.compiled import compiled
from features.style.vectors import Floats, Vectors, square
from features.titles.markets import Markets

BLOCK = 2048
Index = tuple[NDArray[np.int32], NDArray[np.int32], Floats]
"""Sparse rows or columns: where each begins, what it holds, and its values."""


def cosines_of(vectors: Vectors, left: NDArray[np.intp], right: NDArray[np.intp]) -> Floats:
    """Cosines (p,) of p pairs of documents."""
    raw = products_of(vectors.rows, left, right)
    if vectors.offset.any():
        raw += square(vectors.offset) - (vectors.along[left] + vectors.along[right])
    return np.asarray(raw / (vectors.length[left] * vectors.length[right]), np.float32)


def products_of(
    rows: csr_array, left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Products (p,) of p pairs of rows whose columns are sorted."""
    found: NDArray[np.float64] = merged_products(
        (rows.indptr, rows.indices, rows.data), left.astype(np.intp), right.astype(np.intp)
    )
    return found


@compiled
def merged_products(
    rows: Index, left: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Products of pairs of sparse rows, walked side by side."""
    indptr, indices, data = rows
    products = np.zeros(len(left))
    for p in range(len(left)):
        i, end = indptr[left[p]], indptr[left[p] + 1]
        j, other_end = indptr[right[p]], indptr[right[p] + 1]
        total = 0.0
        while i < end and j < other_end:
            if indices[i] == indices[j]:
                total += data[i] * data[j]
                i, j = i + 1, j + 1
            elif indices[i] < indices[j]:
                i += 1
            else:
                j += 1
        products[p] = total
    return products


def cosine_blocks(vectors: Vectors, markets: Markets) -> Iterator[tuple[int, Floats]]:
    """Cosines of all documents with all cohorts, some rows at a time; oneself is -inf.

    Yields:
        The first row of the block, and cosines float32 (rows, c).
    """
    few = vectors.rows[markets.cohort].tocsc()
    columns = (few.indptr, few.indices, few.data)
    for start in range(0, len(vectors), BLOCK):
        yield start, _block(vectors, markets, columns, start)


def _block(
    vectors: Vectors,
    markets: Markets,
    columns: Index,
    start: int,
) -> Floats:
    end = min(start + BLOCK, len(vectors))
    rows, chosen = vectors.rows, markets.cohort
    raw = block_products(
        (rows.indptr[start : end + 1], rows.indices, rows.data), columns, len(chosen)
    )
    if vectors.offset.any():
        raw -= (vectors.along[start:end, None] - square(vectors.offset)).astype(np.float32)
        raw -= vectors.along[chosen].astype(np.float32)
    raw /= vectors.length[start:end, None].astype(np.float32)
    raw /= vectors.length[chosen].astype(np.float32)
    own = np.flatnonzero((chosen >= start) & (chosen < end))
    raw[chosen[own] - start, own] = -np.inf
    return raw


@compiled
def block_products(rows: Index, columns: Index, width: int) -> Floats:
    """Products of some sparse rows with `width` others, these given column by column."""
    indptr, indices, data = rows
    starts, others, values = columns
    out = np.zeros((len(indptr) - 1, width), np.float32)
    for row in range(len(indptr) - 1):
        for i in range(indptr[row], indptr[row + 1]):
            value = data[i]
            for k in range(starts[indices[i]], starts[indices[i] + 1]):
                out[row, others[k]] += value * values[k]
    return out
