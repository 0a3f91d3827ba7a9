import numpy as np
import pytest

from evidence.errors import RefusedInput
from features.alias import Alias
from linkage.alias_judgement import JUDGED, ON_ONE_MARKET
from linkage.alias_training import (
    PAIRS_LEAST,
    Chance,
    allowed_bits,
    count_chance,
    weights_of,
    with_alias,
)
from linkage.model import RELATIONS, load_model
from linkage.ratios import interval
from tests.builders import CorpusBuilder

LEVELS = [level.name for level in Alias.levels]


def a_corpus(accounts=700):
    rng = np.random.default_rng(3)
    builder = CorpusBuilder()
    for number in range(accounts):
        name = "".join(rng.choice(list("abdegiklmnoprstu"), 9))
        builder.account(("harbour", "quay")[number % 2], f"{name}{number}", "sells lamps")
    builder.account("harbour", "mapledesk", "sells lamps").account("quay", "Maple_Desk", "sells")
    return builder.build()


def a_chance(**across):
    levels = dict.fromkeys(LEVELS, 0)
    return Chance(levels | across, 1_000_000, levels, 500_000, ("a source",))


def test_chance_is_counted_over_all_pairs_of_two_markets_and_of_one():
    chance = count_chance(a_corpus())
    assert chance.across_pairs == 351 * 351
    assert chance.same_pairs == 351 * 350
    assert chance.across["same_folded_handle_unique"] == 1
    assert chance.across_pairs == sum(chance.across.values())
    assert chance.trained_on == (CorpusBuilder().source_id,)


def test_too_few_handles_measure_no_chance():
    with pytest.raises(RefusedInput, match=f"needs {PAIRS_LEAST:,}"):
        count_chance(a_corpus(accounts=60))


def test_every_level_is_judged_on_two_markets_and_on_one():
    assert sorted(JUDGED) == sorted(ON_ONE_MARKET) == sorted(LEVELS)
    assert sum(judged.share for judged in JUDGED.values()) == pytest.approx(1)


def test_bits_are_what_is_judged_or_the_less_that_chance_allows():
    weights = weights_of(a_chance(same_handle_unique=20_000))
    crowded, judged = weights["same_handle_unique"]["across"], JUDGED["same_handle_unique"]
    assert crowded.bits == round(allowed_bits(judged.share, 20_000, 1_000_000), 1) < judged.bits
    assert weights["same_words_unique"]["across"].bits == JUDGED["same_words_unique"].bits


def test_every_weight_says_what_was_counted_and_keeps_its_range():
    for level, by_relation in weights_of(a_chance()).items():
        assert set(by_relation) == set(RELATIONS)
        source = by_relation["across"].source
        assert "of 1,000,000 pairs of handles of two markets" in source.text
        assert source.low == pytest.approx(by_relation["across"].bits - JUDGED[level].range_bits)


def test_a_rarer_handle_is_never_worth_less_and_a_look_alike_of_one_market_nothing():
    weights = weights_of(a_chance())
    for kind in ("same_handle", "same_folded_handle", "same_words", "edited_handle"):
        bits = [weights[f"{kind}_{band}"]["across"].bits for band in ("unique", "rare", "common")]
        assert bits == sorted(bits, reverse=True)
    assert max(by_relation["same"].bits for by_relation in weights.values()) == 0


def test_the_interval_is_the_exact_one():
    low, high = interval(0, 100)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 100))
    assert interval(100, 100)[1] == 1.0


def test_the_new_bits_replace_the_old_and_the_source_is_named():
    model = with_alias(load_model(), a_chance())
    assert set(model.rules.weights["alias"]) == set(LEVELS)
    assert "a source" in model.rules.trained_on
    assert model.rules.weights["pgp_key"] == load_model().rules.weights["pgp_key"]
