"""What the style of titles is worth in bits: accounts' titles cut in two, and found again.

No truth is needed, so none that an evaluation uses enters. The halves of one account are more
alike than two accounts of one hand, while false pairs are what they are elsewhere: the bits err on
the careful side, and false pairs with many bits stay as rare as they claim to be.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.style.fit import FamilyFit
from features.style.grounds import Documents, GroundTrait
from features.style.texts import without_copied_lines
from features.style.titles import survey_titles, title_families
from features.writing_style import TITLES_MIN
from linkage.calibration import Scored

ACCOUNTS_MIN, ACCOUNTS_MAX = 100, 600


def scored_titles(titles: pl.DataFrame, fits: Mapping[str, FamilyFit]) -> Scored | None:
    """First halves of accounts' titles scored against second halves; None with few accounts.

    Args:
        titles: see `titles_of`.
        fits: of the posts.
    """
    halves = Documents.of(_halves(titles), TITLES_MIN, 1)
    first, second = _partners(halves)
    if len(first) < ACCOUNTS_MIN:
        return None
    trait = GroundTrait(halves, title_families(halves, survey_titles(halves), fits))
    chosen = np.unique(np.linspace(0, len(first) - 1, ACCOUNTS_MAX).astype(np.intp))
    first, second = first[chosen], second[chosen]
    left, right = np.divmod(np.arange(len(first) ** 2), len(first))
    value = trait.scores(first[left], second[right]).astype(np.float64)
    amount = np.minimum(halves.characters[first[left]], halves.characters[second[right]])
    return Scored(value, amount, left == right)


def _halves(titles: pl.DataFrame) -> pl.DataFrame:
    """Each account's titles as two accounts: 2a and 2a + 1, in order of time."""
    place, count = pl.int_range(pl.len()).over("account"), pl.len().over("account")
    late = (place >= count // 2).cast(pl.UInt32)
    halves = titles.with_columns(account=pl.col("account") * 2 + late)
    own = without_copied_lines(halves)
    return own.filter(pl.col("text").str.len_chars() > 0).sort("account", maintain_order=True)


def _partners(halves: Documents) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The documents of which both halves are there."""
    both = np.isin(halves.accounts ^ 1, halves.accounts)
    rows = np.flatnonzero(both)
    return rows[::2], rows[1::2]
