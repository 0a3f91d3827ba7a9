"""Links as rows: their ids."""

from hypothesis import assume, given
from hypothesis import strategies as st

from linkage.proposals import link_id

account_ids = st.text("a:\\n\n", min_size=1, max_size=6)
pairs = st.tuples(account_ids, account_ids)


@given(pairs, pairs)
def test_no_handle_makes_two_pairs_share_a_link_id(one, other):
    assume(one != other)
    assert link_id(*one) != link_id(*other)


def test_a_line_end_in_a_handle_moves_no_border_between_accounts():
    assert link_id("m:a\nx:b", "y:c") != link_id("m:a", "x:b\ny:c")
