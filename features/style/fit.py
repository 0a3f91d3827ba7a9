"""What is fitted of a family: which n-grams count, their means and weights, and a cohort.

The weight follows the ratio of variance between authors to variance within one: with w within and
b between (one-way analysis of variance over chunks of posts), a dimension of the kernel is worth
(w + b)^-e * b / (w + b); exponents near 1/2 and 1 keep rare features from being over-trusted.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.style.buckets import BUCKETS
from features.style.cohort import Cohort, signed_mixtures
from features.style.counts import (
    CHARACTERS_3,
    GRAMMAR,
    HABITS,
    MARKS,
    MARKS_5,
    MEASURES,
    SHAPES,
    WORD_PAIRS,
    WORDS,
    Family,
)
from features.style.vectors import Floats, Vectors

MIN_AUTHORS = 10
MIN_CHUNKS = 5


@dataclass(frozen=True)
class Plan:
    """How a family of the posts is fitted and counted.

    Attributes:
        family: what is counted.
        features_max: the n-grams that most authors use, so many of them.
        exponent: e of the weight.
        kernel: what it counts among the kernels that hands are found in.
        share: what its normalised cosine counts by itself; 0 where it does not.
    """

    family: Family
    features_max: int
    exponent: float
    kernel: float
    share: float = 0.0


POST_PLANS = (
    Plan(WORDS, 8_000, 0.5, 2.0, 2.0),
    Plan(MARKS, 3_000, 0.5, 1.5, 1.5),
    Plan(CHARACTERS_3, 10_000, 0.75, 1.25, 1.25),
    Plan(HABITS, 3_000, 0.5, 1.0, 1.0),
    Plan(GRAMMAR, 6_000, 0.5, 0.5),
    Plan(WORD_PAIRS, 8_000, 0.5, 0.5),
    Plan(MARKS_5, 6_000, 0.5, 0.5),
    Plan(MEASURES, 500, 0.5, 0.5),
    Plan(SHAPES, 2_000, 0.5, 0.4),
)


@dataclass(frozen=True)
class FamilyFit:
    """The fitted part of one family.

    Attributes:
        columns: int32 (k,), the buckets that count, ascending.
        mean: float32 (k,), of `sqrt(counts) / length` over chunks.
        weight: float32 (k,), of each dimension.
        users: float32 (k,), share of the authors who use each.
        cohort: what a document's cosines are measured by; None where it has no share of its own.
    """

    columns: NDArray[np.int32]
    mean: Floats
    weight: Floats
    users: Floats
    cohort: Cohort | None = None

    def vectors(self, counts: csr_array) -> Vectors:
        """The vectors of n documents, from their counts (n, `BUCKETS`)."""
        return self.known_vectors(counts[:, self.columns])

    def known_vectors(self, counts: csr_array) -> Vectors:
        """The vectors of n documents, from their counts (n, k) of the buckets that count."""
        rows = unit_roots(counts)
        rows.data *= self.weight[rows.indices]
        return Vectors.of(rows, self.weight * self.mean)


def unit_roots(counts: csr_array) -> csr_array:
    """Square roots of counts, each row of unit length (or empty)."""
    totals = np.maximum(np.asarray(counts.sum(axis=1)), 1)
    roots = np.sqrt(counts.data / np.repeat(totals, np.diff(counts.indptr)))
    return csr_array((roots.astype(np.float32), counts.indices, counts.indptr), counts.shape)


def fit_family(
    plan: Plan, chunks: csr_array, author: NDArray[np.int64], rng: np.random.Generator
) -> FamilyFit:
    """Fit one family.

    Args:
        plan: which, and how.
        chunks: counts (c, `BUCKETS`) of chunks of posts, alike in number of posts.
        author: int64 (c,), whose chunk each is, ascending from 0.
        rng: draws the mixtures.
    """
    columns = common_columns(chunks, author, plan.features_max)
    users = (users_of(chunks, author)[columns] / (author.max() + 1)).astype(np.float32)
    mean, within, between = variances(unit_roots(chunks[:, columns]), author)
    total = within + between
    weight = np.sqrt(total**-plan.exponent * between / total).astype(np.float32)
    fit = FamilyFit(columns, mean.astype(np.float32), weight, users)
    if plan.share == 0:
        return fit
    cohort = signed_mixtures(fit.vectors(chunks), author, rng)
    return replace(fit, cohort=cohort)


def common_columns(
    chunks: csr_array, author: NDArray[np.int64], features_max: int
) -> NDArray[np.int32]:
    """The buckets that most authors use: at least `MIN_AUTHORS` of them, in `MIN_CHUNKS` chunks."""
    users = users_of(chunks, author)
    users[np.bincount(chunks.indices, minlength=BUCKETS) < MIN_CHUNKS] = 0
    first = np.argsort(-users, kind="stable")[:features_max]
    return np.sort(first[users[first] >= MIN_AUTHORS]).astype(np.int32)


def users_of(chunks: csr_array, author: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many authors use each bucket (`BUCKETS`,)."""
    present = csr_array((np.ones_like(chunks.data), chunks.indices, chunks.indptr), chunks.shape)
    return np.bincount(_summed(present, author).indices, minlength=BUCKETS)


def variances(
    rows: csr_array, author: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, variance within and variance between authors of each column (Searle 1971, ch. 10)."""
    rows = csr_array((rows.data.astype(np.float64), rows.indices, rows.indptr), rows.shape)
    sizes = np.bincount(author).astype(np.float64)
    count, authors = len(author), len(sizes)
    mean = np.asarray(rows.sum(axis=0)) / count
    sums = _summed(rows, author)
    sums.data = sums.data**2 / np.repeat(sizes, np.diff(sums.indptr))
    squares = np.bincount(rows.indices, weights=rows.data**2, minlength=rows.shape[1])
    explained = np.bincount(sums.indices, weights=sums.data, minlength=rows.shape[1])
    within = np.maximum((squares - explained) / max(count - authors, 1), 1e-12)
    around = (explained - count * mean**2) / max(authors - 1, 1)
    typical_size = (count - (sizes**2).sum() / count) / max(authors - 1, 1)
    return mean, within, np.maximum((around - within) / typical_size, 0)


def _summed(rows: csr_array, author: NDArray[np.int64]) -> csr_array:
    """Sums of rows by author."""
    ones = np.ones(len(author), rows.dtype)
    return csr_array(csr_array((ones, (author, np.arange(len(author))))) @ rows)
