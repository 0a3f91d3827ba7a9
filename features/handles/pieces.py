"""The rarest pieces of handles: what like handles share and others do not."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.handles.keys import Hashes, Letters
from features.neighbours import distinct_sorted, runs

RAREST_GRAMS = 6
Holders = NDArray[np.int32]


def grams_held(forms: pl.Series) -> tuple[Hashes, Holders]:
    """The pieces of all forms (m,), sorted, and how many forms have each."""
    row, gram = Letters.of(forms).grams()
    grams, holders = np.unique(distinct_sorted(gram, row)[0], return_counts=True)
    return grams, holders.astype(np.int32)


def rarest(forms: pl.Series, grams: Hashes, holders: Holders) -> Hashes:
    """The rarest pieces of n forms that at least two have: (n, RAREST_GRAMS), filled up with 0.

    Args:
        forms: n texts; null has no pieces.
        grams: sorted pieces (m,), those of the forms among them.
        holders: how many forms (m,) have each.
    """
    row, gram = Letters.of(forms).grams()
    gram, row = distinct_sorted(gram, row)
    held = holders[np.searchsorted(grams, gram)]
    shared = held > 1
    row, gram, held = row[shared], gram[shared], held[shared]
    order = np.lexsort((gram, held, row))
    size = np.bincount(row, minlength=len(forms))
    place = runs(np.zeros_like(size), size)
    kept = order[place < RAREST_GRAMS]
    found = np.zeros((len(forms), RAREST_GRAMS), np.uint64)
    found[row[kept], place[place < RAREST_GRAMS]] = gram[kept]
    return found
