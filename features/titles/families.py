"""Titles of listings: rare pieces that two accounts share, and the punctuation of both."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.style.counts import BUCKETS, CASED_WORDS, CHARACTERS_4, MARKS, WORD_PAIRS, count
from features.style.grounds import Documents, FamilyTrait
from features.style.norm import cohort_neighbourhoods
from features.style.vectors import Floats, Vectors
from features.titles.weighting import Weighting

TITLE_ACCOUNTS_MIN = 50
"""Among fewer accounts nobody can say how near is near."""

TITLES_MIN = 2
RARE_FAMILIES = (WORD_PAIRS, CASED_WORDS, CHARACTERS_4)
WEIGHTED_FAMILIES = (MARKS,)
ALL_COLUMNS = np.arange(BUCKETS, dtype=np.int32)


@dataclass(frozen=True)
class TitleSurvey:
    """In how many accounts' titles each bucket of each of `RARE_FAMILIES` occurs: (3, BUCKETS)."""

    accounts: NDArray[np.int32]


def survey_titles(documents: Documents) -> TitleSurvey:
    """Count the accounts that use each piece."""
    counts = [count(documents.texts["text"], documents.document, f) for f in RARE_FAMILIES]
    return TitleSurvey(
        np.array([np.bincount(c.indices, minlength=BUCKETS) for c in counts], np.int32)
    )


def title_families(
    documents: Documents, survey: TitleSurvey, weightings: Mapping[str, Weighting]
) -> tuple[FamilyTrait, ...]:
    """Every family of the titles; those that need fitted weights only where there are some."""
    texts, document = documents.texts["text"], documents.document
    traits = []
    for family, accounts in zip(RARE_FAMILIES, survey.accounts, strict=True):
        vectors = rare_vectors(count(texts, document, family), accounts)
        at = cohort_neighbourhoods(vectors)
        traits.append(FamilyTrait(family, ALL_COLUMNS, vectors, at, 1.0))
    for family in WEIGHTED_FAMILIES:
        if family.name in weightings:
            weighting = weightings[family.name]
            vectors = weighting.vectors(count(texts, document, family))
            at = cohort_neighbourhoods(vectors)
            traits.append(FamilyTrait(family, weighting.columns, vectors, at, 1.0))
    return tuple(traits)


def rare_vectors(counts: csr_array, accounts: NDArray[np.int32]) -> Vectors:
    """Log tf-idf vectors (Salton & Buckley 1988) of n accounts' counts (n, BUCKETS)."""
    rarity: Floats = np.log((1 + counts.shape[0]) / np.maximum(accounts, 1)).astype(np.float32)
    data = np.log1p(counts.data) * rarity[counts.indices]
    rows = csr_array((data, counts.indices, counts.indptr), counts.shape)
    return Vectors.of(rows, np.zeros(BUCKETS, np.float32))
