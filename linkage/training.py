"""Training of the writing style: the fit, and what its scores are worth in bits.

Everything is made of the posts of the given accounts. The bits are measured on authors that the
fit has not seen: the authors are dealt into folds, each is cut in two by time, and the halves of a
fold are scored by a fit on the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.selection import keep_accounts
from features.feature import Fitted
from features.style_counts import count
from features.style_fit import POST_PLANS, FamilyFit, fit_family, to_arrays
from features.style_grounds import Documents, FamilyTrait, GroundTrait
from features.style_norm import neighbourhoods
from features.style_texts import posts_of
from features.writing_style import WritingStyle
from linkage.calibration import cllr, fit_curve, min_cllr
from linkage.model import RELATIONS, BitsSource, Curve, Model, Relation, Weight

CHUNK_POSTS = 20
SIDES = (5, 10, 20, 40)
"""Posts a side on which bits are measured."""

SIDE_AUTHOR_POSTS, SIDE_AUTHOR_CHARACTERS = 60, 15_000
FOLDS = 3
AUTHORS_MIN = 60
LIMITS = (-6.0, 13.0)
"""Bits beyond these have not been established: 2^13 false pairs a true one at most were seen."""

Weights = Mapping[str, Mapping[Relation, Weight]]


@dataclass(frozen=True)
class StyleTraining:
    """What training makes: the fitted arrays, the weights by level, and the sources it saw."""

    fitted: Fitted
    weights: Weights
    trained_on: tuple[str, ...]


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


@dataclass(frozen=True)
class Scored:
    """Scored pairs (n,): score, characters of the smaller side, and whether they are one hand."""

    value: NDArray[np.float64]
    characters: NDArray[np.int64]
    same: NDArray[np.bool_]


def train_style(corpus: Corpus, members: NDArray[np.bool_], seed: int = 0) -> StyleTraining:
    """Train on the posts of some accounts.

    Args:
        corpus: the corpus as assembled, not cut by time.
        members: bool (n accounts,), whose posts to use.
        seed: deals the authors into folds and draws the mixtures of the cohort.

    Raises:
        RefusedInput: fewer than `AUTHORS_MIN` authors have enough posts.
    """
    own = keep_accounts(corpus, members)
    material = gather(posts_of(own))
    scored = _cross_scored(material, seed)
    fits = _fit(material, np.unique(material.author), seed)
    curve = fit_curve(scored.value, scored.characters, scored.same, LIMITS)
    sources = tuple(sorted(own.texts.filter(pl.col("ground") == "post")["source_id"].unique()))
    return StyleTraining(to_arrays(fits), _weights(curve, scored), sources)


def refit(model: Model, corpus: Corpus, members: NDArray[np.bool_]) -> Model:
    """The model with everything that is fitted made anew from some accounts of a corpus."""
    return with_style(model, train_style(corpus, members))


def with_style(model: Model, training: StyleTraining) -> Model:
    """The model with another writing style."""
    weights = {**model.rules.weights, WritingStyle.name: training.weights}
    sources = tuple(sorted({*model.rules.trained_on, *training.trained_on}))
    rules = model.rules.model_copy(update={"weights": weights, "trained_on": sources})
    return replace(model, rules=rules, fitted={**model.fitted, WritingStyle.name: training.fitted})


def gather(posts: pl.DataFrame) -> Material:
    """Count every post, once for each family."""
    _, author = np.unique(posts["account"].to_numpy(), return_inverse=True)
    each = np.arange(posts.height)
    counts = {plan.family.name: count(posts["text"], each, plan.family) for plan in POST_PLANS}
    characters = posts["text"].str.len_chars().to_numpy().astype(np.int64)
    return Material(author.astype(np.int64), characters, counts)


def _fit(material: Material, authors: NDArray[np.int64], seed: int) -> dict[str, FamilyFit]:
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


def _cross_scored(material: Material, seed: int) -> Scored:
    """Halves of every author with enough posts, scored by a fit that has not seen the author."""
    authors = np.unique(material.author)
    posts = np.bincount(material.author)
    characters = np.bincount(material.author, weights=material.characters)
    able = authors[(posts >= SIDE_AUTHOR_POSTS) & (characters >= SIDE_AUTHOR_CHARACTERS)]
    if len(able) < AUTHORS_MIN:
        raise RefusedInput(
            f"only {len(able)} of {len(authors)} authors have {SIDE_AUTHOR_POSTS} posts and "
            f"{SIDE_AUTHOR_CHARACTERS} characters; training needs {AUTHORS_MIN}: add forum posts"
        )
    fold = np.random.default_rng(seed).permutation(len(able)) % FOLDS
    parts = []
    for number in range(FOLDS):
        held = able[fold == number]
        fits = _fit(material, np.setdiff1d(authors, held), seed)
        parts += [_scored_halves(material, held, per_side, fits) for per_side in SIDES]
    return Scored(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.characters for part in parts]),
        np.concatenate([part.same for part in parts]),
    )


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


def _weights(curve: Curve, scored: Scored) -> Weights:
    bits = curve.bits(scored.value.astype(np.float32), scored.characters.astype(np.int32))
    source = BitsSource(
        kind="measured",
        text=(
            f"halves by time of forum authors, {FOLDS} folds by author, {SIDES[0]} to {SIDES[-1]} "
            f"posts a side; Cllr {cllr(bits, scored.same):.3f} bits, least possible "
            f"{min_cllr(bits, scored.same):.3f}"
        ),
        n=int(scored.same.sum()),
    )
    weight = Weight(curve=curve, source=source)
    return {"posts_compared": dict.fromkeys(RELATIONS, weight)}
