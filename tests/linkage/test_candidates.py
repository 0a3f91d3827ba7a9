import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from features.pairs import Pairs
from linkage.candidates import gather

some_pairs = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20).map(
    lambda pairs: Pairs.of([a for a, _ in pairs], [b for _, b in pairs])
)


def as_set(pairs):
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@settings(max_examples=40)
@given(some_pairs, some_pairs)
def test_candidates_are_the_union_and_know_who_brought_them(handles, keys):
    candidates = gather({"handle": handles, "key": keys})
    assert as_set(candidates.pairs) == as_set(handles) | as_set(keys)
    for bit, brought in enumerate((handles, keys)):
        chosen = (candidates.brought >> np.uint64(bit)) & np.uint64(1) == 1
        assert as_set(candidates.pairs.take(chosen)) == as_set(brought)


def test_a_crowd_that_shares_one_value_brings_no_square_of_pairs():
    left, right = np.triu_indices(6, 1)
    candidates = gather({"handle": Pairs.of(left, right)}, hub_partners=3)
    assert len(candidates.pairs) == 0
    assert candidates.left_out_count == 15


def test_a_hub_keeps_its_pairs_with_accounts_that_are_none():
    star = Pairs.of(np.zeros(5, int), np.arange(1, 6))
    assert len(gather({"handle": star}, hub_partners=3).pairs) == 5


def test_no_features_bring_no_candidates():
    assert len(gather({}).pairs) == 0
