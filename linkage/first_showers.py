"""Who of two accounts showed what both show first, where handles do not tell who copies whom."""

import polars as pl

from linkage.beginnings import SETTLED
from linkage.impersonation import CLEARLY_LATER, UNKNOWN

PAIR = ("left", "right")
VALUE = ("kind", "value")


def with_first_showers(
    links: pl.DataFrame, seen: pl.DataFrame, accounts: pl.DataFrame
) -> pl.DataFrame:
    """The links, with what the values that both sides show tell of who copies.

    The copier shows a value more than a day after the other, who is the first of all to show it;
    and either his account had been seen for `SETTLED` without it, or it cannot have begun before
    the other showed the value. Where two values tell different things, nothing is said. Where
    somebody else showed a value before both, either may have it from him, and whatever handles
    told becomes `unknown`.

    Args:
        links: see `run_tables.LINKS`.
        seen: see `observed.values_seen`.
        accounts: see `run_tables.RUN_ACCOUNTS`.
    """
    asked = links.filter(verdict="copies").select(PAIR)
    if asked.is_empty():
        return links
    told = _told(asked, _times(seen, accounts))
    named = told.group_by(PAIR).agg(
        pl.col("is_anothers").any(),
        found=pl.when(pl.col("later").drop_nulls().n_unique() == 1).then(
            pl.col("later").drop_nulls().first()
        ),
    )
    is_open = pl.col("copier") == UNKNOWN
    return (
        links.join(named, on=PAIR, how="left", maintain_order="left")
        .with_columns(
            copier=pl.when("is_anothers")
            .then(pl.lit(UNKNOWN))
            .when(is_open)
            .then(pl.coalesce("found", "copier"))
            .otherwise("copier")
        )
        .select(links.columns)
    )


def _times(seen: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Of each value and account when it was shown, if first of all, and if it came late."""
    at = pl.col("seen_at")
    once = seen.group_by(*VALUE, "account_id").agg(
        seen_at=pl.when(at.null_count() == 0).then(at.min())
    )
    known = once.with_columns(is_dated=at.is_not_null().all().over(VALUE)).with_columns(
        is_first=pl.col("is_dated") & (at == at.min().over(VALUE))
    )
    ages = accounts.select("account_id", "first_seen_at", "not_before_at")
    return known.join(ages, on="account_id").with_columns(
        came_late=(at > pl.col("first_seen_at") + SETTLED).fill_null(value=False)
    )


def _told(asked: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Of each value that both show who copied it, and whether somebody else showed it before both.

    Columns left, right, `later` (null where that is not known) and `is_anothers`.
    """
    left, right = (times.rename({"account_id": side}) for side in PAIR)
    both = asked.join(left, on="left").join(right, on=["right", *VALUE], suffix="_right")
    return both.select(
        *PAIR,
        later=pl.when(_copied("", "_right")).then("right").when(_copied("_right", "")).then("left"),
        is_anothers=pl.col("is_dated") & ~pl.col("is_first") & ~pl.col("is_first_right"),
    )


def _copied(first: str, later: str) -> pl.Expr:
    """Whether the one side showed a value first, and the other took it from there."""
    shown = pl.col(f"seen_at{first}") + CLEARLY_LATER
    new = (pl.col(f"not_before_at{later}") > shown).fill_null(value=False)
    return (
        pl.col(f"is_first{first}")
        & (pl.col(f"seen_at{later}") > shown)
        & (new | pl.col(f"came_late{later}"))
    )
