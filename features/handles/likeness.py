"""How alike two handles are, for whole columns of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from features.handles.bounds import ALIKE, LONG, SHORT

FEW = 10_000
"""Up to so many pairs, starting threads costs more than they save."""
CONTAINED_LETTERS = 5
"""A shorter form that stands within a longer one is no sign."""
MANY_EDITS = 3

Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Likeness:
    """How alike n pairs of forms are.

    Attributes:
        similarity: float32 (n,), Jaro-Winkler, 0 to 1; 0 where a form is empty.
        edited: bool (n,), whether they are few edits apart.
    """

    similarity: NDArray[np.float32]
    edited: NDArray[np.bool_]

    @property
    def alike(self) -> NDArray[np.bool_]:
        """Whether (n,) they are alike: few edits apart, or of enough similarity."""
        return self.edited | (self.similarity >= np.float32(ALIKE))


def likeness(left: Texts, right: Texts) -> Likeness:
    """Compare n pairs of forms, whichever side is named first.

    Alike are two forms with a Jaro-Winkler similarity (Winkler 1990) of at least `ALIKE`, or with
    at most one edit between them where the shorter has `SHORT` letters, or two where it has `LONG`.
    An edit is a letter more, less, or another, or two neighbours swapped (Damerau-Levenshtein,
    unrestricted: what was swapped may be edited once more).

    Args:
        left: forms (n,), text.
        right: forms (n,), text.
    """
    first = np.where(left <= right, left, right).tolist()
    second = np.where(left <= right, right, left).tolist()
    workers = -1 if len(first) > FEW else 1
    similarity = process.cpdist(
        first, second, scorer=JaroWinkler.normalized_similarity, dtype=np.float64, workers=workers
    )
    edits = process.cpdist(
        first,
        second,
        scorer=DamerauLevenshtein.distance,
        score_cutoff=MANY_EDITS - 1,
        dtype=np.int32,
        workers=workers,
    )
    shorter = np.minimum(_letters(first), _letters(second))
    similarity[shorter == 0] = 0
    few = np.select([shorter >= LONG, shorter >= SHORT], [2, 1], 0)
    return Likeness(similarity.astype(np.float32), edits <= few)


def contained(left: Texts, right: Texts) -> NDArray[np.bool_]:
    """Whether (n,) the shorter of two forms stands in the longer and is half of it or more."""
    letters = np.stack([_letters(left.tolist()), _letters(right.tolist())])
    shorter, longer = letters.min(axis=0), letters.max(axis=0)
    enough = (shorter >= CONTAINED_LETTERS) & (shorter * 2 >= longer)
    first, second = left[enough].astype(np.str_), right[enough].astype(np.str_)
    inside = np.zeros(len(left), np.bool_)
    inside[enough] = (np.strings.find(first, second) >= 0) | (np.strings.find(second, first) >= 0)
    return inside


def _letters(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(len, texts), np.int64, len(texts))
