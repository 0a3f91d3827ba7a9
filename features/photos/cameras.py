"""Which accounts show unlike pictures of one camera, by the serial number in their EXIF."""

import polars as pl

from features.photos.meetings import MOST_SHOWERS


def camera_meetings_of(taken: pl.DataFrame) -> pl.DataFrame:
    """Accounts that each show a picture of one camera which the other does not show.

    Who copies a picture copies its EXIF with it; a picture of the same camera that its first owner
    never showed is another matter.

    Args:
        taken: `account`, `camera`, `leader` (the look that stands for all that are like it).

    Returns:
        `left`, `right` (sorted), `camera` (that of the fewest accounts), `count`: the accounts that
        show its pictures.
    """
    pictures = taken.select("account", "camera", "leader").unique()
    owners = (
        pictures.group_by("camera", "account")
        .agg(pictures=pl.len())
        .with_columns(count=pl.len().over("camera").cast(pl.Int32))
        .filter(pl.col("count").is_between(2, MOST_SHOWERS))
    )
    is_pair = pl.col("left") < pl.col("right")
    left, right = (owners.rename({"account": side}) for side in ("left", "right"))
    both = left.join(right.drop("count"), on="camera").filter(is_pair)
    few = pictures.join(owners, on="camera", how="semi")
    ours, theirs = (few.rename({"account": side}) for side in ("left", "right"))
    shared = (
        ours.join(theirs, on=["camera", "leader"])
        .filter(is_pair)
        .group_by("camera", "left", "right")
        .agg(shared=pl.len())
    )
    has_own = pl.min_horizontal("pictures", "pictures_right") > pl.col("shared").fill_null(0)
    return (
        both.join(shared, on=["camera", "left", "right"], how="left")
        .filter(has_own)
        .sort("left", "right", "count", "camera")
        .unique(["left", "right"], keep="first", maintain_order=True)
        .select("left", "right", "camera", "count")
    )
