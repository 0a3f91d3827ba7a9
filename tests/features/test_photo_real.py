"""Real photos and their known edits, where the research data are; names give the truth."""

import os
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from features.photos.decode import decode_pictures
from features.photos.looks import gather_looks, near_looks
from features.photos.readings import Readings, records_of

FREE_ANGLE = "ukbench00120_rotation"
UNREADABLE = "ukbench09268_corrupt"


class FolderBlobs:
    def read(self, blob):
        return Path(blob).read_bytes()


def original_of(name):
    """What a file shows: the bridge, or what its name begins with."""
    stem = Path(name).stem
    is_bridge = "bridge" in name
    return "bridge" if is_bridge else stem.split("_")[0]


@cache
def read_folder():
    """The names of the files, and the pairs of them that are taken for one picture."""
    data = os.environ.get("SAMEHAND_TEST_DATA")
    folder = Path(data or "nowhere") / "images"
    if not folder.is_dir():
        pytest.skip("SAMEHAND_TEST_DATA names no folder with images")
    paths = sorted(str(path) for path in folder.rglob("*.jpg"))
    answers = decode_pictures(FolderBlobs(), paths)
    names = [n for n, a in zip(paths, answers, strict=True) if isinstance(a, bytes)]
    records = records_of([a for a in answers if isinstance(a, bytes)])
    looks = gather_looks(
        Readings(tuple(names), (None,) * len(names), records), np.arange(len(names))
    )
    near = set(near_looks(looks).select("own", "other").iter_rows())
    of = looks.of.tolist()
    met = {
        (names[a], names[b])
        for a, b in combinations(range(len(names)), 2)
        if (of[a], of[b]) in near
    }
    return paths, names, met


def test_the_one_unreadable_file_is_the_one_that_is_so_on_purpose():
    paths, names, _ = read_folder()
    assert {Path(path).stem for path in set(paths) - set(names)} == {UNREADABLE}


def test_no_unrelated_photos_are_taken_for_one():
    _, names, met = read_folder()
    assert len(names) > 30
    assert [pair for pair in met if original_of(pair[0]) != original_of(pair[1])] == []


def test_known_edits_are_found():
    _, names, met = read_folder()
    edits = []
    for name in names:
        first = next(n for n in names if original_of(n) == original_of(name))
        if name != first and FREE_ANGLE not in name:
            edits.append((first, name) in met)
    assert len(edits) >= 19
    assert np.mean(edits) >= 0.95
