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

Small = NDArray[np.int8]
Whole = NDArray[np.int32]
Matrix = tuple[Small, Floats]
"""What `small_columns` makes: columns in eight bits, and what to multiply each with."""
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


def small_columns(matrix: Floats) -> Matrix:
    """A matrix (k, m) in eight bits a number, and what to multiply each column (m,) with.

    No column is longer than `LARGEST`.
    """
    room = LARGEST - np.sqrt(len(matrix)) / 2
    by_entry = SMALL_LARGEST / np.abs(matrix).max(axis=0, initial=1e-9)
    by_length = room / np.maximum(np.sqrt(np.square(matrix).sum(axis=0)), 1e-9)
    factor = np.minimum(by_entry, by_length)
    return np.rint(matrix * factor).astype(np.int8), (1 / factor).astype(np.float32)


def products(vectors: Vectors, *matrices: Matrix) -> list[Floats]:
    """Products (n, m) of n unit vectors with the columns of each of some `small_columns` matrices.

    They are those of `whole_units`, which need not be written out: what a document has where it
    uses nothing hangs on its length alone, and the rest is as sparse as its row.
    """
    columns = np.concatenate([small for small, _ in matrices], axis=1)
    whole = np.float32(whole_scale(len(columns)))
    found = np.zeros((len(vectors), columns.shape[1]), np.int32)
    if len(vectors):
        order = np.argsort(vectors.length, kind="stable")
        add_unused((vectors.offset, vectors.length), order, columns, whole, found)
    rows = (vectors.rows.indptr, vectors.rows.indices, vectors.rows.data)
    add_used(rows, (vectors.offset, vectors.length), columns, whole, found)
    ends = np.cumsum([small.shape[1] for small, _ in matrices])
    return [
        np.asarray(part.astype(np.float32) * (scale / whole), np.float32)
        for part, (_, scale) in zip(np.split(found, ends[:-1], axis=1), matrices, strict=True)
    ]


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

    Taken in the `order` of their lengths, an entry changes a few times between the first and the
    last of them, and only ever in one direction: where it does is found by halving.
    """
    offset, length = centre
    steps = np.zeros_like(found)
    for j in range(len(offset)):
        place, held = 0, whole_unit(-offset[j], length[order[0]], whole)
        last = whole_unit(-offset[j], length[order[-1]], whole)
        add_times(steps[0], columns[j], held)
        while held != last:
            end = len(order) - 1
            while end - place > 1:
                middle = (place + end) // 2
                if whole_unit(-offset[j], length[order[middle]], whole) == held:
                    place = middle
                else:
                    end = middle
            here = whole_unit(-offset[j], length[order[end]], whole)
            add_times(steps[end], columns[j], here - held)
            place, held = end, here
    total = np.zeros(found.shape[1], np.int32)
    for place, row in enumerate(order):
        total += steps[place]
        found[row] += total
