"""Adaptive score normalisation: how near is near, for this account?

A cosine means little by itself: some accounts are near to everybody. Each is standardised by its
most similar accounts among a sample of those at hand (adaptive s-norm: Cumani et al., Interspeech
2011; Matejka et al., Interspeech 2017). Running text has a frozen cohort instead (`cohort`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.style.vectors import Floats, Vectors

COHORT_MAX = 400
TOP_SHARE = 0.12
TOP_MIN = 3


@dataclass(frozen=True)
class Neighbourhood:
    """Mean and standard deviation (n,) of each document's largest cosines with the cohort."""

    mean: Floats
    deviation: Floats


def cohort_neighbourhoods(vectors: Vectors) -> Neighbourhood:
    """The neighbourhood of each of n documents among the others."""
    return among(vectors, cohort_rows(len(vectors)))


def cohort_rows(count: int) -> NDArray[np.intp]:
    """At most `COHORT_MAX` of so many rows, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, COHORT_MAX)).astype(np.intp))


def among(vectors: Vectors, chosen: NDArray[np.intp]) -> Neighbourhood:
    """The neighbourhoods among the chosen rows, oneself and the very nearest left out.

    The nearest may be the same hand, and is not to raise its own bar.
    """
    cosines = vectors.against(chosen)
    cosines[chosen, np.arange(len(chosen))] = -np.inf
    return _top(cosines, skipped=1)


def normalised(
    cosines: Floats, at: Neighbourhood, left: NDArray[np.intp], right: NDArray[np.intp]
) -> Floats:
    """Cosines (p,) of p pairs, standardised on both sides and averaged."""
    from_left = (cosines - at.mean[left]) / at.deviation[left]
    from_right = (cosines - at.mean[right]) / at.deviation[right]
    return np.asarray((from_left + from_right) / 2, np.float32)


def _top(cosines: Floats, skipped: int) -> Neighbourhood:
    kept = max(round(TOP_SHARE * cosines.shape[1]), TOP_MIN)
    kept = min(kept, cosines.shape[1] - 2 * skipped)
    largest = -np.partition(-cosines, kept + skipped - 1, axis=1)[:, : kept + skipped]
    top = -np.sort(-largest, axis=1)[:, skipped:]
    deviation = np.maximum(top.std(axis=1), np.float32(1e-3))
    return Neighbourhood(top.mean(axis=1), deviation)
