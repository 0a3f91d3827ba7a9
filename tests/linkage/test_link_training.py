from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.joint_pairs import FAMILIES, Ground, Joint
from linkage.link_training import SAME_MIN, fit_factors, train_links, with_links
from linkage.model import load_model

FOLDS = 3
ENTITIES = 900
STYLE, LISTINGS, TIME = (FAMILIES.index(name) for name in ("style", "listings", "time"))


def ground(bits, same, *, even=True, given=0.0, name="invented pairs"):
    """Pairs of one hand of entity i, and of two hands of entities i and j of one fold."""
    count = len(same)
    own = np.arange(count) % ENTITIES
    other = np.where(same, own, (own + FOLDS) % ENTITIES)
    rows = np.zeros((len(FAMILIES), count))
    compared = np.zeros((len(FAMILIES), count), bool)
    for family, values in bits.items():
        rows[family], compared[family] = values, True
    nothing = np.zeros(count, bool)
    entity = np.array([own, other])
    pairs = Joint(rows, compared, np.full(count, given), same, nothing, entity, own % FOLDS)
    return Ground(name, pairs, even)


def calibrated(rng, same, spread):
    """Bits that are log2 likelihood ratios of two normals `spread` nats apart."""
    mean = np.where(same, spread / 2, -spread / 2)
    return rng.normal(mean, np.sqrt(spread)) / np.log(2)


@pytest.fixture(scope="module")
def same():
    return np.arange(3000) < 900


def able(*families):
    return np.isin(np.arange(len(FAMILIES)), families)


def factors_of(one, *families):
    return fit_factors([one], able(*families), [np.ones(len(one.pairs.same), bool)])


def test_what_two_families_see_alike_is_counted_once(same):
    seen = calibrated(np.random.default_rng(1), same, 3.0)
    found = factors_of(ground({STYLE: seen, LISTINGS: seen}, same), STYLE, LISTINGS)
    assert found[STYLE] + found[LISTINGS] == pytest.approx(1.0, abs=0.1)
    assert found[STYLE] == pytest.approx(found[LISTINGS], abs=0.02)


def test_families_that_see_different_things_count_in_full(same):
    rng = np.random.default_rng(2)
    bits = {STYLE: calibrated(rng, same, 3.0), TIME: calibrated(rng, same, 1.0)}
    found = factors_of(ground(bits, same), STYLE, TIME)
    assert found[[STYLE, TIME]] == pytest.approx(1.0, abs=0.12)


def test_a_family_that_says_the_opposite_of_the_truth_counts_nothing_and_never_less(same):
    wrong = -calibrated(np.random.default_rng(3), same, 3.0)
    assert factors_of(ground({STYLE: wrong}, same), STYLE)[STYLE] == 0.0


def test_a_family_that_says_too_little_counts_in_full_and_never_more(same):
    modest = calibrated(np.random.default_rng(8), same, 3.0) / 2
    assert factors_of(ground({STYLE: modest}, same), STYLE)[STYLE] == 1.0


def test_what_is_not_fitted_keeps_its_weight_and_counts_beside_the_rest(same):
    seen = calibrated(np.random.default_rng(4), same, 3.0)
    found = factors_of(ground({STYLE: seen, LISTINGS: seen}, same), LISTINGS)
    assert found[STYLE] == 1.0
    assert found[LISTINGS] < 0.15


def test_rulings_count_beside_the_prior_that_they_were_made_with(same):
    rng = np.random.default_rng(5)
    bits = {STYLE: calibrated(rng, same, 3.0)}
    at_odds = float(np.log2(same.sum() / (~same).sum()))
    fair = factors_of(ground(bits, same, even=False, given=at_odds), STYLE)[STYLE]
    assert fair == pytest.approx(1.0, abs=0.12)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 5))
def test_how_often_strangers_were_drawn_changes_no_factor(times):
    same = np.arange(600) < 200
    seen = calibrated(np.random.default_rng(6), same, 2.0)
    once = ground({STYLE: seen}, same)
    rows = np.concatenate([np.flatnonzero(same), np.tile(np.flatnonzero(~same), times)])
    pairs = Joint(*(getattr(once.pairs, f)[..., rows] for f in Joint.__dataclass_fields__))
    often = Ground("more of the same", pairs)
    assert factors_of(often, STYLE) == pytest.approx(factors_of(once, STYLE), abs=1e-3)


@pytest.fixture(scope="module")
def training(same):
    rng = np.random.default_rng(7)
    seen = calibrated(rng, same, 3.0)
    few = np.zeros(len(same))
    few[: SAME_MIN - 1] = 4.0
    one = ground({STYLE: seen, LISTINGS: seen, TIME: calibrated(rng, same, 1.0)}, same)
    rare = one.pairs.compared.copy()
    handle = FAMILIES.index("handle")
    rare[handle] = few > 0
    bits = one.pairs.bits.copy()
    bits[handle] = few
    pairs = Joint(
        bits,
        rare,
        *(getattr(one.pairs, f) for f in ("given_bits", "same", "nearest", "entity", "fold")),
    )
    return train_links([Ground("invented pairs", pairs)], ENTITIES, FOLDS)


def test_only_a_family_whose_interval_lies_below_one_is_shrunk(training):
    shrinks = training.shrinks
    assert set(shrinks) == {"style", "listings"}
    assert 0.3 < shrinks["style"].value < 0.7
    source = shrinks["style"].source
    assert (source.kind, source.n) == ("measured", 900)
    assert source.low <= shrinks["style"].value <= source.high < 1
    assert "invented pairs" in source.text


def test_a_family_that_few_show_is_not_fitted(training):
    found = {one.family: one for one in training.families}
    assert found["handle"].factor is None
    assert found["handle"].same_count == SAME_MIN - 1
    assert found["photo"].same_count == 0


def test_held_out_pairs_cost_less_where_something_was_counted_twice(training):
    (cost,) = training.costs
    assert cost.after.value < cost.before.value
    assert cost.gain.low > 0


def test_a_trained_model_is_the_base_with_other_shrinks(training):
    base = load_model()
    model = with_links(base, training)
    assert model.rules.shrink("style") == training.shrinks["style"].value
    assert model.rules.shrink("wallet") == 1.0
    assert "time" not in model.rules.shrinks
    assert model.rules.weights == base.rules.weights
    assert model.model_hash != base.model_hash


def test_a_family_that_too_few_pairs_taught_keeps_what_it_counts(training):
    base = load_model()
    known = {"handle": training.shrinks["style"], "time": training.shrinks["style"]}
    before = replace(base, rules=base.rules.model_copy(update={"shrinks": known}))
    after = with_links(before, training).rules.shrinks
    assert after == {"handle": known["handle"], **training.shrinks}
