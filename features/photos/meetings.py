"""Which accounts show one picture, how many had shown it by then, and who was first."""

from datetime import timedelta

import polars as pl

MOST_SHOWERS = 30
"""A picture that more accounts had shown before says nothing and brings nobody together."""
LONG_BEFORE = timedelta(days=180)
"""So long after its first showing a picture has been there for everybody to take."""


def showers_of(shows: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """For each look (`own`) the accounts that show it or the like of it.

    Args:
        shows: `account`, `look`, `seen_at`: who shows what, and since when.
        near: `own`, `other`, see `looks.NEAR`.

    Returns:
        `own`, `account`, `seen_at` (null where unknown), `by`: how many accounts, itself among
        them, had shown it when this one did; where a time is unknown it may have been at any; and
        `showers`: how many do in all.
    """
    seen = pl.col("seen_at")
    return (
        near.select("own", "other")
        .join(shows.select("account", "look", "seen_at"), left_on="other", right_on="look")
        .group_by("own", "account")
        .agg(seen.min())
        .sort("own", "account")
        .with_columns(
            showers=pl.len().over("own"),
            by=pl.coalesce(
                seen.rank("max").over("own") + seen.is_null().sum().over("own"),
                pl.len().over("own"),
            ).cast(pl.Int32),
        )
    )


def firsts_of(showers: pl.DataFrame) -> pl.DataFrame:
    """For each look who showed it first and when; null where the order is unknown.

    `own`, `showers`, `first_account`, `first_at`, and `known_since`: the earliest known time.
    """
    seen = pl.col("seen_at")
    is_known = seen.is_not_null().all() & ((seen == seen.min()).sum() == 1)
    return (
        showers.group_by("own")
        .agg(
            pl.col("showers").first().cast(pl.Int32),
            first_account=pl.when(is_known).then(pl.col("account").sort_by("seen_at").first()),
            first_at=pl.when(is_known).then(seen.min()),
            known_since=seen.min(),
        )
        .sort("own")
    )


def meetings_of(
    shows: pl.DataFrame, near: pl.DataFrame, showers: pl.DataFrame, firsts: pl.DataFrame
) -> pl.DataFrame:
    """The accounts that show one picture, each pair with the picture that fewest had shown by then.

    Returns:
        `left`, `right` (sorted); `left_look`, `right_look`; `distance`, `way`, `view` (see
        `looks.NEAR`); `count`: accounts that had shown it when the later of the two did; `is_late`:
        that was long after its first showing; `pictures`: how many the two share.
    """
    known = firsts.select("own", "known_since")
    shown = (
        shows.select("account", own="look")
        .join(showers, on=["own", "account"])
        .filter(pl.col("by") <= MOST_SHOWERS)
        .join(known, on="own")
        .select("account", "own", "by", "seen_at", "known_since")
    )
    left = shown.rename({"account": "left", "own": "left_look"})
    right = shown.rename({"account": "right", "own": "right_look"})
    later = pl.max_horizontal("seen_at", "seen_at_right")
    first = pl.min_horizontal("known_since", "known_since_right")
    return (
        left.join(near, left_on="left_look", right_on="own")
        .join(right, left_on="other", right_on="right_look")
        .filter(pl.col("left") < pl.col("right"))
        .select(
            "left",
            "right",
            "left_look",
            "distance",
            "way",
            "view",
            right_look="other",
            count=pl.max_horizontal("by", "by_right"),
            is_late=(later - first >= LONG_BEFORE).fill_null(value=False),
        )
        .sort("left", "right", "count", "is_late", "distance", "left_look", "right_look")
        .with_columns(pictures=pl.col("left_look").n_unique().over("left", "right"))
        .unique(["left", "right"], keep="first", maintain_order=True)
    )
