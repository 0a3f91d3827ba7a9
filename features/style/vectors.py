"""Documents as weighted, centred vectors, kept sparse; exact products of them by the million.

A document's vector in one family is `weight * (sqrt(counts) / length - mean)`. Only its first term
is sparse; the cosine of two documents needs no more than that term, its product with the constant
second one, and two lengths. All sums run in a fixed order on one core, so that equal vectors give
equal cosines to the byte.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.compiled import compiled

Floats = NDArray[np.float32]
Rows = tuple[NDArray[np.integer], NDArray[np.integer], Floats]
"""Sparse rows: where each begins, what it holds, and its values."""

FOUR = 4


@dataclass(frozen=True)
class Vectors:
    """n vectors of one family in k dimensions.

    Attributes:
        rows: float32 (n, k), sparse: `weight * sqrt(counts) / length`.
        offset: float32 (k,): `weight * mean`.
        along: float64 (n,): product of each row with `offset`.
        length: float64 (n,): length of each vector, `offset` taken off; 1 where it is 0.
    """

    rows: csr_array
    offset: Floats
    along: NDArray[np.float64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, rows: csr_array, offset: Floats) -> "Vectors":
        """The vectors `rows - offset`."""
        along = np.asarray(rows @ offset.astype(np.float64))
        squares = row_squares(rows)
        length = np.sqrt(np.maximum(squares - 2 * along + square(offset), 0))
        return cls(rows, offset, along, np.where(length > 0, length, 1.0))

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def take(self, chosen: NDArray[np.intp]) -> "Vectors":
        """The chosen vectors."""
        return Vectors(self.rows[chosen], self.offset, self.along[chosen], self.length[chosen])

    def dense(self) -> Floats:
        """The vectors, of unit length, in full: float32 (n, k)."""
        full = self.rows.toarray() - self.offset
        return np.asarray(full / self.length[:, None], np.float32)


def row_squares(rows: csr_array) -> NDArray[np.float64]:
    """The sum of squares of each row, in double precision."""
    squared = csr_array((rows.data.astype(np.float64) ** 2, rows.indices, rows.indptr), rows.shape)
    return np.asarray(squared @ np.ones(rows.shape[1]))


def square(vector: Floats) -> float:
    """The sum of squares, in double precision and in a fixed order."""
    return float(np.add.reduce(np.square(vector.astype(np.float64))))


@compiled
def pair_products(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    data: Floats,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    dimensions: int,
) -> NDArray[np.float64]:
    """Scalar products (p,) of p pairs of sparse rows: a run of one left row is spread out once."""
    left, right = pairs
    rows = (indptr, indices, data)
    spread = np.zeros(dimensions, np.float32)
    products = np.zeros(len(left))
    first = 0
    while first < len(left):
        row, last = left[first], first
        while last < len(left) and left[last] == row:
            last += 1
        for i in range(indptr[row], indptr[row + 1]):
            spread[indices[i]] = data[i]
        while first + FOUR <= last:
            four_products(rows, spread, right, (products, first))
            first += FOUR
        for p in range(first, last):
            start = indptr[right[p]]
            products[p] = product_of(rows, spread, (start, indptr[right[p] + 1]), 0.0)
        for i in range(indptr[row], indptr[row + 1]):
            spread[indices[i]] = 0
        first = last
    return products


@compiled
def four_products(
    rows: Rows, spread: Floats, right: NDArray[np.intp], into: tuple[NDArray[np.float64], int]
) -> None:
    """Four products side by side: none of them has to wait until another's last sum is there."""
    indptr, indices, data = rows
    products, p = into
    a, b, c, d = indptr[right[p]], indptr[right[p + 1]], indptr[right[p + 2]], indptr[right[p + 3]]
    ends = (indptr[right[p] + 1], indptr[right[p + 1] + 1], indptr[right[p + 2] + 1])
    end = indptr[right[p + 3] + 1]
    shared = min(min(ends[0] - a, ends[1] - b), min(ends[2] - c, end - d))
    one, two, three, four = 0.0, 0.0, 0.0, 0.0
    for i in range(shared):
        one += data[a + i] * spread[indices[a + i]]
        two += data[b + i] * spread[indices[b + i]]
        three += data[c + i] * spread[indices[c + i]]
        four += data[d + i] * spread[indices[d + i]]
    products[p] = product_of(rows, spread, (a + shared, ends[0]), one)
    products[p + 1] = product_of(rows, spread, (b + shared, ends[1]), two)
    products[p + 2] = product_of(rows, spread, (c + shared, ends[2]), three)
    products[p + 3] = product_of(rows, spread, (d + shared, end), four)


@compiled
def product_of(rows: Rows, spread: Floats, part: tuple[int, int], so_far: float) -> float:
    """The product of a part of a sparse row with one spread out, added to what there was."""
    _, indices, data = rows
    total = so_far
    for i in range(part[0], part[1]):
        total += data[i] * spread[indices[i]]
    return total
