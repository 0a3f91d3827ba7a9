"""Vectors that are kept of all documents: as small as they can be, and grown in place.

The vectors of a ground are the largest thing that is held of a corpus; who puts blocks of them
together by copying holds them twice.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.style.vectors import Floats, Vectors, pair_products, square

Columns = NDArray[np.uint16]


@dataclass(frozen=True)
class KeptVectors:
    """n `Vectors` of k <= 65,536 dimensions.

    Attributes:
        indptr: int64 (n + 1,), where each sparse row begins.
        indices: uint16 (m,), the dimensions that stand in the rows.
        data: float32 (m,), their values: `weight * sqrt(counts) / length`.
        offset: float32 (k,): `weight * mean`.
        along: float64 (n,): product of each row with `offset`.
        length: float64 (n,): length of each vector, `offset` taken off; 1 where it is 0.
    """

    indptr: NDArray[np.int64]
    indices: Columns
    data: Floats
    offset: Floats
    along: NDArray[np.float64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: Vectors) -> "KeptVectors":
        """The same vectors, to be kept."""
        rows = vectors.rows
        return cls(
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.uint16),
            rows.data.copy(),
            vectors.offset,
            vectors.along.copy(),
            vectors.length.copy(),
        )

    def __len__(self) -> int:
        return len(self.length)

    def append(self, more: "KeptVectors") -> None:
        """Put other documents' vectors behind these, in place."""
        append(self.indptr, more.indptr[1:] + self.indptr[-1])
        append(self.indices, more.indices)
        append(self.data, more.data)
        append(self.along, more.along)
        append(self.length, more.length)

    def cosines(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> Floats:
        """Cosines (p,) of p pairs of rows; fastest where `left` is sorted."""
        rows = (self.indptr, self.indices, self.data)
        products = pair_products(*rows, (left, right), len(self.offset))
        centred = products - self.along[left] - self.along[right] + self.offset_square
        return np.asarray(centred / (self.length[left] * self.length[right]), np.float32)

    @cached_property
    def offset_square(self) -> float:
        """The sum of squares of the offset."""
        return square(self.offset)


def append(whole: NDArray[Any], more: NDArray[Any]) -> None:
    """Put rows behind those of an array that owns them, in place; nobody may hold a view of it."""
    filled = len(whole)
    whole.resize((filled + len(more), *whole.shape[1:]), refcheck=False)
    whole[filled:] = more
