"""Who copies one thing copies the others: copyable evidence alone is never better than so sure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.copying import copying_bits, owner_bits
from linkage.model import RELATIONS, BitsSource, Copying, OwnerBits
from tests.linkage.toys import Handle

SOURCE = BitsSource(kind="structural", text="a rate made for this test")
RATES = {"across": Copying(owners_per_copier=4.0, source=SOURCE)}
PRIOR = -14.0


def taken(copyable, relation="across", prior=PRIOR):
    code = np.array([RELATIONS.index(relation)], np.int8)
    owners = owner_bits(code, {}, (), RATES)
    return copying_bits(np.array([prior]), np.array([float(copyable)]), owners)[0]


def test_where_nothing_can_have_been_copied_nothing_is_taken_off():
    assert taken(0.0) == 0


def test_a_little_that_is_alike_is_chance_rather_than_copying():
    assert -0.001 < taken(2.0) < 0


@given(st.floats(0, 200))
def test_however_much_is_alike_the_odds_are_never_better_than_owners_to_copiers(copyable):
    assert PRIOR + copyable + taken(copyable) <= np.log2(4.0) + 1e-9


@given(st.floats(0, 30), st.floats(0.125, 10))
def test_more_that_is_alike_is_always_more(copyable, more):
    assert copyable + taken(copyable) < copyable + more + taken(copyable + more)


def test_the_owner_and_the_copier_share_what_is_surely_no_chance():
    assert PRIOR + 40 + taken(40.0) == pytest.approx(np.log2(4.0), abs=1e-6)


def test_without_a_rate_nothing_is_taken_off():
    assert taken(40.0, "same") == 0


TELLING = {
    "across": Copying(
        owners_per_copier=4.0,
        source=SOURCE,
        levels={"handle": {"same_handle": OwnerBits(bits=2.0, source=SOURCE)}},
    )
}


def test_a_level_that_copiers_seldom_reach_makes_owners_of_more_of_those_who_do():
    code = np.zeros(3, np.int8)
    levels = {"handle": np.array([0, 1, 2], np.int8)}
    found = owner_bits(code, levels, (Handle(),), TELLING)
    assert found.tolist() == [2.0, 4.0, 2.0]


def test_a_relation_without_a_rate_has_no_odds_of_owners():
    assert np.isnan(owner_bits(np.array([1], np.int8), {}, (), RATES)).all()
