import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.rulings import DECISIONS
from linkage.entities import entities_of, tied
from tests.builders import decision_rows

NAMES = st.sampled_from("abcdefgh")


def pairs_of(rows):
    return pl.DataFrame(rows, schema={"left": pl.String, "right": pl.String}, orient="row")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_two_accounts_are_of_one_group_just_where_a_way_leads_from_one_to_the_other(rows):
    reached = {name: {name} for name in "abcdefgh"}
    for _ in rows:
        for left, right in rows:
            joined = reached[left] | reached[right]
            reached |= dict.fromkeys(joined, joined)
    found = tied(pl.Series(list("hgfedcba")), [pairs_of(rows)])
    group = dict(found.iter_rows())
    assert list(group) == list("abcdefgh")
    for left in group:
        assert {right for right in group if group[right] == group[left]} == reached[left]


def test_groups_are_numbered_by_their_first_account():
    found = tied(pl.Series(["d", "c", "b", "a"]), [pairs_of([("b", "d")])])
    assert found.rows() == [("a", 0), ("b", 1), ("c", 2), ("d", 1)]


def ruled(*rulings):
    rows = [(left, right, ruling, "ada", "seen", None) for left, right, ruling in rulings]
    return decision_rows(rows)


def entity_of(accounts, decisions=None):
    frame = pl.DataFrame(accounts, schema=["account_id", "handle"], orient="row")
    decisions = DECISIONS.empty() if decisions is None else decisions
    return dict(entities_of(frame, None, decisions).iter_rows())


def test_a_handle_is_one_in_any_case_and_read_where_the_id_is_a_number():
    entity = entity_of(
        [("harbour:17", "Saltmarsh"), ("lantern:saltmarsh", "saltmarsh"), ("q:x", "x")]
    )
    assert entity["harbour:17"] == entity["lantern:saltmarsh"] != entity["q:x"]


def test_of_two_rulings_on_a_pair_the_last_one_ties_or_does_not():
    accounts = [("a:x", "x"), ("b:y", "y")]
    first = ("a:x", "b:y", "same")
    together = entity_of(accounts, ruled(first))
    assert together["a:x"] == together["b:y"]
    apart = entity_of(accounts, ruled(first, ("b:y", "a:x", "unsure")))
    assert apart["a:x"] != apart["b:y"]
