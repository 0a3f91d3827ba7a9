import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.strata import KEYS, LEAST_ACCOUNTS, drawn_by, rings_of, strata_of
from tests.builders import CorpusBuilder


def strata(markets, origins):
    unknown = {key: [None] * len(markets) for key in KEYS}
    said = {"market_kind": ["market"] * len(markets), "market": markets, "origin": origins}
    return pl.DataFrame({**unknown, **said}, schema=dict.fromkeys(KEYS, pl.String))


def stratum_of(builder):
    return strata_of(builder.build()).row(0, named=True)


def ids(count):
    return pl.Series([f"harbour:{number}" for number in range(count)])


def test_an_account_is_told_by_what_it_mostly_sells_and_from_where():
    builder = CorpusBuilder()
    for category, origin in (("teapots", "Norway"), ("teapots", "NORWAY "), ("pans", "Malta")):
        builder.listing("harbour", "ann", "a kettle", category=category, ships_from=origin)
    found = stratum_of(builder)
    assert (found["category"], found["origin"]) == ("teapots", "Norway")


def test_the_language_is_told_by_letters_and_by_function_words():
    texts = ("this is the kettle for you and all of it", "Kessel aus Kupfer", "медный чайник")
    found = [stratum_of(CorpusBuilder().post("pier", "ann", text)) for text in texts]
    assert [row["language"] for row in found] == ["english", "latin", "other"]


def test_the_amount_of_text_is_told_by_its_digits():
    found = [
        stratum_of(CorpusBuilder().post("pier", "ann", "a" * n)) for n in (3, 999, 1000, 10**6)
    ]
    assert [row["amount"] for row in found] == [3, 3, 4, 6]


def test_who_left_nothing_has_a_stratum_all_the_same():
    found = stratum_of(CorpusBuilder().account("harbour", "ann"))
    assert found == dict.fromkeys(KEYS) | {"market_kind": "market", "market": "harbour"}


def test_a_stratum_of_few_falls_back_on_the_coarser_one():
    origins = ["Norway"] * LEAST_ACCOUNTS + ["Malta"] * (LEAST_ACCOUNTS - 1)
    made = strata(["harbour"] * len(origins), origins)
    meant = {}
    for accounts, rings in rings_of(made, drawn_by(ids(len(origins)), "test")):
        meant |= dict.fromkeys(accounts.tolist(), rings)
    assert set(meant[0].length[:LEAST_ACCOUNTS]) == {LEAST_ACCOUNTS}
    assert meant[LEAST_ACCOUNTS].length[0] == len(origins)
    assert sorted(meant) == list(range(len(origins)))


def test_too_few_accounts_have_no_ring():
    made = strata(["harbour"] * 5, [None] * 5)
    assert all(not len(accounts) for accounts, _ in rings_of(made, drawn_by(ids(5), "test")))


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["harbour", "lantern"]), min_size=1, max_size=60), st.integers(1, 9)
)
def test_a_step_around_a_ring_stays_in_the_stratum_and_meets_everybody_once(markets, steps):
    made = strata(markets, [None] * len(markets))
    for accounts, rings in rings_of(made, drawn_by(ids(len(markets)), "test")):
        behind = rings.after(accounts, steps)
        assert len(np.unique(behind)) == len(accounts)
        if rings.length.max(initial=0) < len(markets):
            assert [markets[a] for a in accounts] == [markets[b] for b in behind]


def test_what_is_drawn_depends_on_the_id_and_the_purpose_alone():
    first = drawn_by(pl.Series(["harbour:ann", "lantern:bob"]), "rings")
    assert drawn_by(pl.Series(["lantern:bob"]), "rings")[0] == first[1]
    assert drawn_by(pl.Series(["lantern:bob"]), "models")[0] != first[1]
