"""The style of running text: what is fitted of it, and what is read of accounts with it.

Two systems see the same counts: cosines of a few families, each divided by what a frozen cohort
shows, and the likelihood ratio of hands in few dimensions, in which all families stand. Their sum
is better than either.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.feature import Fitted
from features.memory import give_back
from features.style.buckets import Dictionary
from features.style.cohort import Cohort, neighbourhood_of
from features.style.counts import count_all
from features.style.exact import products
from features.style.fit import POST_PLANS, FamilyFit
from features.style.grounds import Documents, FamilyTrait
from features.style.hands import HandFit, Hands, Projection
from features.style.kept import KeptVectors, append
from features.style.nearest import best_of, rough_pairs
from features.style.norm import normalised, sample_rows
from features.style.vectors import Floats, Vectors

HAND_SHARE = 0.15
"""What a unit (natural logarithm) of the hands' likelihood ratio counts beside the cosines."""

NEAREST = 10
ACCOUNTS_MIN = 30
"""Among fewer accounts nothing tells whether they are like those the model was measured on."""

USUAL, TOP_SHARE, SKIPPED = 4.0, 0.12, 2
"""What the nearest share of all others scores at most where the model holds; and how many of them
may be one hand."""

BLOCK_CHARACTERS = 8_000_000
BLOCK_PAIRS = 16_384
WORKERS = 2
FAMILIES = tuple(plan.family for plan in POST_PLANS)
SHARES = sum(plan.share for plan in POST_PLANS)

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Styles:
    """The styles of n documents.

    Attributes:
        families: those with a share of their own.
        hands: of all families.
        excess: float64 (n,), what is taken off each score of a document that the model takes for
            that of many others (`excess_of`); 0 wherever the model holds.
    """

    families: tuple[FamilyTrait, ...]
    hands: Hands
    excess: NDArray[np.float64]

    def scores(self, left: Rows, right: Rows) -> Floats:
        """The score (p,) of p pairs of documents."""
        starts = range(0, len(left), BLOCK_PAIRS)
        with ThreadPoolExecutor(WORKERS) as threads:
            parts = threads.map(
                lambda at: self._scores(left[at : at + BLOCK_PAIRS], right[at : at + BLOCK_PAIRS]),
                starts,
            )
            return np.concatenate([np.empty(0, np.float32), *parts])

    def _scores(self, left: Rows, right: Rows) -> Floats:
        total = HAND_SHARE * self.hands.scores(left, right)
        for family in self.families:
            cosines = family.vectors.cosines(left, right)
            total += family.share / SHARES * normalised(cosines, family.at, left, right)
        return (total - (self.excess[left] + self.excess[right])).astype(np.float32)

    def nearest(self) -> tuple[Rows, Rows]:
        """Pairs of documents of which one is among the other's `NEAREST` best: two columns."""
        rough = rough_pairs(self.hands)
        left, right = rough.left.astype(np.intp), rough.right.astype(np.intp)
        kept = best_of((left, right), self.scores(left, right), NEAREST)
        return left[kept], right[kept]

    @classmethod
    def joined(cls, blocks: Iterator["Styles"]) -> "Styles":
        """The styles of several blocks of documents, one after the other; the first one grows."""
        styles = next(blocks)
        for more in blocks:
            styles.hands.append(more.hands)
            append(styles.excess, more.excess)
            for family, added in zip(styles.families, more.families, strict=True):
                family.append(added)
            give_back()
        return styles


@dataclass(frozen=True)
class PostFit:
    """The fitted part: the families by name, and the hands."""

    families: Mapping[str, FamilyFit]
    hands: HandFit

    @cached_property
    def dictionary(self) -> Dictionary:
        """The buckets that count in the families of `POST_PLANS`."""
        return Dictionary.of([self.families[plan.family.name].columns for plan in POST_PLANS])

    def read(self, documents: Documents) -> Styles:
        """How n documents are written."""
        with ThreadPoolExecutor(WORKERS) as threads:
            blocks = threads.map(
                lambda block: self._read_block(documents, block), _blocks(documents)
            )
            styles = Styles.joined(blocks)
        give_back()
        return replace(styles, excess=excess_of(styles))

    def _read_block(self, documents: Documents, block: slice) -> Styles:
        first, last = np.searchsorted(documents.document, [block.start, block.stop])
        texts = documents.texts["text"][int(first) : int(last)]
        numbers = documents.document[first:last] - block.start
        counts = count_all(texts, numbers, FAMILIES, self.dictionary)
        vectors = {
            family.name: self.families[family.name].known_vectors(c)
            for family, c in zip(FAMILIES, counts, strict=True)
        }
        return self._styles(vectors, documents.characters[block])

    def styles(self, counts: Mapping[str, csr_array], characters: NDArray[np.int64]) -> Styles:
        """The styles of n documents from their counts by family, and their characters (n,)."""
        vectors = {name: fit.vectors(counts[name]) for name, fit in self.families.items()}
        return self._styles(vectors, characters)

    def _styles(self, vectors: Mapping[str, Vectors], characters: NDArray[np.int64]) -> Styles:
        families, placed = [], {}
        for plan in POST_PLANS:
            name = plan.family.name
            fit, own, projection = self.families[name], vectors[name], self.hands.projections[name]
            if fit.cohort is None:
                (placed[name],) = products(own, projection.matrix)
                continue
            placed[name], cosines = products(own, projection.matrix, fit.cohort.matrix)
            kept, at = KeptVectors.of(own), neighbourhood_of(cosines)
            families.append(FamilyTrait(plan.family, fit.columns, kept, at, plan.share, fit.users))
        hands = self.hands.hands(placed, characters)
        return Styles(tuple(families), hands, np.zeros(len(hands)))


def excess_of(styles: Styles) -> NDArray[np.float64]:
    """How far the neighbours of each of n documents score above `USUAL` (n,); 0 for most.

    Where the model holds, no account scores so high with its nearest eighth of all others, bar the
    two best, who may be its own hand. Who does, writes texts of another kind than those the model
    was measured on, such as advertisements made from templates. What is too much is taken off,
    never added; among the authors that the model was measured on it is nothing.
    """
    count = len(styles.hands)
    if count < ACCOUNTS_MIN:
        return np.zeros(count)
    sample = sample_rows(count)
    kept = round(TOP_SHARE * len(sample)) + SKIPPED
    near = sample[styles.hands.nearest_of(sample, kept)]
    rows = np.repeat(np.arange(count), kept)
    scores = np.sort(styles.scores(rows, near.ravel()).reshape(count, kept), axis=1)
    usual = scores[:, :-SKIPPED].astype(np.float64).mean(axis=1)
    return np.asarray(np.maximum(usual - USUAL, 0))


def common_amount(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """The characters (p,) that p pairs rest on: the harmonic mean of both sides.

    What a text leaves uncertain of its style goes with one over its length, and both texts' add up.
    """
    return np.asarray(2 * left * right // np.maximum(left + right, 1), np.int64)


def _blocks(documents: Documents) -> Iterator[slice]:
    """The documents in blocks of some `BLOCK_CHARACTERS` each; one empty block where none are."""
    number = documents.characters.cumsum() // BLOCK_CHARACTERS
    cuts = np.flatnonzero(np.diff(number, prepend=-1)) if len(number) else np.zeros(1, np.intp)
    for start, end in zip(cuts, [*cuts[1:], len(number)], strict=True):
        yield slice(int(start), int(end))


def to_arrays(fit: PostFit) -> Fitted:
    """The fit as named arrays."""
    hands = fit.hands
    arrays: dict[str, NDArray[np.generic]] = {
        "hands.level": hands.level,
        "hands.drift": hands.drift,
        "hands.pull": hands.pull,
        "hands.numbers": np.array([*hands.reach, hands.constant]),
    }
    for name, family in fit.families.items():
        projection = hands.projections[name]
        arrays |= {
            f"{name}.columns": family.columns,
            f"{name}.mean": family.mean,
            f"{name}.weight": family.weight,
            f"{name}.users": family.users,
            f"{name}.hands": projection.columns,
            f"{name}.hands_scale": projection.scale,
        }
        if family.cohort is not None:
            arrays[f"{name}.cohort"] = family.cohort.columns
            arrays[f"{name}.cohort_scale"] = family.cohort.scale
    return arrays


def from_arrays(arrays: Fitted) -> PostFit:
    """The fit that `to_arrays` made.

    Raises:
        KeyError: an array is missing.
    """
    families, projections = {}, {}
    for plan in POST_PLANS:
        name = plan.family.name
        families[name] = FamilyFit(
            arrays[f"{name}.columns"].astype(np.int32),
            arrays[f"{name}.mean"].astype(np.float32),
            arrays[f"{name}.weight"].astype(np.float32),
            arrays[f"{name}.users"].astype(np.float32),
            _cohort_of(plan.share, name, arrays),
        )
        projections[name] = Projection(
            arrays[f"{name}.hands"].astype(np.int8),
            arrays[f"{name}.hands_scale"].astype(np.float32),
        )
    shortest, longest, constant = arrays["hands.numbers"].astype(np.float64).tolist()
    return PostFit(
        families,
        HandFit(
            projections,
            arrays["hands.level"].astype(np.float32),
            arrays["hands.drift"].astype(np.float32),
            (shortest, longest),
            arrays["hands.pull"].astype(np.float64),
            constant,
        ),
    )


def _cohort_of(share: float, name: str, arrays: Fitted) -> Cohort | None:
    if share == 0:
        return None
    scale = arrays[f"{name}.cohort_scale"].astype(np.float32)
    return Cohort(arrays[f"{name}.cohort"].astype(np.int8), scale)
