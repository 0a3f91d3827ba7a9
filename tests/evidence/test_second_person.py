"""Joining two personas that people confirmed asks for a second person."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.second_person import Made, ruled_pairs

TWO_PERSONAS = (("a", "b", "same", "ines"), ("c", "d", "same", "ines"))
JOINED = ("b", "c")


def ruled(*decisions):
    return of_record([*TWO_PERSONAS, *decisions])


def of_record(decisions):
    return ruled_pairs(Made(*decision) for decision in decisions)


def test_a_ruling_that_joins_two_confirmed_personas_waits():
    found = ruled((*JOINED, "same", "ines"))
    assert found[JOINED].awaits
    assert found[JOINED].counts_as == "unsure"
    assert found["a", "b"].counts_as == "same"


def test_another_person_who_rules_the_same_ends_the_waiting():
    found = ruled((*JOINED, "same", "ines"), ("c", "b", "same", "omar"))
    assert found[JOINED].counts_as == "same"
    assert found[JOINED].said_by == {"ines", "omar"}


@pytest.mark.parametrize("written", [" INES ", "\uff49\uff4e\uff45\uff53", "in\u200bes", "Inés"])
def test_the_same_person_twice_is_not_enough_however_the_name_is_written(written):
    name = "ine\u0301s" if written == "Inés" else "ines"
    assert ruled((*JOINED, "same", name), (*JOINED, "same", written))[JOINED].awaits


def test_who_had_ruled_otherwise_in_between_begins_anew():
    found = ruled((*JOINED, "same", "ines"), (*JOINED, "unsure", "omar"), (*JOINED, "same", "ines"))
    assert found[JOINED].awaits


def test_a_single_account_joins_a_confirmed_persona_by_one_ruling():
    assert ruled(("b", "x", "same", "ines"))["b", "x"].counts_as == "same"


def test_a_ruling_within_a_persona_needs_nobody_else():
    found = ruled(("b", "x", "same", "ines"), ("a", "x", "same", "ines"))
    assert found["a", "x"].counts_as == "same"


def test_repeating_a_ruling_in_force_does_not_make_it_wait():
    earlier = [("b", "c", "same", "ines"), *TWO_PERSONAS, ("b", "c", "same", "ines")]
    assert of_record(earlier)[JOINED].counts_as == "same"


def test_what_was_undone_confirms_nobody():
    found = ruled(("a", "b", "unsure", "omar"), (*JOINED, "same", "ines"))
    assert found[JOINED].counts_as == "same"


def test_who_undid_a_ruling_does_not_join_its_accounts_alone():
    undone = ("a", "b", "unsure", "ines")
    assert ruled(undone, ("a", "c", "same", "ines"))["a", "c"].awaits
    assert ruled(undone, ("a", "c", "same", "omar"))["a", "c"].counts_as == "same"
    assert ruled(undone, ("a", "b", "same", "ines"))["a", "b"].counts_as == "same"
    assert ruled(undone, ("a", "x", "same", "ines"))["a", "x"].counts_as == "same"


def test_a_join_by_two_that_one_undid_is_not_made_again_by_him_elsewhere():
    joined = ((*JOINED, "same", "ines"), (*JOINED, "same", "omar"), (*JOINED, "unsure", "ines"))
    assert ruled(*joined, (*JOINED, "same", "ines"))[JOINED].awaits
    assert ruled(*joined, ("a", "d", "same", "ines"))["a", "d"].awaits


def test_different_and_unsure_never_wait():
    for ruling in ("different", "unsure"):
        assert ruled((*JOINED, ruling, "ines"))[JOINED].counts_as == ruling


LINKED = ("b", "x", "same", "ines", ("a",), ("c", "d"))
"""A ruling on two accounts, one of them beside c and d by links alone."""
BY_OMAR = (*LINKED[:3], "omar", *LINKED[4:])


def test_a_ruling_on_an_account_that_links_alone_put_into_a_confirmed_persona_waits():
    assert ruled(LINKED)["b", "x"].awaits
    assert ruled(LINKED, ("x", "b", "same", "omar"))["b", "x"].counts_as == "same"
    assert ruled(("y", "x", "same", "ines", ("a", "b"), ("c", "d")))["x", "y"].awaits


def test_who_stands_beside_an_account_does_not_ask_for_anybody_where_he_is_not_confirmed():
    assert of_record([TWO_PERSONAS[0], LINKED])["b", "x"].counts_as == "same"
    assert ruled(("z", "x", "same", "ines", (), ("c", "d")))["x", "z"].counts_as == "same"


def test_what_is_confirmed_later_does_not_make_an_earlier_ruling_wait():
    assert of_record([TWO_PERSONAS[0], LINKED, TWO_PERSONAS[1]])["b", "x"].counts_as == "same"


def test_who_undid_what_confirmed_a_persona_does_not_join_it_by_its_links():
    undone = ("c", "d", "unsure", "ines")
    assert ruled(undone, LINKED)["b", "x"].awaits
    assert ruled(undone, BY_OMAR)["b", "x"].counts_as == "same"


def test_who_ruled_an_account_out_of_a_confirmed_persona_does_not_join_it_elsewhere_alone():
    out = ("x", "c", "different", "ines", ("c", "d"), ("d", "x"))
    assert ruled(out, ("x", "b", "same", "ines"))["b", "x"].awaits
    assert ruled(out, ("x", "b", "same", "omar"))["b", "x"].counts_as == "same"
    unconfirmed = of_record([TWO_PERSONAS[0], out, ("x", "b", "same", "ines")])
    assert unconfirmed["b", "x"].counts_as == "same"


def test_a_join_by_two_that_was_undone_is_not_made_again_by_one_while_a_run_still_shows_it():
    two = (LINKED, BY_OMAR, ("b", "x", "unsure", "omar"))
    assert ruled(*two, ("x", "b", "same", "kim"))["b", "x"].awaits


records = st.lists(
    st.tuples(
        st.sampled_from(list(combinations("abcdef", 2))),
        st.sampled_from(["same", "same", "different", "unsure"]),
        st.sampled_from(["ines", "omar"]),
    ).map(lambda made: (*made[0], *made[1:])),
    max_size=16,
)


@settings(max_examples=60, deadline=None)
@given(records)
def test_nobody_alone_ever_joins_two_confirmed_personas(made):
    undid = set()
    for length in range(1, len(made) + 1):
        *earlier, last = made[:length]
        before, now = of_record(earlier), of_record(made[:length])
        pair = last[:2]
        held = nx.Graph(p for p, r in before.items() if r.counts_as == "same" and p != pair)
        held.add_nodes_from(pair)
        left, right = (nx.node_connected_component(held, side) for side in pair)
        was_in_force = pair in before and before[pair].counts_as == "same"
        joins = left != right and min(len(left), len(right)) > 1 and not was_in_force
        if now[pair].counts_as == "same" and joins:
            assert now[pair].said_by == {"ines", "omar"}
        if last[2] != "same" or not (joins or last[3] in undid):
            assert now[pair].counts_as == last[2]
        if was_in_force and now[pair].counts_as != "same":
            undid.add(last[3])
        assert {p: r for p, r in now.items() if p != pair} == {
            p: r for p, r in before.items() if p != pair
        }
