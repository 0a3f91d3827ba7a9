"""Adaptive score normalisation: how near is near, for this account?

A cosine means little by itself: some accounts are near to everybody. Each is standardised by its
most similar accounts among a cohort (adaptive s-norm: Cumani et al., Interspeech 2011; Matejka et
al., Interspeech 2017). The cohort is a sample of the accounts at hand; a small corpus leans on the
mixtures of authors that come with the fit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.style.vectors import Floats, Vectors

COHORT_MAX = 400
COHORT_FULL = 200
"""From so many accounts on the cohort is the corpus's own; below, in proportion, the fit's."""

COHORT_MIN = 10
"""Among fewer accounts nothing tells whether they are like those the frozen cohort was made of."""

TOP_SHARE = 0.12
TOP_MIN = 3


@dataclass(frozen=True)
class Neighbourhood:
    """Mean and standard deviation (n,) of each document's largest cosines with the cohort."""

    mean: Floats
    deviation: Floats


@dataclass(frozen=True)
class FrozenCohort:
    """Mixtures of authors, for corpora that are too small to be their own cohort.

    Attributes:
        members: float32 (m, k), of unit length; each the mean of many authors' vectors.
        shift, stretch: what to add to the mean, and to multiply the deviation with, for what a
            cohort of single authors would have shown.
    """

    members: Floats
    shift: float
    stretch: float


def neighbourhoods(vectors: Vectors, frozen: FrozenCohort) -> Neighbourhood:
    """The neighbourhood of each of n documents (`COHORT_MIN` or more), corpus and cohort mixed.

    Where the accounts at hand are nearer to each other than the frozen cohort would have it, they
    write about other things or in another manner than those it was made of: then what is near is
    said by the accounts at hand alone.
    """
    share = np.float32(min(len(vectors) / COHORT_FULL, 1.0))
    if share == 1:
        return cohort_neighbourhoods(vectors)
    mixed, own = among_mixtures(vectors, frozen), cohort_neighbourhoods(vectors)
    return Neighbourhood(
        np.asarray(np.maximum(share * own.mean + (1 - share) * mixed.mean, own.mean), np.float32),
        np.asarray(share * own.deviation + (1 - share) * mixed.deviation, np.float32),
    )


def cohort_neighbourhoods(vectors: Vectors) -> Neighbourhood:
    """The neighbourhood of each of n documents (`COHORT_MIN` or more) among the corpus alone."""
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


def among_mixtures(vectors: Vectors, frozen: FrozenCohort) -> Neighbourhood:
    """The neighbourhoods among the frozen cohort, as single authors would have shown them."""
    raw = _top(vectors.times(frozen.members), skipped=0)
    return Neighbourhood(
        raw.mean + np.float32(frozen.shift), raw.deviation * np.float32(frozen.stretch)
    )


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
