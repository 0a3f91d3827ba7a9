"""How alike two handles are, for whole columns of pairs."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from features.pairs import Pairs

ALIKE = 0.88
"""Jaro-Winkler similarity (Winkler 1990) from which two handles are similar."""
CONTAINED_LETTERS = 5
"""A shorter handle that stands within a longer one is no sign."""
STEP = 1 << 19
"""Pairs at a time: bounds the memory."""
FEW = 10_000
"""Up to so many pairs, starting threads costs more than they save."""


def likeness(names: pl.DataFrame, pairs: Pairs) -> NDArray[np.float32]:
    """Similarity (n,) of the handles of n pairs, 0 to 1; 0 where one is absent.

    The largest of: Jaro-Winkler of the forms; of their words in alphabetical order, so that order
    is nothing; and, where one stands within the other, `ALIKE` and more the more it covers.

    Args:
        names: columns `form` and `words`, one row an account.
        pairs: whose likeness.
    """
    forms = names["form"].fill_null("")
    form, words = forms.to_numpy(), names["words"].fill_null("").to_numpy()
    reordered = form != words
    parts = [np.empty(0, np.float32)]
    for first in range(0, len(pairs), STEP):
        left, right = (side[first : first + STEP] for side in (pairs.left, pairs.right))
        alike = _jaro_winkler(form[left], form[right])
        some = np.flatnonzero(reordered[left] | reordered[right])
        by_words = _jaro_winkler(words[left[some]], words[right[some]])
        alike[some] = np.maximum(alike[some], by_words)
        some = np.flatnonzero(alike < ALIKE)
        within = _containment(forms.gather(left[some]), forms.gather(right[some]))
        alike[some] = np.maximum(alike[some], within)
        parts.append(alike)
    return np.concatenate(parts)


def _jaro_winkler(left: NDArray[np.object_], right: NDArray[np.object_]) -> NDArray[np.float32]:
    alike: NDArray[np.float32] = process.cpdist(
        left.tolist(),
        right.tolist(),
        scorer=JaroWinkler.normalized_similarity,
        dtype=np.float32,
        workers=-1 if len(left) > FEW else 1,
    )
    return np.where((left == "") | (right == ""), np.float32(0), alike)


def _containment(left: pl.Series, right: pl.Series) -> NDArray[np.float32]:
    frame = pl.DataFrame({"left": left, "right": right})
    left_letters, right_letters = (pl.col(side).str.len_chars() for side in ("left", "right"))
    longer = pl.when(left_letters < right_letters).then("right").otherwise("left")
    shorter = pl.when(left_letters < right_letters).then("left").otherwise("right")
    covered = shorter.str.len_chars() / longer.str.len_chars()
    inside = longer.str.contains(shorter, literal=True) & (
        shorter.str.len_chars() >= CONTAINED_LETTERS
    )
    value = pl.when(inside).then(ALIKE + (1 - ALIKE) * covered).otherwise(0.0)
    return frame.select(value.cast(pl.Float32)).to_series().to_numpy()
