"""The writing style of posts: its fit, and scores of authors that a fit has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from evidence.errors import RefusedInput
from features.style.counts import count
from features.style.fit import POST_PLANS, FamilyFit, fit_family
from features.style.grounds import Documents, FamilyTrait, GroundTrait
from features.style.norm import neighbourhoods
from linkage.calibration import Scored

CHUNK_POSTS = 20
PER_SIDE = (5, 10, 20, 40)
"""Posts a side on which bits are measured."""

AUTHOR_POSTS_MIN, AUTHOR_CHARACTERS_MIN = 60, 15_000
AUTHORS_MIN = 60
FOLDS = 3


@dataclass(frozen=True)
class Material:
    """The posts to train on, counted once.

    Attributes:
        author: int64 (p,), ascending from 0: who wrote each post.
        characters: int64 (p,), of each post.
        counts: by family, counts (p, BUCKETS).
    """

    author: NDArray[np.int64]
    characters: NDArray[np.int64]
    counts: Mapping[str, csr_array]

    def of(self, posts: Sequence[NDArray[np.intp]], family: str) -> csr_array:
        """Counts of documents, each given as the rows of its posts."""
        rows = np.repeat(np.arange(len(posts)), [len(p) for p in posts])
        ones = np.ones(len(rows), np.float32)
        shape = (len(posts), len(self.author))
        chosen = csr_array((ones, (rows, np.concatenate(posts))), shape=shape)
        return csr_array(chosen @ self.counts[family])


def gather(posts: pl.DataFrame) -> Material:
    """Count every post, once for each family."""
    _, author = np.unique(posts["account"].to_numpy(), return_inverse=True)
    each = np.arange(posts.height)
    counts = {plan.family.name: count(posts["text"], each, plan.family) for plan in POST_PLANS}
    characters = posts["text"].str.len_chars().to_numpy().astype(np.int64)
    return Material(author.astype(np.int64), characters, counts)


def fit_posts(material: Material, authors: NDArray[np.int64], seed: int) -> dict[str, FamilyFit]:
    """Fit every family on the chunks of some authors."""
    chunks, author = _chunks(material.author, authors)
    rng = np.random.default_rng(seed)
    return {
        plan.family.name: fit_family(plan, material.of(chunks, plan.family.name), author, rng)
        for plan in POST_PLANS
    }


def _chunks(
    author: NDArray[np.int64], chosen: NDArray[np.int64]
) -> tuple[list[NDArray[np.intp]], NDArray[np.int64]]:
    """Posts of the chosen authors in runs of `CHUNK_POSTS`, and whose each is, from 0."""
    starts = np.searchsorted(author, chosen)
    ends = np.searchsorted(author, chosen, side="right")
    runs = (ends - starts) // CHUNK_POSTS
    chunks = [
        np.arange(start + i * CHUNK_POSTS, start + (i + 1) * CHUNK_POSTS)
        for start, count in zip(starts, runs, strict=True)
        for i in range(count)
    ]
    return chunks, np.repeat(np.arange((runs > 0).sum()), runs[runs > 0])


def cross_scored(material: Material, seed: int) -> Scored:
    """Halves of every author with enough posts, scored by a fit that has not seen the author."""
    authors = np.unique(material.author)
    posts = np.bincount(material.author)
    characters = np.bincount(material.author, weights=material.characters)
    able = authors[(posts >= AUTHOR_POSTS_MIN) & (characters >= AUTHOR_CHARACTERS_MIN)]
    if len(able) < AUTHORS_MIN:
        raise RefusedInput(
            f"only {len(able)} of {len(authors)} authors have {AUTHOR_POSTS_MIN} posts and "
            f"{AUTHOR_CHARACTERS_MIN} characters; training needs {AUTHORS_MIN}: add forum posts"
        )
    fold = np.random.default_rng(seed).permutation(len(able)) % FOLDS
    parts = []
    for number in range(FOLDS):
        held = able[fold == number]
        fits = fit_posts(material, np.setdiff1d(authors, held), seed)
        parts += [_scored_halves(material, held, per_side, fits) for per_side in PER_SIDE]
    return Scored.joined(parts)


def _scored_halves(
    material: Material, authors: NDArray[np.int64], per_side: int, fits: Mapping[str, FamilyFit]
) -> Scored:
    """Every early half against every late one."""
    halves = _halves(material.author, authors, per_side)
    characters = np.array([material.characters[half].sum() for half in halves])
    families = []
    for plan in POST_PLANS:
        fit = fits[plan.family.name]
        vectors = fit.vectors(material.of(halves, plan.family.name))
        at = neighbourhoods(vectors, fit.cohort)
        families.append(FamilyTrait(plan.family, fit.columns, vectors, at, plan.share))
    count = len(authors)
    left, right = np.divmod(np.arange(count * count), count)
    documents = Documents(np.arange(2 * count, dtype=np.uint32), characters, pl.DataFrame(), right)
    value = GroundTrait(documents, families).scores(left, right + count)
    smaller = np.minimum(characters[left], characters[right + count])
    return Scored(value.astype(np.float64), smaller, left == right)


def _halves(
    author: NDArray[np.int64], chosen: NDArray[np.int64], per_side: int
) -> list[NDArray[np.intp]]:
    """The last posts of each author's first half, for all; then the first ones of the second."""
    starts = np.searchsorted(author, chosen)
    ends = np.searchsorted(author, chosen, side="right")
    cuts = starts + (ends - starts) // 2
    early = [np.arange(max(s, c - per_side), c) for s, c in zip(starts, cuts, strict=True)]
    late = [np.arange(c, min(e, c + per_side)) for e, c in zip(ends, cuts, strict=True)]
    return early + late
