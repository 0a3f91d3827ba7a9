"""A frozen cohort: how far do the cosines of this document reach, with nobody in particular?

A cosine means little by itself: some documents are near to everybody. Each is divided by the root
mean square of the document's cosines with a cohort that comes with the fit (score normalisation by
a cohort: Matejka et al., Interspeech 2017), so that what a pair scores does not depend on who else
is there. A member is a sum of twenty authors' vectors with random signs: nobody's, and with the
spread of single authors, for independent signs leave second moments as they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.style.exact import Matrix, Small, small_columns
from features.style.norm import Neighbourhood
from features.style.vectors import Floats, Vectors

MEMBERS = 400
MIXED_AUTHORS = 20


@dataclass(frozen=True)
class Cohort:
    """m members in k dimensions: `columns` (k, m) in eight bits, `scale` (m,) to unit length."""

    columns: Small
    scale: Floats

    @classmethod
    def of(cls, members: Floats) -> "Cohort":
        """The cohort of m members (m, k), of unit length."""
        return cls(*small_columns(np.ascontiguousarray(members.T)))

    @property
    def matrix(self) -> Matrix:
        """What unit vectors are multiplied with for their cosines."""
        return self.columns, self.scale


def neighbourhood_of(cosines: Floats) -> Neighbourhood:
    """Of n documents, from their cosines (n, m) with a cohort.

    Nothing is taken off; a document's cosines are divided by their root mean square.
    """
    squares = np.square(cosines.astype(np.float64)).sum(axis=1) / cosines.shape[1]
    deviation = np.maximum(np.sqrt(squares), 1e-3).astype(np.float32)
    return Neighbourhood(np.zeros(len(cosines), np.float32), deviation)


def signed_mixtures(
    vectors: Vectors, author: NDArray[np.int64], rng: np.random.Generator
) -> Cohort:
    """A cohort of `MEMBERS`, each of one chunk of `MIXED_AUTHORS` authors.

    Args:
        vectors: of chunks.
        author: int64 (c,), whose chunk each is, ascending from 0.
        rng: draws authors, chunks and signs.
    """
    firsts = np.flatnonzero(np.diff(author, prepend=-1))
    drawn = rng.integers(firsts, np.append(firsts[1:], len(author)))
    singles = vectors.take(drawn).dense()
    return Cohort.of(mixtures(singles, rng))


def mixtures(singles: Floats, rng: np.random.Generator) -> Floats:
    """`MEMBERS` signed sums of `MIXED_AUTHORS` of n unit vectors, of unit length again."""
    size = min(MIXED_AUTHORS, len(singles))
    mixed = np.zeros((MEMBERS, singles.shape[1]), np.float32)
    for member in mixed:
        for row in np.sort(rng.choice(len(singles), size, replace=False)):
            member += singles[row] * np.float32(rng.choice((-1, 1)))
    length = np.sqrt(np.square(mixed).sum(axis=1, keepdims=True))
    return np.asarray(mixed / np.maximum(length, np.float32(1e-9)), np.float32)
