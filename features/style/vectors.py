"""Documents as weighted, centred vectors, kept sparse; their cosines, exactly and by the million.

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

DENSE_DIMENSIONS_MAX = 16_384
"""Up to so many dimensions a dense product is the faster one, beyond it a sparse one."""


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

    def times(self, others: Floats) -> Floats:
        """Products (n, m) of the unit vectors with m dense ones (m, k)."""
        along = np.multiply(others, self.offset).sum(axis=1)
        raw = self.rows @ np.ascontiguousarray(others.T) - along
        return np.asarray(raw / self.length[:, None], np.float32)

    def against(self, chosen: NDArray[np.intp]) -> Floats:
        """Cosines (n, m) of all vectors with m chosen ones of them."""
        few = self.rows[chosen]
        if self.rows.shape[1] <= DENSE_DIMENSIONS_MAX:
            raw = self.rows @ np.ascontiguousarray(few.toarray().T)
        else:
            raw = (self.rows @ few.T).toarray()
        centred = raw - self.along[:, None] - self.along[chosen] + square(self.offset)
        return np.asarray(centred / self.length[:, None] / self.length[chosen], np.float32)

    def cosines(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> Floats:
        """Cosines (p,) of p pairs of rows; fastest where `left` is sorted."""
        rows = self.rows
        products = pair_products(rows.indptr, rows.indices, rows.data, (left, right), rows.shape[1])
        centred = products - self.along[left] - self.along[right] + square(self.offset)
        return np.asarray(centred / (self.length[left] * self.length[right]), np.float32)


def row_squares(rows: csr_array) -> NDArray[np.float64]:
    """The sum of squares of each row, in double precision."""
    squared = csr_array((rows.data.astype(np.float64) ** 2, rows.indices, rows.indptr), rows.shape)
    return np.asarray(squared @ np.ones(rows.shape[1]))


def square(vector: Floats) -> float:
    """The sum of squares, in double precision and in a fixed order."""
    return float(np.add.reduce(np.square(vector.astype(np.float64))))


@compiled
def pair_products(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: Floats,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    dimensions: int,
) -> NDArray[np.float64]:
    """Scalar products (p,) of p pairs of sparse rows: the left row is spread out once."""
    left, right = pairs
    spread = np.zeros(dimensions, np.float32)
    products = np.zeros(len(left))
    current = -1
    for p in range(len(left)):
        if left[p] != current:
            if current >= 0:
                for i in range(indptr[current], indptr[current + 1]):
                    spread[indices[i]] = 0
            current = left[p]
            for i in range(indptr[current], indptr[current + 1]):
                spread[indices[i]] = data[i]
        total = 0.0
        for i in range(indptr[right[p]], indptr[right[p] + 1]):
            total += data[i] * spread[indices[i]]
        products[p] = total
    return products
