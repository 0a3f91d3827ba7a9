"""What a run was grouped by is stored, and groups the same accounts once more."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.bonds import KINDS, bond_table, holds_in
from linkage.pipeline import link
from linkage.run_tables import BONDS
from tests.linkage.tangles import JOIN, grouped, holds, ids
from tests.linkage.test_pipeline import ruled
from tests.linkage.toys import Handle, Key, Style, a_corpus, a_model


def again(table):
    names, held = holds_in(table)
    return [[names[row] for row in part] for part in grouped(len(names), held)]


def test_a_tangle_holds_its_bonds_and_walls_and_what_speaks_against():
    held = holds((0, 1, 9.0), (1, 2, 4.0), (0, 2, -8.0), (1, 3, 2.0, "copies"), (4, 5, -3.0))
    table = bond_table(held, ids(6), JOIN)
    assert table.schema == BONDS.schema
    assert table.select("left", "right", "kind").rows() == [
        ("m:00", "m:01", "link"),
        ("m:00", "m:02", "against"),
        ("m:01", "m:02", "link"),
    ]


def test_a_wall_that_people_ruled_is_told_also_where_nothing_else_is():
    table = bond_table(holds((0, 1, 0.0, "different")), ids(2), JOIN)
    assert table.select("tangle", "kind").rows() == [(None, "different")]


kinds = st.sampled_from([*KINDS[:3], KINDS[2], *KINDS])
rows = st.dictionaries(
    st.sampled_from(list(combinations(range(8), 2))),
    st.tuples(st.floats(-10, 20), kinds),
    max_size=16,
)


@settings(max_examples=80, deadline=None)
@given(rows)
def test_the_stored_bonds_group_the_accounts_as_the_run_did(held):
    made = holds(*((a, b, bits, kind) for (a, b), (bits, kind) in held.items()))
    names = ids(8).to_list()
    expected = [[names[row] for row in part] for part in grouped(8, made)]
    table = bond_table(made, ids(8), JOIN)
    assert again(table) == expected
    by_tangle = table.drop_nulls("tangle").partition_by("tangle", maintain_order=True)
    assert sorted(part for tangle in by_tangle for part in again(tangle)) == expected


def test_a_run_stores_the_bonds_of_links_and_of_decisions():
    ann, anne, bob = "harbour:ann", "lantern:ann", "lantern:bob"
    moved = {(ann, anne): "same_handle"}, {(ann, anne): "one_style"}
    features = (Handle(moved[0]), Key(), Style(moved[1]))
    rulings = ruled((ann, bob, "same"))
    made = link(a_corpus(ann, anne, bob), features, a_model(), rulings, lambda *_: None)
    bonds = made.tables["bonds"].select("tangle", "left", "right", "kind")
    assert bonds["tangle"].n_unique() == 1
    assert bonds.drop("tangle").rows() == [(ann, anne, "link"), (ann, bob, "same")]
    assert made.personas == [[ann, anne, bob]]
    assert made.health["ruled_count"].to_list() == [1]
