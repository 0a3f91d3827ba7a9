"""In what way two handles are like each other."""

import numpy as np
from numpy.typing import NDArray

from features.handles.likeness import contained, likeness
from features.handles.traits import AliasTraits
from features.pairs import Pairs

SAME, FOLDED, WORDS, EDITED, SIMILAR, LOOK_ALIKE, UNLIKE = 1, 4, 7, 10, 13, 16, 17
"""Kinds, by the first level of each: up to `SIMILAR` three, by rarity."""


def kinds_of(
    traits: AliasTraits, pairs: Pairs, *, unlike_forms: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kind (n,) of each pair, 0 where a handle is absent, and similarity (n,).

    With `unlike_forms` nobody asks whether the folded handles are alike: it is known that none are.
    """
    left, right = pairs.left, pairs.right
    form, stem = traits.codes["form"], traits.codes["stem"]
    one = {name: code[left] == code[right] for name, code in traits.codes.items()}
    absent = (form[left] == 0) | (form[right] == 0)
    one_stem = one["stem"] & (stem[left] > 0)
    turned = traits.is_disguised[left] != traits.is_disguised[right]
    similarity = np.where(absent, 0, 1).astype(np.float32)
    kind = np.full(len(pairs), UNLIKE)
    open_ = np.flatnonzero(~absent & ~one["form"])
    kind[open_], similarity[open_] = _likeness(traits, pairs.take(open_), unlike_forms)
    tests = [absent, one["handle"], (one["form"] | one_stem) & turned, one["form"], one_stem]
    return np.select(tests, [0, SAME, LOOK_ALIKE, FOLDED, WORDS], kind), similarity


def _likeness(
    traits: AliasTraits, pairs: Pairs, unlike_forms: bool
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kind (n,) of n pairs of unlike forms, and their similarity or that of what is left of them.

    What is left without titles and suffixes is shorter and says less: it makes handles similar.
    """
    form, bare_form = traits.texts["form"], traits.texts["bare"]
    kind, similarity = np.full(len(pairs), UNLIKE), np.zeros(len(pairs), np.float32)
    if not unlike_forms:
        whole = likeness(form[pairs.left], form[pairs.right])
        kind = np.select([whole.edited, whole.alike], [EDITED, SIMILAR], UNLIKE)
        similarity = whole.similarity
    more = ~(traits.is_bare[pairs.left] & traits.is_bare[pairs.right])
    rest = np.flatnonzero((kind == UNLIKE) & more)
    parts = likeness(bare_form[pairs.left[rest]], bare_form[pairs.right[rest]])
    similarity[rest] = np.maximum(similarity[rest], parts.similarity)
    kind[rest[parts.alike]] = SIMILAR
    rest = np.flatnonzero(kind == UNLIKE)
    within = contained(bare_form[pairs.left[rest]], bare_form[pairs.right[rest]])
    kind[rest[within]] = SIMILAR
    return kind, similarity
