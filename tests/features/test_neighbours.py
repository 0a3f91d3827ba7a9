import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.neighbours import distinct_sorted, pairs_sharing
from features.pairs import Pairs, distinct


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
