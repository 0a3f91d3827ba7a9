"""The writing style of posts: its fit, and scores of authors that a fit has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from evidence.errors import RefusedInput
from features.style.counts import count_all
from features.style.fit import POST_PLANS, fit_family
from features.style.hand_fit import fit_hands
from features.style.posts import PostFit, common_amount
from linkage.calibration import Scored

CHUNK_POSTS = 20
SHORT_CHUNK_POSTS = 10
CHUNKS_MAX, SHORT_CHUNKS_MAX = 8, 2
"""Of one author, for the hands: who writes most shall not rule how hands differ."""

PER_SIDE = (5, 10, 20, 40)
"""Posts a side on which bits are measured."""

SIDES = (*((posts, posts) for posts in PER_SIDE), (5, 40), (40, 10))
"""Early and late side: alike, and much against little."""

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

    def amount(self, posts: Sequence[NDArray[np.intp]]) -> NDArray[np.int64]:
        """The characters (d,) of documents."""
        return np.array([self.characters[chosen].sum() for chosen in posts], np.int64)


def gather(posts: pl.DataFrame) -> Material:
    """Count every post, once for each family."""
    _, author = np.unique(posts["account"].to_numpy(), return_inverse=True)
    families = [plan.family for plan in POST_PLANS]
    counted = count_all(posts["text"], np.arange(posts.height), families)
    counts = {family.name: c for family, c in zip(families, counted, strict=True)}
    characters = posts["text"].str.len_chars().to_numpy().astype(np.int64)
    return Material(author.astype(np.int64), characters, counts)


def fit_posts(material: Material, authors: NDArray[np.int64], seed: int) -> PostFit:
    """Fit every family, and the hands, on the chunks of some authors."""
    chunks, author = _chunks(material.author, authors, CHUNK_POSTS)
    rng = np.random.default_rng(seed)
    families = {
        plan.family.name: fit_family(plan, material.of(chunks, plan.family.name), author, rng)
        for plan in POST_PLANS
    }
    long = _chunks(material.author, authors, CHUNK_POSTS, CHUNKS_MAX)
    short = _chunks(material.author, authors, SHORT_CHUNK_POSTS, SHORT_CHUNKS_MAX)
    posts = [*long[0], *short[0]]
    _, hand = np.unique(np.concatenate([long[1], short[1]]), return_inverse=True)
    vectors = {n: fit.vectors(material.of(posts, n)) for n, fit in families.items()}
    return PostFit(families, fit_hands(POST_PLANS, vectors, hand, material.amount(posts)))


def _chunks(
    author: NDArray[np.int64], chosen: NDArray[np.int64], size: int, most: int | None = None
) -> tuple[list[NDArray[np.intp]], NDArray[np.int64]]:
    """Posts of the chosen authors in runs of `size`, evenly spaced `most` of them; whose each is.

    Authors are numbered from 0 among those chosen; where `most` is None, without gaps.
    """
    starts = np.searchsorted(author, chosen)
    runs = (np.searchsorted(author, chosen, side="right") - starts) // size
    chunks, whose = [], []
    for number, (start, count) in enumerate(zip(starts, runs, strict=True)):
        kept = min(count, most or count)
        for run in np.unique(np.linspace(0, count - 1, kept).astype(np.intp)) if kept else ():
            chunks.append(np.arange(start + run * size, start + (run + 1) * size))
            whose.append(number)
    numbers = np.array(whose, np.int64)
    return chunks, np.unique(numbers, return_inverse=True)[1] if most is None else numbers


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
        fit = fit_posts(material, np.setdiff1d(authors, held), seed)
        parts += [_scored_halves(material, held, per_side, fit) for per_side in SIDES]
    return Scored.joined(parts)


def _scored_halves(
    material: Material, authors: NDArray[np.int64], per_side: tuple[int, int], fit: PostFit
) -> Scored:
    """Every early half of so many posts against every late one."""
    halves = _halves(material.author, authors, per_side)
    characters = material.amount(halves)
    counts = {plan.family.name: material.of(halves, plan.family.name) for plan in POST_PLANS}
    count = len(authors)
    left, right = np.divmod(np.arange(count * count), count)
    value = fit.styles(counts, characters).scores(left, right + count)
    amount = common_amount(characters[left], characters[right + count])
    return Scored(value.astype(np.float64), amount, left == right)


def _halves(
    author: NDArray[np.int64], chosen: NDArray[np.int64], per_side: tuple[int, int]
) -> list[NDArray[np.intp]]:
    """The last posts of each author's first half, for all; then the first ones of the second."""
    starts = np.searchsorted(author, chosen)
    ends = np.searchsorted(author, chosen, side="right")
    cuts = starts + (ends - starts) // 2
    early = [np.arange(max(s, c - per_side[0]), c) for s, c in zip(starts, cuts, strict=True)]
    late = [np.arange(c, min(e, c + per_side[1])) for e, c in zip(ends, cuts, strict=True)]
    return early + late
