import re

import numpy as np
import pytest

from evidence.rulings import Rulings
from features import FEATURES, assemble_features
from linkage.basis import basis_of
from linkage.explanation import explain_afresh
from linkage.model import RELATIONS, load_model
from linkage.readings import unwatched
from tests.builders import CorpusBuilder

RULES = load_model().rules
NAMES = {feature.name: {level.name for level in feature.levels} for feature in FEATURES}
WEIGHTS = [
    (feature, level, relation)
    for feature, levels in RULES.weights.items()
    for level, by_relation in levels.items()
    for relation in by_relation
]
LEVELS = [(feature, level) for feature in FEATURES for level in feature.levels]


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize(("feature", "level"), LEVELS, ids=lambda x: x.name)
def test_every_level_has_a_weight_in_every_relation(feature, level, relation):
    weight = RULES.weights[feature.name][level.name][relation]
    assert (weight.bits is None) != (weight.curve is None)


@pytest.mark.parametrize(("feature", "level", "relation"), WEIGHTS)
def test_every_weight_names_a_level_that_a_feature_declares(feature, level, relation):
    assert level in NAMES[feature]


@pytest.mark.parametrize(("feature", "level"), LEVELS, ids=lambda x: x.name)
def test_constant_bits_speak_as_their_level_does_on_two_markets(feature, level):
    bits = RULES.weights[feature.name][level.name]["across"].bits
    if bits is not None:
        assert bits <= 0 if level.speaks == "against" else bits >= 0


def test_the_prior_on_two_markets_is_one_true_pair_in_about_twenty_thousand():
    assert 2 ** -RULES.priors["across"].bits == pytest.approx(20_000, rel=0.01)


def test_every_number_says_what_it_was_measured_on_its_range_or_its_rule():
    assert sum(RULES.source_counts.values()) == len(RULES.sources)
    for source in RULES.sources:
        assert source.kind != "measured" or (source.n or 0) > 0, source.text
        assert source.kind != "elicited" or source.low < source.high, source.text


def test_no_number_comes_from_an_invented_world():
    for source in RULES.sources:
        assert not re.search(r"invented|samehand world|semi-real", source.text), source.text


def test_what_counts_in_part_was_measured_to():
    families = {feature.family for feature in FEATURES}
    for family, shrink in RULES.shrinks.items():
        assert family in families
        assert shrink.source.kind == "measured"
        assert shrink.source.low <= shrink.value <= shrink.source.high < 1


def test_elicited_bits_lie_in_the_range_that_is_given_with_them():
    for feature, level, relation in WEIGHTS:
        weight = RULES.weights[feature][level][relation]
        if weight.bits is not None and weight.source.kind == "elicited":
            assert weight.source.low <= weight.bits <= weight.source.high


def test_nothing_that_can_be_copied_makes_one_hand_likely_by_itself():
    prior = RULES.priors["across"].bits
    for feature, level in LEVELS:
        bits = RULES.weights[feature.name][level.name]["across"].bits
        if level.forgeable == "free" and bits is not None:
            assert prior + bits < 0, f"{level.name} alone would make one hand likely"


def sure(*found: tuple[str, str], relation: str = "across", more: float = 0.0) -> float:
    """The probability of one hand where these levels of features, and so many bits, were found."""
    bits = [RULES.weights[feature][level][relation].bits for feature, level in found]
    return 1 / (1 + 2 ** -(RULES.priors[relation].bits + more + sum(bits)))


def test_one_costly_level_at_its_cap_can_make_a_lead_in_spite_of_other_handle_and_key():
    cap = RULES.weights["writing_style"]["posts_compared"]["across"].curve.cap_bits
    against = ("alias", "unlike_handles"), ("pgp_key", "different_keys")
    assert sure(*against, more=cap) >= RULES.thresholds.grounded_lead_probability


def test_a_key_seen_under_two_unlike_handles_is_no_link_by_itself():
    for level in ("one_signed_one_posts", "shared_subkey", "same_key_shown", "rotation_shown"):
        found = sure(("alias", "unlike_handles"), ("pgp_key", level))
        assert found < RULES.thresholds.grounded_lead_probability


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_key_that_two_show_as_their_own_is_a_lead_and_no_more(relation):
    found = sure(("alias", "unlike_handles"), ("pgp_key", "same_key_owned"), relation=relation)
    assert RULES.thresholds.grounded_lead_probability <= found < 0.5


def test_a_handle_seen_on_two_markets_and_nowhere_else_is_a_lead_by_itself():
    assert sure(("alias", "same_handle_unique")) >= RULES.thresholds.lead_probability


@pytest.mark.parametrize("level", ["same_handle_rare", "same_folded_handle_unique"])
def test_a_handle_that_others_may_think_of_takes_something_beside_it_to_be_a_lead(level):
    assert sure(("alias", level)) < RULES.thresholds.lead_probability


@pytest.mark.parametrize(
    ("level", "score", "lead"),
    [
        ("titles_compared", 100, False),
        ("titles_alike", 12, False),
        ("titles_alike", 30, True),
    ],
)
def test_titles_alone_are_a_lead_where_hardly_two_strangers_are_that_alike(level, score, lead):
    curve = RULES.weights["listing_text"][level]["across"].curve
    (bits,) = curve.bits(np.array([score], np.float32), np.ones(1, np.int32))
    found = sure(("alias", "unlike_handles"), more=bits)
    assert (found >= RULES.thresholds.lead_probability) == lead
    assert found < 0.5


@pytest.mark.parametrize("relation", RELATIONS)
def test_what_takes_imitating_speaks_for_an_owner_and_a_shop_of_copies_for_a_copier(relation):
    telling = RULES.copying[relation].levels["listing_text"]
    assert telling["titles_alike"].bits > 0 > telling["titles_taken"].bits


MEASURED_WITHIN = {
    "posts_compared": {"same"},
    "descriptions_compared": set(),
    "hours_alike": {"same"},
    "hours_alike_and_takes_over": {"same"},
    "same_given_by_two": {"same"},
    "titles_compared": {"across"},
    "products_compared": {"across"},
    "origins_compared": {"across"},
}
"""Where pairs were measured: within one forum, or between two markets."""


@pytest.mark.parametrize("level", MEASURED_WITHIN)
def test_bits_that_are_carried_to_where_nothing_was_measured_say_so(level):
    by_relation = next(levels[level] for levels in RULES.weights.values() if level in levels)
    silent = {relation for relation, w in by_relation.items() if w.source.not_validated is None}
    assert silent == MEASURED_WITHIN[level]


def test_what_copying_takes_off_says_where_the_odds_of_owners_come_from():
    builder = CorpusBuilder()
    for number in range(40):
        market = "quay" if number % 2 else "harbour"
        for thing in ("kettle", "spoon", "anvil"):
            builder.listing(market, f"shop{number:02}", f"{thing} no {number * 7 % 40} pcs")
    for market in ("harbour", "quay"):
        for thing in ("brass lantern", "oak saddle", "tin whistle"):
            builder.listing(market, "quillwhistle", f"*~ marvellissimo {thing} ~*")
    corpus, model = builder.build(), load_model()
    basis = basis_of(corpus, assemble_features(model.fitted), Rulings.none(), unwatched)
    found = explain_afresh(
        basis, model, Rulings.none(), ("harbour:quillwhistle", "quay:quillwhistle")
    )
    [copying] = [term for term in found.terms if term.feature == "copying"]
    assert copying.bits_source.startswith("elicited: ")
    assert "; titles_taken -2 bits, elicited: " in copying.bits_source
