"""Which stored pictures show what one picture shows, for a person who asks.

A look-up may take seconds, so besides what the nightly run does it tries crop-resistant hashing
(Steinebach, Liu and Yannikos 2012, as imagehash has it), at some tenths of a second a picture: only
on those stored pictures whose colours are nearest, since a part of a picture mostly keeps the
colours of the whole, while its hashes are another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from features.photos.hashes import WAYS_UP, low_waves, p_hashes, turned
from features.photos.likeness import Nominated, alike
from features.photos.looks import RADIUS, edit_of
from features.photos.readings import SEEN, Readings, Records
from features.photos.worker import COLOURS, SIDE

REGIONS, REGION_ERROR = 3, 0.25
"""So many regions of two pictures must be alike, each but for so many of its bits."""
FAR = 255


@dataclass(frozen=True)
class Likeness:
    """A stored picture that shows the same.

    Attributes:
        name: SHA-256 of the stored picture.
        distance: bits of 64 in which the nearest hashes differ; None where hashes do not tell.
        edit: what was done to it, in words.
    """

    name: str
    distance: int | None
    edit: str


def look_up(
    name: str, answer: bytes, asked: Records, readings: Readings
) -> tuple[list[Likeness], NDArray[np.intp]]:
    """The stored pictures that show what a picture shows, the nearest first, and their rows.

    Args:
        name: SHA-256 of the picture.
        answer: what the worker answered of it.
        asked: its record, (1,).
        readings: the stored pictures.
    """
    pairs, distance = _nominated(answer, asked, readings.records)
    both = np.concatenate([asked, readings.records])
    tells = bool(asked["tells"][0])
    is_alike = alike(both, pairs) if tells else np.zeros(len(pairs), np.bool_)
    rows = np.maximum(pairs.left, pairs.right) - 1
    is_alike &= readings.records["tells"][rows]
    best: dict[int, tuple[int, str]] = {}
    for at in np.flatnonzero(is_alike).tolist():
        found = (int(distance[at]), edit_of(int(pairs.way[at]), int(pairs.view[at])))
        best[int(rows[at])] = min(found, best.get(int(rows[at]), (FAR, "")))
    same = [row for row, stored in enumerate(readings.names) if stored == name]
    order = sorted(set(best) - set(same), key=lambda row: (*best[row], row))
    likenesses = [Likeness(name, 0, "the same bytes") for _ in same]
    likenesses += [
        Likeness(readings.names[row], best[row][0], best[row][1] or "saved again") for row in order
    ]
    return likenesses, np.array([*same, *order], np.intp)


def _nominated(
    answer: bytes, asked: Records, stored: Records
) -> tuple[Nominated, NDArray[np.uint8]]:
    """The picture turned against every view of the stored ones, and the other way round."""
    views = np.frombuffer(answer[: SEEN.itemsize], SEEN)["views"].reshape(-1, SIDE, SIDE)
    waves = low_waves(views)
    parts: list[tuple[NDArray[np.intp], NDArray[np.uint8], int, int, bool]] = []
    for way in range(WAYS_UP):
        ups = p_hashes(turned(waves, way))
        for view in range(len(views)):
            for is_theirs in (True, False):
                bits = np.bitwise_count(
                    stored["hashes"][:, view] ^ ups[0]
                    if is_theirs
                    else stored["hashes"][:, 0] ^ ups[view]
                )
                near = np.flatnonzero(bits <= RADIUS)
                parts.append((near, bits[near], way, view, is_theirs))
    return _in_columns(parts)


def _in_columns(
    parts: Sequence[tuple[NDArray[np.intp], NDArray[np.uint8], int, int, bool]],
) -> tuple[Nominated, NDArray[np.uint8]]:
    """Row 0 is the picture that is asked for, row n + 1 the stored one n."""
    left, right = list[NDArray[np.intp]](), list[NDArray[np.intp]]()
    way, view = list[NDArray[np.int8]](), list[NDArray[np.int8]]()
    for near, _, turn, seen, is_theirs in parts:
        ours, theirs = np.zeros(len(near), np.intp), near + 1
        left.append(ours if is_theirs else theirs)
        right.append(theirs if is_theirs else ours)
        back = turn if is_theirs or turn >= WAYS_UP // 2 else -turn % 4
        way.append(np.full(len(near), back, np.int8))
        view.append(np.full(len(near), seen, np.int8))
    places = (np.concatenate(left), np.concatenate(right))
    nominated = Nominated(*places, np.concatenate(way), np.concatenate(view))
    return nominated, np.concatenate([part[1] for part in parts])


def nearest_colours(asked: Records, records: Records, most: int) -> NDArray[np.intp]:
    """The pictures with the most similar colours, wherever they stand in them; nearest first."""
    cells = (COLOURS * COLOURS, 3)
    own, others = (np.sort(r["colours"].reshape(-1, *cells), axis=1) for r in (asked, records))
    distance = np.abs(others.astype(np.int16) - own).mean((1, 2))
    order: NDArray[np.intp] = np.argsort(distance, kind="stable")[:most]
    return order


def regions_of(grey: NDArray[np.uint8]) -> imagehash.ImageMultiHash:
    """Hashes of the light and dark regions of a picture."""
    return imagehash.crop_resistant_hash(Image.fromarray(grey))


def shared_regions(one: imagehash.ImageMultiHash, other: imagehash.ImageMultiHash) -> int:
    """How many regions of the one stand in the other; 0 where too few do."""
    found = int(one.hash_diff(other, bit_error_rate=REGION_ERROR)[0])
    return found if found >= REGIONS else 0
