"""Who stands near whom: rows that share a key."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.pairs import Pairs


def pairs_sharing(keys: NDArray[np.uint64], rows: NDArray[np.intp], largest_block: int) -> Pairs:
    """All pairs of rows that share a key, but for keys of more than `largest_block` rows.

    Args:
        keys: (n,), one key of one row each; a row may have several, and one twice.
        rows: (n,).
        largest_block: a key of more rows than this brings nobody together.
    """
    keys, rows = distinct_sorted(keys, rows)
    _, first, size = np.unique(keys, return_index=True, return_counts=True)
    open_ = (size > 1) & (size <= largest_block)
    return Pairs.of(*_within_blocks(rows, first[open_], size[open_]))


def distinct_sorted(
    keys: NDArray[np.uint64], rows: NDArray[np.intp]
) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """The distinct (key, row), sorted."""
    frame = pl.DataFrame({"key": keys, "row": rows.astype(np.int64)}).sort("key", "row")
    keys, rows = frame["key"].to_numpy(), frame["row"].to_numpy()
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return keys[fresh], rows[fresh]


def _within_blocks(
    rows: NDArray[np.intp], first: NDArray[np.intp], size: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    member = runs(first, size)
    partners = np.repeat(first + size, size) - member - 1
    return rows[np.repeat(member, partners)], rows[runs(member + 1, partners)]


def runs(first: NDArray[np.intp], size: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers first, first + 1, … of each run, end to end."""
    ends = np.cumsum(size)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(first - ends + size, size)
