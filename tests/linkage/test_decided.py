"""Rulings that contradict one another are named, never silently solved."""

from datetime import UTC, datetime

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.decided import contradictions, last_rulings
from tests.builders import decision_rows

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAIRS = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(
    lambda pair: pair[0] < pair[1]
)


def ruled(*rulings):
    rows = [(left, right, ruling, "ines", "why", NOW) for left, right, ruling in rulings]
    return last_rulings(decision_rows(rows))


def test_a_is_b_and_b_is_c_but_a_is_not_c():
    rulings = ruled(("a", "b", "same"), ("c", "b", "same"), ("c", "a", "different"))
    assert contradictions(rulings) == [["a", "b", "c"]]


def test_rulings_that_agree_contradict_nothing():
    rulings = ruled(("a", "b", "same"), ("b", "c", "different"), ("a", "c", "unsure"))
    assert contradictions(rulings) == []


def test_a_later_ruling_on_the_pair_ends_the_contradiction():
    rulings = ruled(
        ("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different"), ("c", "a", "unsure")
    )
    assert contradictions(rulings) == []


def test_a_ruling_that_waits_for_a_second_person_counts_as_unsure():
    rulings = ruled(("a", "b", "same"), ("c", "d", "same"), ("c", "b", "same"))
    assert rulings.rows()[1] == ("b", "c", "unsure")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PAIRS, st.sampled_from(["same", "different"])), max_size=14))
def test_every_contradiction_is_a_shortest_chain_between_accounts_ruled_apart(made):
    rulings = ruled(*((left, right, ruling) for (left, right), ruling in made))
    same = nx.Graph(rulings.filter(ruling="same").select("left", "right").rows())
    apart = rulings.filter(ruling="different").select("left", "right").rows()
    joined = [(a, b) for a, b in apart if a in same and b in same and nx.has_path(same, a, b)]
    chains = contradictions(rulings)
    assert [(chain[0], chain[-1]) for chain in chains] == joined
    for chain in chains:
        assert nx.is_path(same, chain)
        assert len(chain) == 1 + nx.shortest_path_length(same, chain[0], chain[-1])
