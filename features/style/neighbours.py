"""Nearest neighbours in style: a rough look at all pairs, an exact one at the best of them."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.pairs import Pairs
from features.style.grounds import GroundTrait
from features.style.vectors import Floats

Rows = NDArray[np.intp]

DIMENSIONS = 1024
SIGNS = 8
ROUGH = 40
NEAREST = 10
BLOCK = 1024
LARGEST = 4095.0
"""Vectors of whole numbers no longer than this have products below 2^24: float32 is exact, in any
order of summing."""


def nearest_pairs(trait: GroundTrait) -> tuple[Rows, Rows]:
    """Pairs of documents of which one is among the other's `NEAREST` best-scored: two columns.

    The rough look multiplies every document with every other in `DIMENSIONS` dimensions, so its
    cost grows with the square of the documents: 2 * 1024 * n^2 operations, a few seconds for
    10,000 on two cores. The projection is a very sparse random one (Li, Hastie & Church, KDD 2006).
    """
    if len(trait.documents.accounts) < 2:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    rough = Pairs.of(*_rough(_whole(_sketch(trait)), _bars(trait)))
    left, right = rough.left.astype(np.intp), rough.right.astype(np.intp)
    kept = _best(left, right, trait.scores(left, right))
    return left[kept], right[kept]


def _bars(trait: GroundTrait) -> NDArray[np.float64]:
    """What each document's neighbourhood takes off a score, half of it: (n,)."""
    taken = [f.share * f.at.mean.astype(np.float64) / f.at.deviation for f in trait.families]
    return np.asarray(np.add.reduce(taken) / 2)


def _sketch(trait: GroundTrait) -> NDArray[np.float64]:
    """Vectors (n, DIMENSIONS) whose products approximate the scores before their bars."""
    rng = np.random.default_rng(0)
    sketch = np.zeros((len(trait.documents.accounts), DIMENSIONS))
    for family in trait.families:
        vectors = family.vectors
        signs = _signs(len(vectors.offset), rng)
        offset = csr_array([vectors.offset]).dot(signs).toarray()
        deviation = family.at.deviation.astype(np.float64)
        scale = (np.sqrt(family.share / deviation) / vectors.length)[:, None]
        for start in range(0, len(sketch), BLOCK):
            block = slice(start, start + BLOCK)
            centred = (vectors.rows[block] @ signs).toarray() - offset
            sketch[block] += centred * scale[block]
    return sketch


def _signs(features: int, rng: np.random.Generator) -> csr_array:
    """A random matrix (features, DIMENSIONS) with `SIGNS` entries of one size a row."""
    columns = rng.integers(0, DIMENSIONS, features * SIGNS)
    values = rng.choice([-1.0, 1.0], features * SIGNS) / np.sqrt(SIGNS)
    starts = np.arange(0, features * SIGNS + 1, SIGNS)
    return csr_array((values, columns, starts), shape=(features, DIMENSIONS))


def _whole(sketch: NDArray[np.float64]) -> tuple[Floats, float]:
    """The sketch in whole numbers, and the factor that its products gained."""
    factor = (LARGEST - np.sqrt(DIMENSIONS)) / np.sqrt(np.square(sketch).sum(axis=1).max())
    return np.rint(sketch * factor).astype(np.float32), float(factor**2)


def _rough(sketch: tuple[Floats, float], bars: NDArray[np.float64]) -> tuple[Rows, Rows]:
    """Each document with the `ROUGH` documents that look nearest."""
    vectors, factor = sketch
    count = min(ROUGH, len(vectors) - 1)
    lowered = (bars * factor).astype(np.float32)
    nearest = []
    for start in range(0, len(vectors), BLOCK):
        products = vectors[start : start + BLOCK] @ vectors.T
        farness = np.subtract(lowered, products, out=products)
        farness[np.arange(len(farness)), np.arange(start, start + len(farness))] = np.inf
        nearest.append(np.argpartition(farness, count - 1, axis=1)[:, :count].copy())
    return np.repeat(np.arange(len(vectors)), count), np.concatenate(nearest).ravel()


def _best(left: Rows, right: Rows, scores: Floats) -> Rows:
    """The pairs that are among the `NEAREST` best of one of their sides, ascending."""
    side = np.concatenate([left, right])
    pair = np.tile(np.arange(len(left)), 2)
    order = np.lexsort((pair, -scores[pair], side))
    starts = np.searchsorted(side[order], side[order])
    rank = np.arange(len(order)) - starts
    return np.unique(pair[order][rank < NEAREST])
