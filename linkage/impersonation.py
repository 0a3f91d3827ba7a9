"""Impersonation: pairs that share what anybody can copy, and differ in what was not copied."""

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.model import Thresholds
from linkage.scoring import probability_of
from linkage.standing import Standing

UNKNOWN = "unknown"
CLEARLY_LATER = timedelta(days=1)


def copies_of(
    standing: Standing, owner_bits: NDArray[np.float64], thresholds: Thresholds
) -> NDArray[np.bool_]:
    """Which of n pairs look like one account copying another, bool (n,).

    They have in common what others know an account by, worth `copies_free_bits`, so that it is
    hardly chance: its owner or a copier made it so. Before anything else is looked at there are
    so and so many owners to one copier (`linkage.copying`). What the copier did not or could not
    take along tells the two apart: it speaks for one hand, or against, with `apart_bits`. A
    difference need not be hard to fake to count, since a copier wants none. The pair is `copies`
    where the copier's probability is `copies_probability` or more, and nothing that cannot be
    copied speaks for one hand with `costly_bits` or binds a side.

    Args:
        standing: of the pairs.
        owner_bits: float64 (n,), log2 of owners to one copier; NaN for even odds.
        thresholds: the model's.
    """
    known = standing.known_by_bits >= thresholds.copies_free_bits
    by_copier = probability_of(-(np.nan_to_num(owner_bits, posinf=np.inf) + standing.apart_bits))
    held = (standing.costly_for_bits >= thresholds.costly_bits) | (standing.binds > 0)
    found: NDArray[np.bool_] = known & (by_copier >= thresholds.copies_probability) & ~held
    return found


def may_be_framing(standing: Standing, thresholds: Thresholds) -> NDArray[np.bool_]:
    """Of which of n pairs all that speaks for one hand may have been copied, bool (n,).

    No `costly` family speaks for them with `framing_costly_bits`, and no `infeasible` level binds a
    side: whoever wants two accounts to look like one hand can make such a pair in an afternoon.
    """
    earned = (standing.costly_for_bits >= thresholds.framing_costly_bits) | (standing.binds > 0)
    return np.asarray(~earned)


def first_bearers(accounts: pl.DataFrame) -> pl.Series:
    """Which of n accounts nobody of the same folded handle was seen before, bool (n,).

    Args:
        accounts: see `run_tables.RUN_ACCOUNTS`.
    """
    seen = pl.col("first_seen_at")
    first = seen == seen.min().over("folded_handle")
    return accounts.select(is_first=first.fill_null(value=False)).to_series()


def copier(left: str, right: str) -> pl.Expr:
    """Who of two with handles alike copies the other: the later bearer.

    That is an account which cannot have begun until the other had been seen for more than a day
    (see `linkage.beginnings`), where nobody bore the other's folded handle before it. Where only a
    key, a picture or an address is alike, an older account may have copied a younger one's, so that
    the ages of accounts say nothing.

    Args:
        left: column with the id of the left account; of that account say `LEFT_seen` when it was
            seen first, `LEFT_not_before` when it can have begun, `LEFT_is_first` whether it is the
            first bearer of its handle. `alike_handles` says of the pair that the handles are alike.
        right: the same of the right account.

    Returns:
        An account id, or `unknown` where the times do not tell.
    """
    alike = pl.col("alike_handles")
    return (
        pl.when(alike & _came_later(left, right))
        .then(pl.col(left))
        .when(alike & _came_later(right, left))
        .then(pl.col(right))
        .otherwise(pl.lit(UNKNOWN))
    )


def _came_later(one: str, other: str) -> pl.Expr:
    began_later = pl.col(f"{one}_not_before") > pl.col(f"{other}_seen") + CLEARLY_LATER
    return began_later & pl.col(f"{other}_is_first")
