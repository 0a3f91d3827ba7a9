"""What pictures look like: the copies of one picture are one look, and looks stand near each other.

Invariant: looks are numbered in the order in which they were first seen (unknown times last, then
by hash and name), so that floods of later copies never push out what was there before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.photos.hashes import WAYS_UP
from features.photos.likeness import Nominated, alike
from features.photos.nearness import HashIndex, NearHashes
from features.photos.readings import Readings, Records, ways_up
from features.photos.worker import VIEWS

RADIUS = 8
"""Bits of 64 in which two hashes of one picture may differ."""
ROUNDS = 4
"""Unlike pictures that may have one hash; beyond them it says nothing."""
MOST_NEAR = 100
"""Looks near one look that are compared with it, the first seen."""

NEAR = pl.Schema(
    {"own": pl.UInt32, "other": pl.UInt32, "distance": pl.UInt8, "way": pl.Int8, "view": pl.Int8}
)
"""Two looks that show the same: bits in which they differ, how the one is turned, which of
`worker.VIEWS` of the other it is; both ways, and each with itself."""


@dataclass(frozen=True)
class Looks:
    """m looks, and the pictures that have them.

    Attributes:
        records: (m,), see `readings.RECORD`; of the first named picture of each look.
        of: intp (n,), the look of each picture; -1 where it has none.
    """

    records: Records
    of: NDArray[np.intp]


def gather_looks(readings: Readings, order: NDArray[np.intp]) -> Looks:
    """The looks of n pictures.

    Args:
        readings: what was read of the pictures.
        order: (n,), rank of each picture by when it was first seen.
    """
    records = readings.records
    first = _first_of_each(records, np.flatnonzero(records["tells"]))
    has = first >= 0
    earliest = np.full(len(records), len(records))
    np.minimum.at(earliest, first[has], order[has])
    owners = np.unique(first[has])
    owners = owners[np.lexsort((owners, records["hashes"][owners, 0], earliest[owners]))]
    number = np.full(len(records), -1)
    number[owners] = np.arange(len(owners))
    return Looks(records[owners], np.where(has, number[first], -1))


def _first_of_each(records: Records, rest: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each picture the first that has its hash and looks like it; -1 where there is none."""
    first = np.full(len(records), -1)
    for _ in range(ROUNDS):
        _, at, which = np.unique(records["hashes"][rest, 0], return_index=True, return_inverse=True)
        chosen = rest[at[which]]
        same = chosen == rest
        as_it_is = np.zeros(len(rest), np.int8)[~same]
        same[~same] = alike(records, Nominated(chosen[~same], rest[~same], as_it_is, as_it_is))
        first[rest[same]] = chosen[same]
        rest = rest[~same]
    return first


def near_looks(looks: Looks) -> pl.DataFrame:
    """Which looks show the same, see `NEAR`, sorted by both."""
    itself = pl.int_range(len(looks.records), dtype=pl.UInt32, eager=True)
    zero = pl.lit(0)
    own = pl.DataFrame({"own": itself, "other": itself}).with_columns(
        distance=zero, way=zero, view=zero
    )
    shares = [own.cast(NEAR), *_nominated(looks.records)]
    found = pl.concat([pl.DataFrame(schema=NEAR), *shares])
    turned = found.rename({"own": "other", "other": "own"}).select(NEAR.names())
    return (
        pl.concat([found, turned])
        .sort("own", "other", "distance", "view", "way")
        .unique(["own", "other"], keep="first", maintain_order=True)
    )


def _nominated(records: Records) -> Iterator[pl.DataFrame]:
    """Looks near each other by their hashes that are alike, share by share."""
    filed, seen = _places(records["hashes"], "other", "view")
    asked, turned = _places(ways_up(records), "own", "way")
    for near in HashIndex(filed, RADIUS).near(asked):
        pairs = _best(near, turned, seen)
        columns = [pairs[name].to_numpy() for name in ("own", "other", "way", "view")]
        left, right = (column.astype(np.intp) for column in columns[:2])
        yield pairs.filter(alike(records, Nominated(left, right, columns[2], columns[3])))


def _places(
    hashes: NDArray[np.uint64], row: str, column: str
) -> tuple[NDArray[np.uint64], pl.DataFrame]:
    """The distinct hashes of a table, and where each (`hash`) stands in it."""
    distinct, which = np.unique(hashes, return_inverse=True)
    rows, columns = np.divmod(np.arange(hashes.size), hashes.shape[1])
    places = {"hash": which.ravel().astype(np.uint32), row: rows.astype(np.uint32)}
    return distinct, pl.DataFrame({**places, column: columns.astype(np.int8)})


def _best(near: NearHashes, turned: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """The nearest way of each look to be another one, for the first seen of the others."""
    pairs = pl.DataFrame(
        {
            "asked": near.low.astype(np.uint32),
            "filed": near.high.astype(np.uint32),
            "distance": near.distance,
        }
    )
    return (
        pairs.join(turned, left_on="asked", right_on="hash")
        .join(seen, left_on="filed", right_on="hash")
        .filter(pl.col("own") != pl.col("other"))
        .sort("own", "other", "distance", "view", "way")
        .unique(["own", "other"], keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over("own") < MOST_NEAR)
        .select(NEAR.names())
    )


def near_hash(records: Records, bits: int) -> NDArray[np.bool_]:
    """Which pictures look, in any way up or view, like one of this pHash; bool (n,)."""
    hashes = np.concatenate([ways_up(records), records["hashes"]], axis=1)
    near = np.bitwise_count(hashes ^ np.uint64(bits)) <= RADIUS
    return np.asarray(near.any(axis=1))


def edit_of(way: int, view: int) -> str:
    """What was done to a picture, in words."""
    done = [
        "mirrored" if way >= WAYS_UP // 2 else "",
        f"turned by {way % 4 * 90} degrees" if way % 4 else "",
        "cropped" if 0 < view < len(VIEWS) else "",
    ]
    return " and ".join(filter(None, done))
