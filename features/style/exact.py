"""Products that are the same to the byte on any number of cores.

Vectors of whole numbers whose lengths multiply to less than 2^24 have products, and partial sums of
products (Cauchy and Schwarz), that float32 holds exactly: in whatever order they are added, on
however many cores, the result is one.
"""

import math

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style.vectors import FOUR, Floats, Rows, Vectors

LARGEST = 4095.0
SMALL_LARGEST = 127.0
BLOCK = 64

Small = NDArray[np.int8]
Whole = NDArray[np.int32]
Centre = tuple[Floats, NDArray[np.float64]]
"""What is taken off every row (k,), and the length (n,) of each then."""


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
    """Products (n, m) of n unit vectors with the columns of a `small_columns` matrix.

    They are those of `whole_units`, which need not be written out: what a document has where it
    uses nothing hangs on its length alone, and the rest is as sparse as its row.
    """
    whole = np.float32(whole_scale(len(columns)))
    found = np.zeros((len(vectors), columns.shape[1]), np.int32)
    order = np.argsort(vectors.length, kind="stable")
    add_unused((vectors.offset, vectors.length), order, columns, whole, found)
    rows = (vectors.rows.indptr, vectors.rows.indices, vectors.rows.data)
    add_used(rows, (vectors.offset, vectors.length), columns, whole, found)
    return np.asarray(found.astype(np.float32) * (scale / whole), np.float32)


@compiled
def whole_unit(value: np.float32, length: float, whole: np.float32) -> np.int32:
    """An entry of `whole_units`."""
    return np.int32(np.rint(np.float32(value / length) * whole))


@compiled
def add_times(found: Whole, column: Small, times: np.int32) -> None:
    """Add a row of the columns so many times; sums that overflow on the way come out right."""
    for d in range(len(found)):
        found[d] += np.int32(column[d]) * times


@compiled
def add_used(rows: Rows, centre: Centre, columns: Small, whole: np.float32, found: Whole) -> None:
    """Add what documents (n, m) have more by what they use than if they did not."""
    indptr, indices, data = rows
    offset, length = centre
    places = np.zeros(len(offset) + FOUR, np.int64)
    times = np.zeros(len(offset) + FOUR, np.int32)
    for row in range(len(found)):
        count = 0
        for i in range(indptr[row], indptr[row + 1]):
            base = offset[indices[i]]
            used = whole_unit(data[i] - base, length[row], whole)
            places[count] = indices[i]
            times[count] = used - whole_unit(-base, length[row], whole)
            count += times[count] != 0
        times[count : count + FOUR] = 0
        for i in range(0, count, FOUR):
            add_four(found[row], columns, places, times, i)


@compiled
def add_four(found: Whole, columns: Small, places: NDArray[np.int64], times: Whole, i: int) -> None:
    """Add four rows of the columns, from the i-th place on, each so many times.

    Sums are fetched and put back once for all of them.
    """
    one, two, three, four = places[i], places[i + 1], places[i + 2], places[i + 3]
    first, second, third, fourth = times[i], times[i + 1], times[i + 2], times[i + 3]
    for d in range(len(found)):
        found[d] += (
            np.int32(columns[one, d]) * first
            + np.int32(columns[two, d]) * second
            + np.int32(columns[three, d]) * third
            + np.int32(columns[four, d]) * fourth
        )


@compiled
def add_unused(
    centre: Centre, order: NDArray[np.intp], columns: Small, whole: np.float32, found: Whole
) -> None:
    """Add what documents (n, m) would have if they used nothing.

    Taken in the `order` of their lengths, few entries change from one document to the next: among
    `BLOCK` of them only those that differ between the first and the last.
    """
    offset, length = centre
    held = np.zeros(len(offset), np.int32)
    total = np.zeros(found.shape[1], np.int32)
    changing = np.empty(len(offset), np.int64)
    for start in range(0, len(order), BLOCK):
        some = order[start : start + BLOCK]
        count = 0
        for j in range(len(offset)):
            first = whole_unit(-offset[j], length[some[0]], whole)
            if first != held[j]:
                add_times(total, columns[j], first - held[j])
                held[j] = first
            if first != whole_unit(-offset[j], length[some[-1]], whole):
                changing[count] = j
                count += 1
        for row in some:
            for j in changing[:count]:
                here = whole_unit(-offset[j], length[row], whole)
                if here != held[j]:
                    add_times(total, columns[j], here - held[j])
                    held[j] = here
            found[row] += total
