"""Places in texts as half-open intervals: joined where they overlap, tested for touching.

Sorting and binary search, never every place against every other: one hostile text may hold a
hundred thousand of each.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

PLACES = pl.Schema({"text": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32})
"""A place: the row of its text, and code points from `start` up to `end`."""


def merged(places: pl.DataFrame) -> pl.DataFrame:
    """The columns `PLACES`, places that overlap joined into one, sorted; neighbours stay apart."""
    reach = pl.col("end").cum_max().shift(1).over("text")
    opens = (pl.col("start") >= reach).fill_null(value=True)
    return (
        places.select(*PLACES)
        .sort("text", "start", "end")
        .with_columns(group=opens.cum_sum())
        .group_by("text", "group", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max())
        .select(*PLACES)
    )


def touching(places: pl.DataFrame, covers: pl.DataFrame) -> pl.Series:
    """For each of n places whether it overlaps one of the covers (n booleans)."""
    joined = merged(covers)
    if joined.is_empty():
        return pl.repeat(value=False, n=places.height, dtype=pl.Boolean, eager=True)
    starts, ends = _ordered(joined, "start"), _ordered(joined, "end")
    last = np.searchsorted(starts, _ordered(places, "end"), side="left") - 1
    hit = (last >= 0) & (ends[np.maximum(last, 0)] > _ordered(places, "start"))
    return pl.Series(hit)


def _ordered(places: pl.DataFrame, edge: str) -> NDArray[np.uint64]:
    """One number for each place that sorts by text, then by the edge."""
    text = places["text"].to_numpy().astype(np.uint64) << np.uint64(32)
    ordered: NDArray[np.uint64] = text | places[edge].to_numpy().astype(np.uint64)
    return ordered
