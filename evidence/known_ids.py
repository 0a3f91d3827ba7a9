"""Which ids are there already: 16 bytes an id, exact.

Invariant: each level is a pair of arrays of equal length, sorted by the first; a level is at least
twice as long as the next, so that there are about log2(n) of them.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Halves = tuple[NDArray[np.uint64], NDArray[np.uint64]]
"""Two arrays of n: the first and the second eight bytes of each id."""


class KnownIds:
    """A growing set of 128-bit ids."""

    def __init__(self) -> None:
        self._levels: list[Halves] = []

    def add(self, ids: Halves) -> None:
        """Add ids, none of which may be known."""
        if len(ids[0]):
            self._levels.append(_sorted(ids))
        while len(self._levels) > 1 and len(self._levels[-2][0]) < 2 * len(self._levels[-1][0]):
            last, before = self._levels.pop(), self._levels.pop()
            merged = (np.concatenate([last[0], before[0]]), np.concatenate([last[1], before[1]]))
            self._levels.append(_sorted(merged))

    def contains(self, ids: Halves) -> NDArray[np.bool_]:
        """For each of n ids whether it is known."""
        known = np.zeros(len(ids[0]), np.bool_)
        for level in self._levels:
            known |= _in_level(level, ids)
        return known


def halves(row_ids: pl.Series) -> Halves:
    """Row ids (32 hex digits) as two columns of 64-bit numbers."""
    raw = row_ids.str.decode("hex")
    first, second = (
        raw.bin.slice(offset, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big").to_numpy()
        for offset in (0, 8)
    )
    return first, second


def _sorted(ids: Halves) -> Halves:
    order = np.argsort(ids[0], kind="stable")
    return ids[0][order], ids[1][order]


def _in_level(level: Halves, ids: Halves) -> NDArray[np.bool_]:
    start = np.searchsorted(level[0], ids[0], "left")
    stop = np.searchsorted(level[0], ids[0], "right")
    found = np.zeros(len(start), np.bool_)
    for step in range(int((stop - start).max(initial=0))):
        at = np.flatnonzero(start + step < stop)
        found[at] |= level[1][start[at] + step] == ids[1][at]
    return found
