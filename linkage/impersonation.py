"""Impersonation: pairs that share what anybody can copy and differ in what nobody can."""

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.model import Thresholds
from linkage.standing import Standing

UNKNOWN = "unknown"
CLEARLY_LATER = timedelta(days=1)


def copies_of(standing: Standing, thresholds: Thresholds) -> NDArray[np.bool_]:
    """Which of n pairs look like one account copying another, bool (n,).

    They share `free` values worth `copies_free_bits`, evidence that cannot be copied (`costly` or
    `infeasible`) speaks against one hand with `copies_against_bits`, and none speaks for it with
    `costly_bits` or binds a side.
    """
    shares = standing.free_for_bits >= thresholds.copies_free_bits
    differs = standing.hard_against_bits <= -thresholds.copies_against_bits
    held = (standing.costly_for_bits >= thresholds.costly_bits) | (standing.binds > 0)
    found: NDArray[np.bool_] = shares & differs & ~held
    return found


def may_be_framing(standing: Standing, thresholds: Thresholds) -> NDArray[np.bool_]:
    """Of which of n pairs all that speaks for one hand may have been copied, bool (n,).

    No `costly` family speaks for them with `framing_costly_bits`, and no `infeasible` level binds a
    side: whoever wants two accounts to look like one hand can make such a pair in an afternoon.
    """
    earned = (standing.costly_for_bits >= thresholds.framing_costly_bits) | (standing.binds > 0)
    return np.asarray(~earned)


def copier(left: str, right: str) -> pl.Expr:
    """Who of two copies the other: the account seen first later, by more than a day.

    Args:
        left: column with the id of the left account; `LEFT_seen` is when it was seen first.
        right: the same of the right account.

    Returns:
        An account id, or `unknown` where the times do not tell.
    """
    left_seen, right_seen = pl.col(f"{left}_seen"), pl.col(f"{right}_seen")
    return (
        pl.when(left_seen > right_seen + CLEARLY_LATER)
        .then(pl.col(left))
        .when(right_seen > left_seen + CLEARLY_LATER)
        .then(pl.col(right))
        .otherwise(pl.lit(UNKNOWN))
    )
