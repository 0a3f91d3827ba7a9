"""How well a persona holds together, and what falls apart without its weakest bridge."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.run_tables import PERSONAS
from tests.linkage.tangles import grouped, health, holds, ids


def clique(accounts, bits):
    return [(a, b, bits) for a, b in combinations(accounts, 2)]


def bridge_of(row):
    return row["bridge_left"], row["bridge_right"], row["bridge_bits"]


def test_cohesion_is_the_mean_over_all_pairs_and_no_bond_is_nothing():
    row = health(3, holds((0, 1, 9.0), (1, 2, 8.0))).row(0, named=True)
    assert row["member_count"] == 3
    assert row["cohesion_bits"] == pytest.approx(17 / 3)


def test_two_accounts_rest_on_their_one_link():
    row = health(2, holds((0, 1, 9.0))).row(0, named=True)
    assert bridge_of(row) == ("m:00", "m:01", 9.0)
    assert row["falls_apart"] == ["m:01"]


def test_the_weaker_link_of_a_chain_is_the_bridge_and_its_end_falls_off():
    row = health(3, holds((0, 1, 9.0), (1, 2, 8.0))).row(0, named=True)
    assert bridge_of(row) == ("m:01", "m:02", 8.0)
    assert row["falls_apart"] == ["m:02"]


def test_two_that_one_link_ties_to_three_fall_off_together():
    held = holds(*clique([0, 1, 2], 12.0), (3, 4, 30.0), (2, 3, 19.0))
    row = health(5, held).row(0, named=True)
    assert bridge_of(row) == ("m:02", "m:03", 19.0)
    assert row["falls_apart"] == ["m:03", "m:04"]


def test_a_persona_that_holds_by_many_links_has_no_bridge():
    row = health(5, holds(*clique(range(5), 9.0))).row(0, named=True)
    assert row["bridge_left"] is None
    assert row["falls_apart"] == []


def test_a_ruling_is_the_bridge_only_where_no_evidence_is():
    ruled = health(3, holds((0, 1, 0.0, "same"), (1, 2, 9.0))).row(0, named=True)
    assert bridge_of(ruled) == ("m:01", "m:02", 9.0)
    assert (ruled["ruled_count"], ruled["bridge_ruled"]) == (1, False)
    only = health(2, holds((0, 1, 0.0, "same"))).row(0, named=True)
    assert (only["bridge_bits"], only["bridge_ruled"], only["cohesion_bits"]) == (0.0, True, 0.0)


def test_every_persona_has_its_row_also_where_there_is_none():
    assert health(3, holds()).columns == PERSONAS.schema.names()[1:]
    assert health(5, holds((0, 4, 9.0), (1, 2, 9.0)))["bridge_right"].to_list() == ["m:04", "m:02"]


some_holds = st.dictionaries(
    st.sampled_from(list(combinations(range(7), 2))),
    st.floats(-10, 20).map(lambda bits: round(bits, 3)),
    max_size=14,
)


@settings(max_examples=80, deadline=None)
@given(some_holds)
def test_what_falls_apart_is_what_grouping_without_the_bridge_leaves_out(held):
    rows = [(a, b, bits) for (a, b), bits in held.items()]
    names = ids(7).to_list()
    personas = grouped(7, holds(*rows))
    for members, row in zip(personas, health(7, holds(*rows)).iter_rows(named=True), strict=True):
        inner = [bond for bond in rows if {bond[0], bond[1]} <= set(members)]
        lost = (row["bridge_left"], row["bridge_right"])
        rest = [bond for bond in inner if (names[bond[0]], names[bond[1]]) != lost]
        parts = [*grouped(7, holds(*rest)), members[:1]]
        largest = max(parts, key=lambda part: (len(part), -part[0]))
        left_out = [names[account] for account in members if account not in largest]
        assert row["falls_apart"] == left_out
        assert (row["bridge_left"] is None) == (left_out == [])
        assert row["cohesion_bits"] == pytest.approx(
            sum(bits for *_, bits in inner) / (len(members) * (len(members) - 1) / 2), abs=1e-6
        )
