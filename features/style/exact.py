"""Products that are the same to the byte on any number of cores.

Vectors of whole numbers whose lengths multiply to less than 2^24 have products, and partial sums of
products (Cauchy and Schwarz), that float32 holds exactly: in whatever order they are added, on
however many cores, the result is one.
"""

import math

import numpy as np
from numpy.typing import NDArray

from features.style.vectors import Floats, Vectors

LARGEST = 4095.0
SMALL_LARGEST = 127.0
BLOCK = 1024

Small = NDArray[np.int8]


def whole_units(vectors: Vectors) -> Floats:
    """The unit vectors (n, k) in whole numbers, none longer than `LARGEST`.

    Divided by `whole_scale(k)` they are unit vectors again.
    """
    full = vectors.dense()
    full *= np.float32(whole_scale(full.shape[1]))
    return np.rint(full, out=full)


def whole_scale(dimensions: int) -> float:
    """What `whole_units` multiplies with: rounding may lengthen a vector by sqrt(dimensions)/2."""
    return LARGEST - math.sqrt(dimensions) / 2


def small_columns(matrix: Floats) -> tuple[Small, Floats]:
    """A matrix (k, m) in eight bits a number, and what to multiply each column (m,) with.

    No column is longer than `LARGEST`.
    """
    room = LARGEST - np.sqrt(len(matrix)) / 2
    by_entry = SMALL_LARGEST / np.abs(matrix).max(axis=0, initial=1e-9)
    by_length = room / np.maximum(np.sqrt(np.square(matrix).sum(axis=0)), 1e-9)
    factor = np.minimum(by_entry, by_length)
    return np.rint(matrix * factor).astype(np.int8), (1 / factor).astype(np.float32)


def products(vectors: Vectors, columns: Small, scale: Floats) -> Floats:
    """Products (n, m) of n unit vectors with the columns of a `small_columns` matrix."""
    full = columns.astype(np.float32)
    back = scale / np.float32(whole_scale(len(columns)))
    found = np.empty((len(vectors), columns.shape[1]), np.float32)
    for start in range(0, len(found), BLOCK):
        block = vectors.take(np.arange(start, min(start + BLOCK, len(found))))
        found[start : start + BLOCK] = whole_units(block) @ full
    return np.asarray(found * back, np.float32)
