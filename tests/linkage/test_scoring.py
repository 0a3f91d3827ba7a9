import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.feature import Outcome
from features.pairs import Pairs
from linkage.model import Curve, Rulebook, Shrink, Weight
from linkage.scoring import probability_of, score_pairs
from tests.linkage.toys import SOURCE, Handle, Key, Style, a_model

RULES = a_model().rules
PRIOR = RULES.priors["across"].bits


def outcome(*levels, value=0.0, count=0):
    n = len(levels)
    return Outcome(
        np.array(levels, np.int8), np.full(n, value, np.float32), np.full(n, count, np.int32)
    )


def scores(outcomes, features, rules=RULES, relation=0):
    n = len(next(iter(outcomes.values())).level)
    pairs = Pairs.of(np.arange(n), np.arange(n) + 100)
    return score_pairs(pairs, np.full(n, relation, np.int8), outcomes, features, rules)


def test_without_anything_to_compare_the_prior_is_all_there_is():
    found = scores({"handle": outcome(0)}, [Handle()])
    assert found.total_bits[0] == pytest.approx(PRIOR, abs=1e-6)
    assert np.isnan(found.bits["handle"][0])


@settings(max_examples=30)
@given(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2))
def test_the_counted_bits_and_the_prior_make_the_total(handle, key, style):
    outcomes = {"handle": outcome(handle), "key": outcome(key), "style": outcome(style)}
    found = scores(outcomes, [Handle(), Key(), Style()])
    terms = [found.bits[name][0] for name in outcomes if found.counted[name][0]]
    assert found.total_bits[0] == pytest.approx(found.prior_bits[0] + sum(terms), abs=1e-6)


def test_a_family_counts_its_strongest_for_and_its_strongest_against():
    class Title(Style):
        name = "title"
        levels = Style.levels

    class Reply(Style):
        name = "reply"
        levels = Style.levels

    weights = {
        name: {
            "one_style": {"across": Weight(bits=bits, source=SOURCE)},
            "other_style": {"across": Weight(bits=-bits, source=SOURCE)},
        }
        for name, bits in (("style", 6.0), ("title", 4.0), ("reply", 2.0))
    }
    rules = Rulebook(**{**dict(RULES), "weights": weights})
    outcomes = {"style": outcome(1), "title": outcome(1), "reply": outcome(2)}
    found = scores(outcomes, [Style(), Title(), Reply()], rules)
    assert found.total_bits[0] == pytest.approx(PRIOR + 6.0 - 2.0, abs=1e-6)
    assert [bool(found.counted[name][0]) for name in outcomes] == [True, False, True]


def test_a_level_has_the_bits_of_its_relation():
    weights = {"handle": {"same_handle": {"same": Weight(bits=-2.0, source=SOURCE)}}}
    rules = Rulebook(**{**dict(RULES), "weights": weights})
    elsewhere = scores({"handle": outcome(1)}, [Handle()], rules, relation=0)
    same_market = scores({"handle": outcome(1)}, [Handle()], rules, relation=1)
    assert elsewhere.bits["handle"][0] == 0.0
    assert same_market.bits["handle"][0] == -2.0


def test_a_continuous_level_has_the_bits_of_its_curve():
    curve = Curve(intercept=0.0, value=1.0, floor_bits=-20.0, cap_bits=20.0)
    weights = {"style": {"one_style": {"across": Weight(curve=curve, source=SOURCE)}}}
    rules = Rulebook(**{**dict(RULES), "weights": weights})
    found = scores({"style": outcome(1, value=2.0)}, [Style()], rules)
    assert found.bits["style"][0] == pytest.approx(2 / np.log(2), abs=1e-5)


def shrunk(rules, **values):
    shrinks = {family: Shrink(value=value, source=SOURCE) for family, value in values.items()}
    return rules.model_copy(update={"shrinks": shrinks})


@settings(max_examples=30)
@given(st.floats(0, 1), st.integers(0, 3), st.integers(0, 2))
def test_a_shrunk_family_counts_in_part_and_the_terms_still_make_the_total(factor, key, style):
    outcomes = {"handle": outcome(1), "key": outcome(key), "style": outcome(style)}
    features = [Handle(), Key(), Style()]
    whole, part = scores(outcomes, features), scores(outcomes, features, shrunk(RULES, key=factor))
    assert part.bits["style"] == pytest.approx(whole.bits["style"], nan_ok=True)
    assert part.bits["key"] == pytest.approx(whole.bits["key"] * factor, abs=1e-6, nan_ok=True)
    terms = [part.bits[name][0] for name in outcomes if part.counted[name][0]]
    total = part.prior_bits[0] + sum(terms) + part.copying_bits[0]
    assert part.total_bits[0] == pytest.approx(total, abs=1e-6)


def test_shrinking_keeps_the_order_of_levels():
    outcomes = {"key": outcome(1, 2, 3)}
    whole = scores(outcomes, [Key()]).bits["key"]
    part = scores(outcomes, [Key()], shrunk(RULES, key=0.4)).bits["key"]
    assert list(np.argsort(part)) == list(np.argsort(whole))


def test_even_odds_are_a_probability_of_one_half():
    assert probability_of(np.zeros(1))[0] == 0.5


def test_probabilities_of_opposite_odds_add_up_to_one():
    bits = np.linspace(-40, 40, 33)
    assert np.allclose(probability_of(bits) + probability_of(-bits), 1.0)


def test_relations_must_fit_the_pairs():
    with pytest.raises(ValueError, match="2 pairs"):
        score_pairs(Pairs.of([0, 1], [2, 3]), np.zeros(1, np.int8), {}, [], RULES)
