from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from features.pairs import Pairs
from linkage.personas import MUST_BITS, Bonds, group

JOIN = 3.0
NO_WALLS = Pairs.none()


def bonds(*triples):
    """Bonds from (account, account, bits)."""
    order = sorted((min(a, b), max(a, b), bits) for a, b, bits in triples)
    pairs = Pairs.of([a for a, _, _ in order], [b for _, b, _ in order])
    return Bonds(pairs, np.array([bits for _, _, bits in order], np.float64))


def clique(accounts, bits):
    return [(a, b, bits) for a, b in combinations(accounts, 2)]


def test_a_firm_link_makes_a_persona():
    assert group(4, bonds((1, 3, 5.0)), NO_WALLS, JOIN) == [[1, 3]]


def test_one_weak_bridge_does_not_join_two_groups():
    triples = [*clique([0, 1, 2], 9.0), *clique([3, 4, 5], 9.0), (2, 3, 8.0)]
    assert group(6, bonds(*triples), NO_WALLS, JOIN) == [[0, 1, 2], [3, 4, 5]]


def test_links_all_over_between_two_groups_join_them():
    assert group(4, bonds(*clique(range(4), 5.0)), NO_WALLS, JOIN) == [[0, 1, 2, 3]]


def test_a_chain_holds_where_its_links_are_strong_enough():
    assert group(3, bonds((0, 1, 9.0), (1, 2, 8.0)), NO_WALLS, JOIN) == [[0, 1, 2]]
    assert group(3, bonds((0, 1, 9.0), (1, 2, 4.0)), NO_WALLS, JOIN) == [[0, 1]]


def test_evidence_against_a_third_keeps_it_out():
    triples = [(0, 1, 9.0), (1, 2, 8.0), (0, 2, -20.0)]
    assert group(3, bonds(*triples), NO_WALLS, JOIN) == [[0, 1]]


def test_a_wall_stands_between_groups_not_only_between_two_accounts():
    triples = [(0, 1, 9.0), (1, 2, 8.0), (2, 3, 30.0)]
    assert group(4, bonds(*triples), Pairs.of([0], [3]), JOIN) == [[0, 1], [2, 3]]


def test_a_decision_joins_what_no_link_does():
    assert group(3, bonds((0, 2, MUST_BITS)), NO_WALLS, JOIN) == [[0, 2]]


def test_a_wall_wins_over_a_decision():
    triples = [(0, 1, MUST_BITS), (1, 2, MUST_BITS)]
    assert group(3, bonds(*triples), Pairs.of([0], [2]), JOIN) == [[0, 1]]


def plainly_grouped(account_count, triples, walled, join_bits):
    """The same by definition: join the two groups with the highest mean, until none is left."""
    groups = [{i} for i in range(account_count)]
    bits = {frozenset(pair): value for *pair, value in triples}
    walls = {frozenset(pair) for pair in walled}

    def mean(one, other):
        between = [frozenset((a, b)) for a in one for b in other]
        if walls.intersection(between):
            return -np.inf
        return sum(bits.get(pair, 0) for pair in between) / len(between)

    while True:
        joins = [(mean(a, b), i, j) for (i, a), (j, b) in combinations(enumerate(groups), 2)]
        best = max(joins, default=(-np.inf, 0, 0))
        if best[0] < join_bits:
            return sorted(sorted(group) for group in groups if len(group) > 1)
        groups[best[1]] |= groups.pop(best[2])


def test_a_crowd_around_one_account_stays_a_few():
    triples = [(0, other, 12.0) for other in range(1, 50)]
    assert group(50, bonds(*triples), NO_WALLS, JOIN) == [[0, 1, 2, 3, 4]]


def test_no_bonds_no_personas():
    assert group(3, bonds(), NO_WALLS, JOIN) == []


some_bonds = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-10, 10),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(some_bonds, some_bonds)
def test_no_account_is_in_two_personas_and_no_persona_spans_a_wall(held, walled):
    walls = Pairs.of([a for a, _ in walled], [b for _, b in walled])
    made = group(8, bonds(*((a, b, bits) for (a, b), bits in held.items())), walls, JOIN)
    members = [account for persona in made for account in persona]
    assert len(members) == len(set(members))
    assert not any({a, b} <= set(persona) for a, b in walled for persona in made)


@settings(max_examples=60, deadline=None)
@given(some_bonds, st.sets(st.sampled_from(list(combinations(range(8), 2))), max_size=3))
def test_groups_are_what_the_definition_says(held, walled):
    distinct = [(a, b, bits + n * 1e-3) for n, ((a, b), bits) in enumerate(held.items())]
    walls = Pairs.of([a for a, _ in walled], [b for _, b in walled])
    assert group(8, bonds(*distinct), walls, JOIN) == plainly_grouped(8, distinct, walled, JOIN)


@settings(max_examples=40, deadline=None)
@given(some_bonds, st.permutations(range(8)))
def test_the_order_of_accounts_changes_no_persona_where_no_two_bonds_are_equal(held, order):
    distinct = {pair: bits + n * 1e-3 for n, (pair, bits) in enumerate(held.items())}
    made = group(8, bonds(*((a, b, x) for (a, b), x in distinct.items())), NO_WALLS, JOIN)
    moved = [(order[a], order[b], x) for (a, b), x in distinct.items()]
    again = group(8, bonds(*moved), NO_WALLS, JOIN)
    assert sorted(sorted(order[a] for a in persona) for persona in made) == again
