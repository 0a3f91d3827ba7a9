"""The markets that titles stand on, and whom each account is held against there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

GROUP_MIN = 10
"""Among fewer accounts nobody can say how near is near: there is nothing to compare."""

COHORT_MAX = 1000
"""A market's cohort is all its accounts up to so many, evenly spaced ones of a larger market."""

COHORTS_MIN, COHORTS_MAX, COSINES_MAX = 500, 2400, 30_000_000
"""All cohorts together: so many accounts that no more cosines are needed than that, within limits;
up to 12,000 accounts that is 2,400."""


@dataclass(frozen=True)
class Markets:
    """The markets of n documents.

    Attributes:
        group: int32 (n,), the market of each document by number; -1 where there is no telling.
        cohort: int64 (c,), documents of all cohorts, market by market.
        bounds: int64 (g + 1,), where each market's cohort begins.
        sizes: int64 (g,), documents on each market.
    """

    group: NDArray[np.int32]
    cohort: NDArray[np.int64]
    bounds: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, market: NDArray[np.int64], order: NDArray[np.uint64] | None = None) -> "Markets":
        """From the number of each document's market (n,).

        Args:
            market: by number.
            order: of n documents, by which large markets' cohorts are drawn; else as they stand.
        """
        _, number, sizes = np.unique(market, return_inverse=True, return_counts=True)
        small = sizes < GROUP_MIN
        large = np.where(small, -1, np.cumsum(~small) - 1)
        group = large[number].astype(np.int32) if len(number) else np.empty(0, np.int32)
        places = np.arange(len(group)) if order is None else np.argsort(order, kind="stable")
        members = [places[group[places] == g] for g in range(int(large.max(initial=-1)) + 1)]
        most = _most_each([len(rows) for rows in members], len(group))
        chosen = [np.sort(rows[_spaced(len(rows), most)]) for rows in members]
        bounds = np.cumsum([0, *map(len, chosen)], dtype=np.int64)
        cohort = np.concatenate([np.empty(0, np.int64), *chosen]).astype(np.int64)
        return cls(group, cohort, bounds, np.array([len(m) for m in members], np.int64))

    @property
    def count(self) -> int:
        """How many markets there are."""
        return len(self.sizes)

    @cached_property
    def drawn(self) -> NDArray[np.bool_]:
        """Whether each document (n,) stands in its market's cohort."""
        found = np.zeros(len(self.group), np.bool_)
        found[self.cohort] = True
        return found


def _most_each(sizes: list[int], count: int) -> int:
    """The largest cohort a market may have, so that all together are not too many."""
    wanted = COSINES_MAX // max(count, 1)
    total = min(max(wanted, COHORTS_MIN), COHORTS_MAX)
    for most in range(COHORT_MAX, GROUP_MIN, -10):
        if sum(min(size, most) for size in sizes) <= total:
            return most
    return GROUP_MIN


def _spaced(count: int, most: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))
