import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.neighbours import distinct_sorted, near_hashes, pairs_sharing
from features.pairs import Pairs, distinct


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


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20)), max_size=60), st.integers(2, 9))
def test_rows_meet_where_they_share_a_key_of_a_small_block(shared, largest):
    keys = np.array([key for key, _ in shared], np.uint64)
    numbers = np.array([row for _, row in shared], np.intp)
    members = {key: {r for k, r in shared if k == key} for key, _ in shared}
    expected = {
        (a, b)
        for block in members.values()
        if len(block) <= largest
        for a in block
        for b in block
        if a < b
    }
    pairs = pairs_sharing(keys, numbers, largest)
    assert set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == expected


def test_a_row_twice_under_a_key_counts_once():
    keys, numbers = distinct_sorted(np.array([4, 4, 4], np.uint64), np.array([1, 1, 0]))
    assert keys.tolist() == [4, 4]
    assert numbers.tolist() == [0, 1]


@pytest.mark.parametrize("keys", [[], [3], [3, 3, 1, 2, 3]])
def test_distinct_keys_are_sorted_and_single(keys):
    assert distinct(np.array(keys, np.uint64)).tolist() == sorted(set(keys))


def test_pairs_have_a_smaller_left_and_no_doubles():
    pairs = Pairs.of([3, 1, 1, 2], [1, 3, 1, 0])
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 2), (1, 3)]
