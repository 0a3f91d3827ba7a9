"""What the style of profiles and descriptions is worth in bits: accounts' texts cut in two.

No truth across markets is needed, so none that an evaluation uses enters. Halves of one account are
more alike than two accounts of one hand, and goods are alike where hands are not: so the bits hold
for false pairs, are an upper bound for true ones, and are kept within `PROSE_LIMITS`, whatever the
halves say beyond them.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.style.grounds import Documents
from features.style.languages import in_english
from features.style.posts import PostFit, common_amount
from features.style.texts import without_copied_lines
from features.writing_style import PROSE_CHARACTERS_MIN
from linkage.calibration import Floats, Scored, cllr, fit_curve, min_cllr
from linkage.model import Curve

ACCOUNTS_MIN, ACCOUNTS_MAX = 60, 600
PROSE_LIMITS = (-3.0, 7.0)
"""Floor and cap. Titles, where both can be measured, never say more than 3.7 bits against one hand
on two markets, and 9 against it where accounts are cut in two (`bench/halves.py`)."""
FOLDS = 3


def scored_prose(texts: pl.DataFrame, fit: PostFit) -> Scored | None:
    """First halves of accounts' texts scored against second halves; None with few accounts.

    Args:
        texts: see `prose_of`.
        fit: of the posts.
    """
    halves = Documents.of(_halves(texts), 1, PROSE_CHARACTERS_MIN)
    halves = halves.part(in_english(halves))
    first, second = _partners(halves)
    if len(first) < ACCOUNTS_MIN:
        return None
    chosen = np.unique(np.linspace(0, len(first) - 1, ACCOUNTS_MAX).astype(np.intp))
    first, second = first[chosen], second[chosen]
    left, right = np.divmod(np.arange(len(first) ** 2), len(first))
    left, right, same = first[left], second[right], left == right
    value = fit.read(halves).scores(left, right).astype(np.float64)
    return Scored(value, common_amount(halves.characters[left], halves.characters[right]), same)


def fit_prose(scored: Scored) -> Curve:
    """Bits of scored halves."""
    return fit_curve(scored, PROSE_LIMITS, by_count=False)


def prose_quality(scored: Scored) -> str:
    """In words, what the bits of accounts cost that the curve was not fitted on.

    Beside it stands the least that any map of the scores costs, and the least of one that keeps to
    the limits: what lies between these two is the price of saying less than the halves do.
    """
    bits, same = held_out(scored)
    least, within = min_cllr(bits, same), min_cllr(bits, same, PROSE_LIMITS)
    low, high = PROSE_LIMITS
    return (
        f"Cllr {cllr(bits, same):.3f} bits on held-out accounts, least possible {least:.3f}, "
        f"{within:.3f} between {low:g} and {high:g} bits"
    )


def held_out(scored: Scored) -> tuple[Floats, NDArray[np.bool_]]:
    """Bits (m,) of the pairs within each fold of accounts, and which are of one hand, bool (m,).

    Each fold is judged by a curve fitted on the others.

    Args:
        scored: every first half of n accounts against every second one, row by row.
    """
    count = int(scored.same.sum())
    left, right = np.divmod(np.arange(count * count), count)
    bits, same = list[Floats](), list[NDArray[np.bool_]]()
    for fold in range(FOLDS):
        one, other = left % FOLDS == fold, right % FOLDS == fold
        judged = scored.part(one & other)
        curve = fit_prose(scored.part(~one & ~other))
        bits.append(curve.bits(judged.value.astype(np.float32), judged.count.astype(np.int32)))
        same.append(judged.same)
    return np.concatenate(bits), np.concatenate(same)


def _halves(texts: pl.DataFrame) -> pl.DataFrame:
    """Each account's texts as two accounts: 2a and 2a + 1, in order of time."""
    place, count = pl.int_range(pl.len()).over("account"), pl.len().over("account")
    late = (place >= count // 2).cast(pl.UInt32)
    halves = texts.with_columns(account=pl.col("account") * 2 + late)
    own = without_copied_lines(halves)
    return own.filter(pl.col("text").str.len_chars() > 0).sort("account", maintain_order=True)


def _partners(halves: Documents) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The documents of which both halves are there."""
    rows = np.flatnonzero(np.isin(halves.accounts ^ np.uint32(1), halves.accounts))
    return rows[::2], rows[1::2]
