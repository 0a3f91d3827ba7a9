"""Score normalisation: how near is near, for this account?

A cosine means little by itself: some accounts are near to everybody. Each is standardised on both
sides (s-norm: Cumani et al., Interspeech 2011; Matejka et al., Interspeech 2017), against a frozen
cohort (see `cohort`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.style.kept import append
from features.style.vectors import Floats

SAMPLE_MAX = 400


@dataclass(frozen=True)
class Neighbourhood:
    """Mean and standard deviation (n,) of each document's cosines with the cohort."""

    mean: Floats
    deviation: Floats

    def append(self, more: "Neighbourhood") -> None:
        """Put other documents behind these, in place."""
        append(self.mean, more.mean)
        append(self.deviation, more.deviation)


def sample_rows(count: int) -> NDArray[np.intp]:
    """At most `SAMPLE_MAX` of so many rows, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, SAMPLE_MAX)).astype(np.intp))


def normalised(
    cosines: Floats, at: Neighbourhood, left: NDArray[np.intp], right: NDArray[np.intp]
) -> Floats:
    """Cosines (p,) of p pairs, standardised on both sides and averaged."""
    from_left = (cosines - at.mean[left]) / at.deviation[left]
    from_right = (cosines - at.mean[right]) / at.deviation[right]
    return np.asarray((from_left + from_right) / 2, np.float32)
