"""What if a link is wrong: the split of the persona, from what the run stored."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import RefusedInput, UnknownThing
from linkage.bonds import bond_table
from linkage.proposals import link_id
from linkage.run_store import RunStore
from linkage.run_tables import LINKS, MEMBERS, RUN_TABLES
from linkage.what_if import without_link
from tests.linkage.tangles import JOIN, grouped, holds, ids
from tests.linkage.test_run_store import a_summary

NAMES = ids(8).to_list()


def stored(folder, held, run_id="r1", **links):
    """A run of eight accounts and what stands between them."""
    parts = grouped(8, held)
    rows = [(f"p-{n}", NAMES[row]) for n, part in enumerate(parts) for row in part]
    tables = {table.name: table.empty() for table in RUN_TABLES} | {
        "bonds": bond_table(held, ids(8), JOIN),
        "members": pl.DataFrame(rows, schema=MEMBERS.schema, orient="row"),
        **links,
    }
    store = RunStore(folder)
    store.write(run_id, tables, a_summary(run_id).model_copy(update={"join_bits": JOIN}))
    return store


def between(left, right):
    return link_id(NAMES[left], NAMES[right])


CHAIN = [(0, 1, 9.0), (1, 2, 8.0), (4, 5, 9.0)]


def test_a_chain_falls_apart_where_the_link_was(tmp_path):
    found = without_link(stored(tmp_path, holds(*CHAIN)), "r1", between(1, 2))
    assert (found.held_by, found.bits, found.changes) == ("link", 8.0, True)
    assert [persona.members for persona in found.before] == [("m:00", "m:01", "m:02")]
    assert found.after == (("m:00", "m:01"), ("m:02",))


def test_who_splits_off_may_join_somebody_else(tmp_path):
    rows = [(0, 1, 9.0), (1, 2, 12.0), (2, 3, 5.0)]
    found = without_link(stored(tmp_path, holds(*rows)), "r1", between(1, 2))
    assert [persona.members for persona in found.before] == [("m:00", "m:01", "m:02")]
    assert found.after == (("m:00", "m:01"), ("m:02", "m:03"))


def test_a_link_that_others_stand_beside_decides_nothing(tmp_path):
    rows = [(a, b, 9.0) for a, b in combinations(range(4), 2)]
    found = without_link(stored(tmp_path, holds(*rows)), "r1", between(0, 3))
    assert not found.changes
    assert found.after == (("m:00", "m:01", "m:02", "m:03"),)


def test_a_ruling_can_be_thought_away(tmp_path):
    store = stored(tmp_path, holds((0, 1, 5.0, "same")))
    found = without_link(store, "r1", between(0, 1))
    assert (found.held_by, found.after) == ("same", (("m:00",), ("m:01",)))


@pytest.mark.parametrize(
    ("wall", "bits"), [("copies", -2.0), ("different", 9.0), ("against", -20.0)]
)
def test_what_keeps_two_apart_can_be_thought_away(tmp_path, wall, bits):
    rows = [(0, 1, 9.0), (1, 2, 8.0), (0, 2, bits, wall)]
    found = without_link(stored(tmp_path, holds(*rows)), "r1", between(0, 2))
    assert (found.held_by, found.changes) == (wall, True)
    assert [persona.members for persona in found.before] == [("m:00", "m:01")]
    assert found.after == (("m:00", "m:01", "m:02"),)


def test_a_lead_holds_nothing_together(tmp_path):
    lead = {name: [None] for name in LINKS.schema.names()}
    lead |= {"left": ["m:00"], "right": ["m:07"], "link_id": [between(0, 7)]}
    links = pl.DataFrame(lead, schema=LINKS.schema)
    found = without_link(stored(tmp_path, holds(*CHAIN), links=links), "r1", between(0, 7))
    assert (found.held_by, found.changes) == (None, False)
    assert found.after == (("m:00", "m:01", "m:02"),)


def test_a_pair_of_which_the_run_knows_nothing_is_unknown(tmp_path):
    store = stored(tmp_path, holds(*CHAIN))
    with pytest.raises(UnknownThing, match="no link"):
        without_link(store, "r1", between(0, 6))


def test_nobody_waits_for_a_tangle_without_end_but_who_wants_to(tmp_path):
    store = stored(tmp_path, holds(*CHAIN))
    with pytest.raises(RefusedInput, match="3 accounts hang together around m:00"):
        without_link(store, "r1", between(0, 1), 2)
    assert without_link(store, "r1", between(0, 1), None).changes


some = st.dictionaries(
    st.sampled_from(list(combinations(range(8), 2))),
    st.tuples(
        st.floats(-10, 20),
        st.sampled_from(["link", "link", "link", "same", "against", "copies", "different"]),
    ),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some, st.data())
def test_the_split_is_that_of_a_whole_grouping_without_the_bond(tmp_path_factory, held, data):
    rows = [(a, b, bits, kind) for (a, b), (bits, kind) in held.items()]
    lost = data.draw(st.sampled_from(rows))
    store = stored(tmp_path_factory.mktemp("runs"), holds(*rows))
    known = store.table("r1", "bonds").collect()["link_id"]
    if between(*lost[:2]) not in known:
        return
    found = without_link(store, "r1", between(*lost[:2]))
    whole = grouped(8, holds(*(row for row in rows if row != lost)))
    expected = {tuple(NAMES[row] for row in part) for part in whole}
    assert {part for part in found.after if len(part) > 1} <= expected
    unchanged = {tuple(NAMES[r] for r in part) for part in grouped(8, holds(*rows))} & expected
    if found.changes:
        assert expected == unchanged | {part for part in found.after if len(part) > 1}
    else:
        assert expected == {tuple(NAMES[r] for r in part) for part in grouped(8, holds(*rows))}
