"""What is fitted of a family: which n-grams count, their means, their weights, and a cohort.

The weight follows the ratio of variance between authors to variance within one: with w within and
b between (one-way analysis of variance over chunks of posts), a dimension of the kernel is worth
(w + b)^-e * b / (w + b); exponents near 1/2 and 1 keep rare features from being over-trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.feature import Fitted
from features.style.counts import (
    BUCKETS,
    CHARACTERS_3,
    HABITS,
    MARKS,
    WORDS,
    Family,
)
from features.style.norm import FrozenCohort, among_mixtures, cohort_neighbourhoods
from features.style.vectors import Floats, Vectors

MIN_AUTHORS = 10
MIN_CHUNKS = 5
MIXTURES = 200
MIXED_AUTHORS = 20


@dataclass(frozen=True)
class Plan:
    """How a family of the posts is fitted and counted: most features, exponent e, weight."""

    family: Family
    features_max: int
    exponent: float
    share: float


POST_PLANS = (
    Plan(WORDS, 8_000, 0.5, 2.0),
    Plan(MARKS, 3_000, 0.5, 1.5),
    Plan(CHARACTERS_3, 10_000, 0.75, 1.25),
    Plan(HABITS, 3_000, 0.5, 1.0),
)


@dataclass(frozen=True)
class FamilyFit:
    """The fitted part of one family.

    Attributes:
        columns: int32 (k,), the buckets that count, ascending.
        mean: float32 (k,), of `sqrt(counts) / length` over chunks.
        weight: float32 (k,), of each dimension.
        cohort: mixtures of at least `MIXED_AUTHORS` authors.
    """

    columns: NDArray[np.int32]
    mean: Floats
    weight: Floats
    cohort: FrozenCohort

    def vectors(self, counts: csr_array) -> Vectors:
        """The vectors of n documents, from their counts (n, `BUCKETS`)."""
        rows = unit_roots(counts[:, self.columns])
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
    rows = unit_roots(chunks[:, columns])
    mean, within, between = variances(rows, author)
    total = within + between
    weight = np.sqrt(total**-plan.exponent * between / total).astype(np.float32)
    bare = FrozenCohort(np.zeros((0, len(columns)), np.float32), 0.0, 1.0)
    fit = FamilyFit(columns, mean.astype(np.float32), weight, bare)
    vectors = fit.vectors(chunks)
    return FamilyFit(columns, fit.mean, weight, frozen_cohort(vectors, author, rng))


def common_columns(
    chunks: csr_array, author: NDArray[np.int64], features_max: int
) -> NDArray[np.int32]:
    """The buckets that most authors use: at least `MIN_AUTHORS` of them, in `MIN_CHUNKS` chunks."""
    present = csr_array((np.ones_like(chunks.data), chunks.indices, chunks.indptr), chunks.shape)
    users = np.bincount(_summed(present, author).indices, minlength=BUCKETS)
    users[np.bincount(chunks.indices, minlength=BUCKETS) < MIN_CHUNKS] = 0
    first = np.argsort(-users, kind="stable")[:features_max]
    return np.sort(first[users[first] >= MIN_AUTHORS]).astype(np.int32)


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


def frozen_cohort(
    vectors: Vectors, author: NDArray[np.int64], rng: np.random.Generator
) -> FrozenCohort:
    """Mixtures of one chunk each of `MIXED_AUTHORS` authors, and how they differ from authors.

    The difference is measured on authors of whom the mixtures hold nothing.
    """
    firsts = np.flatnonzero(np.diff(author, prepend=-1))
    singles = vectors.take(rng.integers(firsts, np.append(firsts[1:], len(author))))
    others = np.arange(len(firsts)) % 2 == 0
    probe = singles.take(np.flatnonzero(others))
    held_out = singles.dense()[~others]
    seen = among_mixtures(probe, FrozenCohort(mixtures(held_out, rng), 0.0, 1.0))
    real = cohort_neighbourhoods(probe)
    shift = float((real.mean - seen.mean).mean())
    stretch = float(real.deviation.mean() / seen.deviation.mean())
    return FrozenCohort(mixtures(singles.dense(), rng), shift, stretch)


def mixtures(singles: Floats, rng: np.random.Generator) -> Floats:
    """`MIXTURES` sums of `MIXED_AUTHORS` of n unit vectors, of unit length again."""
    size = min(MIXED_AUTHORS, len(singles))
    drawn = [np.sort(rng.choice(len(singles), size, replace=False)) for _ in range(MIXTURES)]
    mixed = np.array([singles[rows].sum(axis=0) for rows in drawn])
    return np.asarray(mixed / np.sqrt(np.square(mixed).sum(axis=1, keepdims=True)), np.float32)


def _summed(rows: csr_array, author: NDArray[np.int64]) -> csr_array:
    """Sums of rows by author."""
    ones = np.ones(len(author), rows.dtype)
    return csr_array(csr_array((ones, (author, np.arange(len(author))))) @ rows)


def to_arrays(fits: Mapping[str, FamilyFit]) -> Fitted:
    """The fits as named arrays; the cohort in eight bits a number."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, fit in fits.items():
        scale = np.abs(fit.cohort.members).max(axis=1, keepdims=True, initial=1e-9)
        arrays |= {
            f"{name}.columns": fit.columns,
            f"{name}.mean": fit.mean,
            f"{name}.weight": fit.weight,
            f"{name}.cohort": np.rint(fit.cohort.members / scale * 127).astype(np.int8),
            f"{name}.cohort_scale": np.array([fit.cohort.shift, fit.cohort.stretch]),
        }
    return arrays


def from_arrays(arrays: Fitted) -> dict[str, FamilyFit]:
    """The fits that `to_arrays` made, by name of the family.

    Raises:
        KeyError: an array is missing.
    """
    return {plan.family.name: _family_of(plan.family.name, arrays) for plan in POST_PLANS}


def _family_of(name: str, arrays: Fitted) -> FamilyFit:
    raw = arrays[f"{name}.cohort"].astype(np.float32)
    shift, stretch = arrays[f"{name}.cohort_scale"].astype(np.float64)
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    return FamilyFit(
        arrays[f"{name}.columns"].astype(np.int32),
        arrays[f"{name}.mean"].astype(np.float32),
        arrays[f"{name}.weight"].astype(np.float32),
        FrozenCohort(raw / np.maximum(lengths, 1e-9), float(shift), float(stretch)),
    )
