"""What each family adds to documents' coordinates: whole numbers, in eight bits where they fit.

One in a thousand does not, and stands beside the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.style.kept import append

Grid = NDArray[np.int16]


@dataclass(frozen=True)
class Parts:
    """Whole numbers (n, f, d).

    Attributes:
        low: int8 (n, f, d), the last eight bits of each.
        places: int64 (m,), ascending: where these are not the number, in the order of `low`.
        whole: int16 (m,), the numbers there.
    """

    low: NDArray[np.int8]
    places: NDArray[np.int64]
    whole: Grid

    @classmethod
    def of(cls, grid: Grid) -> "Parts":
        """The parts that these numbers (n, f, d) are."""
        low = grid.astype(np.int8)
        places = np.flatnonzero(low != grid).astype(np.int64)
        return cls(low, places, grid.ravel()[places])

    def row(self, number: int) -> Grid:
        """The numbers (f, d) of one document."""
        found: Grid = self.low[number].astype(np.int16)
        start = number * found.size
        first, last = np.searchsorted(self.places, [start, start + found.size])
        found.ravel()[self.places[first:last] - start] = self.whole[first:last]
        return found

    def append(self, more: "Parts") -> None:
        """Put other documents' parts behind these, in place."""
        append(self.places, more.places + self.low.size)
        append(self.whole, more.whole)
        append(self.low, more.low)
