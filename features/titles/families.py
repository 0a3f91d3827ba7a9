"""Eleven families of what titles are made of, each as one vector an account.

Lexical families keep every piece that two accounts share, the rarer the heavier (log tf-idf:
Salton & Buckley 1988); families of manner are weighted by how well each piece tells sellers apart
(see `weighting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.style import streams
from features.style.counts import Family
from features.style.counts import count as count_coarsely
from features.style.grounds import Documents
from features.style.vectors import Floats, Vectors
from features.titles.counting import DISTORTED, Grams, count
from features.titles.weighting import Weighting

WORD_PAIRS = Grams("word pairs", streams.WORDS, 2)
CASED_WORDS = Grams("words", streams.CASED_WORDS, 1)
CHARACTERS_4 = Grams("four characters", streams.CHARACTERS, 4)
CHARACTERS_5 = Grams("five characters", streams.CHARACTERS, 5)
HABITS = Grams("beginnings and ends", streams.HABITS, 1)
SHAPE_PAIRS = Grams("pairs of shapes", streams.SHAPES, 2)
DISTORTED_4 = Grams("distorted characters", DISTORTED, 4)
RARE_FAMILIES = (
    WORD_PAIRS,
    CASED_WORDS,
    CHARACTERS_4,
    CHARACTERS_5,
    HABITS,
    SHAPE_PAIRS,
    DISTORTED_4,
)
WEIGHED_FAMILIES = (
    Family("two characters", streams.CHARACTERS, 2),
    Family("three marks", streams.MARKS, 3),
    Family("four marks", streams.MARKS, 4),
    Family("shapes", streams.SHAPES, 1),
)


@dataclass(frozen=True)
class FamilyVectors:
    """One family of n accounts: its name in words, and their vectors."""

    name: str
    vectors: Vectors


def read_families(
    documents: Documents, weightings: Mapping[str, Weighting]
) -> tuple[FamilyVectors, ...]:
    """Every family of n accounts' titles; those that need fitted weights only where there are."""
    texts, document = documents.texts["text"], documents.document
    rare = [rare_vectors(grams, count(texts, document, grams)) for grams in RARE_FAMILIES]
    weighed = []
    for family in WEIGHED_FAMILIES:
        if family.name in weightings:
            weighting = weightings[family.name]
            vectors = weighting.vectors(count_coarsely(texts, document, family))
            vectors.rows.sort_indices()
            weighed.append(FamilyVectors(family.name, vectors))
    return (*rare, *weighed)


def rare_vectors(grams: Grams, counts: csr_array) -> FamilyVectors:
    """Log tf-idf vectors of n accounts' counts (n, buckets).

    What one account alone uses lengthens its vector and is then dropped: it meets nothing.
    """
    accounts = np.bincount(counts.indices, minlength=counts.shape[1])
    data = np.log1p(counts.data) * rarity_of(counts)[counts.indices]
    owner = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(owner, data.astype(np.float64) ** 2, minlength=counts.shape[0])
    length = np.where(squares > 0, np.sqrt(squares), 1.0)
    shared = accounts > 1
    kept = shared[counts.indices]
    place = np.cumsum(shared) - 1
    starts = np.concatenate([[0], np.cumsum(kept)])[counts.indptr]
    rows = csr_array(
        (data[kept], place[counts.indices[kept]].astype(np.int32), starts.astype(np.int32)),
        shape=(counts.shape[0], int(shared.sum())),
    )
    return FamilyVectors(grams.name, whole(rows, length))


def rarity_of(counts: csr_array) -> Floats:
    """How much each bucket (k,) of accounts' counts (n, k) weighs: the fewer use it, the more."""
    accounts = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((1 + counts.shape[0]) / np.maximum(accounts, 1))
    return np.asarray(rarity, np.float32)


def whole(rows: csr_array, length: NDArray[np.float64]) -> Vectors:
    """Vectors without an offset, columns sorted."""
    rows.sort_indices()
    none = np.zeros(rows.shape[1], np.float32)
    return Vectors(rows, none, np.zeros(rows.shape[0]), length)
