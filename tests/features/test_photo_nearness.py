import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.photos import nearness
from features.photos.nearness import HashIndex, near_hashes


def all_near(hashes, radius):
    """Every pair, compared."""
    distance = np.bitwise_count(hashes[:, None] ^ hashes[None, :])
    low, high = np.nonzero(np.triu(distance <= radius, 1))
    return list(zip(low, high, distance[low, high], strict=True))


def rows(found):
    return list(zip(found.low, found.high, found.distance, strict=True))


@st.composite
def crowds(draw):
    """Hashes in crowds: some centres, and each with a few bits flipped."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    centres = rng.integers(0, 2**64, draw(st.integers(1, 6)), dtype=np.uint64)
    flips = np.uint64(1) << rng.integers(0, 64, (draw(st.integers(0, 14)), 60), dtype=np.uint64)
    mask = np.bitwise_or.reduce(flips, axis=0, initial=np.uint64(0))
    return np.unique(np.concatenate([centres, rng.choice(centres, 60) ^ mask]))


@settings(max_examples=40, deadline=None)
@given(crowds(), st.integers(0, 11))
def test_near_hashes_are_those_that_comparing_all_pairs_finds(hashes, radius):
    assert rows(near_hashes(hashes, radius)) == all_near(hashes, radius)


def test_no_hash_and_one_hash_have_no_neighbours():
    assert not rows(near_hashes(np.empty(0, np.uint64), 8))
    assert not rows(near_hashes(np.array([7], np.uint64), 8))


def test_a_flood_of_like_hashes_is_cut_off_at_so_many_of_each():
    hashes = np.arange(64, dtype=np.uint64)
    found = near_hashes(hashes, 8, most=5)
    assert np.bincount(found.low).max() == 5
    assert set(rows(found)) <= set(all_near(hashes, 8))


@pytest.mark.parametrize("many", [1, 10**6])
@settings(max_examples=20, deadline=None)
@given(asked=crowds(), filed=crowds(), radius=st.integers(0, 11))
def test_the_hashes_near_others_are_found_by_wide_chunks_and_narrow_ones(
    many, asked, filed, radius
):
    filed = np.unique(np.concatenate([filed, asked[::3] ^ np.uint64(1)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearness, "MANY", many)
        found = [row for share in HashIndex(filed, radius).near(asked) for row in rows(share)]
    distance = np.bitwise_count(asked[:, None] ^ filed[None, :])
    low, high = np.nonzero(distance <= radius)
    assert found == list(zip(low, high, distance[low, high], strict=True))


def test_hashes_are_looked_up_share_by_share_in_order(monkeypatch):
    monkeypatch.setattr(nearness, "SHARE", 3)
    hashes = np.arange(16, dtype=np.uint64)
    assert rows(near_hashes(hashes, 1)) == all_near(hashes, 1)
