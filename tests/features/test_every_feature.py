"""What holds for every feature, whatever it reads."""

import io
from dataclasses import fields, is_dataclass
from functools import cache

import numpy as np
import polars as pl
import pytest
from PIL import Image
from pysequoia import Tsk

from evidence.masking import mask
from features.alias import Alias
from features.feature import Forgeable
from features.pairs import Pairs
from features.pgp_key import PgpKey
from features.photo import Photo
from tests.builders import CorpusBuilder

FEATURES = (Alias, PgpKey, Photo)
ACCOUNTS = 60
TREES = ("oak", "elm", "ash", "fir", "yew", "bay", "lime", "pine", "plum", "rowan")
NAMES = tuple(f"{tree}{thing}" for tree in TREES for thing in ("table", "kettle", "lamp"))
OTHER_NAMES = tuple(f"{thing}of{tree}" for tree in TREES for thing in ("quill", "anvil", "ladle"))

every_feature = pytest.mark.parametrize("kind", FEATURES, ids=lambda kind: kind.name)


@cache
def a_key(hand):
    return str(Tsk.generate(f"hand {hand} <{hand}@example.org>").extract_certificate())


@cache
def a_picture(hand):
    rng = np.random.default_rng(hand)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
    out = io.BytesIO()
    small.resize((120, 90), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


@cache
def world(names=NAMES, backwards=False):
    """Accounts 2k and 2k + 1 are of one hand, by name, words, key or picture; not all have all."""
    builder = CorpusBuilder()
    for number in range(ACCOUNTS):
        hand, side = divmod(number, 2)
        place = ACCOUNTS - 1 - number if backwards else number
        owner = (f"market {place:03}", names[hand] + ("" if side else "_2020"))
        builder.account(*owner, f"{owner[1]} sells lamps")
        rng = np.random.default_rng(hand * 2 + side)
        for _ in range(3 if hand % 6 else 0):
            builder.listing(*owner, " ".join(rng.choice(TREES, 4)) + f" no {hand}!")
        if hand % 4 == 0:
            builder.post(*owner, f"this is {owner[1]} speaking\n{a_key(hand)}")
        if hand % 5 == 0:
            builder.photo(*owner, a_picture(hand))
    return builder.build()


def prepared(kind, corpus):
    feature = kind.from_fitted(None)
    survey = feature.survey(corpus)
    return feature, survey, feature.read(corpus, survey)


@cache
def read_world(kind):
    return prepared(kind, world())


def all_pairs(count=ACCOUNTS):
    return Pairs.of(*np.triu_indices(count, 1))


def assert_one_outcome(one, other):
    np.testing.assert_array_equal(one.level, other.level)
    np.testing.assert_array_equal(one.count, other.count)
    np.testing.assert_allclose(one.value, other.value, rtol=1e-5, atol=1e-6)


def assert_same(one, other):
    """Equal, down to the arrays and tables within."""
    assert type(one) is type(other)
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple | list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, pl.DataFrame | pl.Series):
        assert one.equals(other)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    elif hasattr(one, "tocsr"):
        assert (one != other).nnz == 0
    else:
        assert one == other


@every_feature
def test_a_feature_says_what_it_cannot_see_and_names_its_levels(kind):
    assert "Blind spot: " in kind.__doc__
    assert kind.__doc__.splitlines()[0].endswith("?")
    assert kind.name.isidentifier()
    assert kind.family.isidentifier()
    names = [level.name for level in kind.levels]
    assert len(set(names)) == len(names) < 127
    for level in kind.levels:
        assert level.forgeable in Forgeable.__args__
        assert (level.binds == "none") or level.forgeable == "infeasible"


@every_feature
def test_the_feature_finds_something_in_the_world(kind):
    feature, survey, traits = read_world(kind)
    assert len(feature.meet(traits, survey)) > 0
    assert feature.compare(traits, survey, all_pairs()).level.any()


@every_feature
def test_levels_are_declared_and_columns_have_their_types(kind):
    feature, survey, traits = read_world(kind)
    pairs = all_pairs()
    outcome = feature.compare(traits, survey, pairs)
    assert (outcome.level.dtype, outcome.value.dtype, outcome.count.dtype) == (
        np.dtype("i1"),
        np.dtype("f4"),
        np.dtype("i4"),
    )
    assert outcome.level.shape == outcome.value.shape == outcome.count.shape == (len(pairs),)
    assert outcome.level.min() >= 0
    assert outcome.level.max() <= len(kind.levels)
    assert not outcome.count[outcome.level == 0].any()
    assert np.isnan(outcome.value[outcome.level == 0]).all()


@every_feature
def test_reading_twice_gives_the_same(kind):
    _, survey, traits = read_world(kind)
    _, again_survey, again = prepared(kind, world())
    assert_same(survey, again_survey)
    assert_same(traits, again)


@every_feature
def test_the_order_of_the_sides_does_not_matter(kind):
    feature, survey, traits = read_world(kind)
    other, other_survey, other_traits = prepared(kind, world(backwards=True))
    pairs = all_pairs()
    turned = other.compare(other_traits, other_survey, pairs)
    last = ACCOUNTS - 1
    place = np.searchsorted(
        pairs.keys,
        (last - pairs.right).astype(np.uint64) << np.uint64(32) | (last - pairs.left),
    )
    straight = feature.compare(traits, survey, pairs)
    assert_one_outcome(
        straight, type(turned)(turned.level[place], turned.value[place], turned.count[place])
    )
    met = feature.meet(traits, survey)
    met_turned = other.meet(other_traits, other_survey)
    assert_same(met, Pairs.of(last - met_turned.left, last - met_turned.right))


@every_feature
def test_a_pair_is_judged_alike_whoever_else_is_compared(kind):
    feature, survey, traits = read_world(kind)
    pairs = all_pairs()
    outcome = feature.compare(traits, survey, pairs)
    some = np.flatnonzero((outcome.level > 0) | (np.arange(len(pairs)) % 7 == 0))[::3]
    alone = feature.compare(traits, survey, pairs.take(some))
    assert_one_outcome(
        alone, type(outcome)(outcome.level[some], outcome.value[some], outcome.count[some])
    )
    assert len(feature.compare(traits, survey, Pairs.none()).level) == 0


@every_feature
def test_accounts_that_meet_are_accounts_of_the_corpus(kind):
    feature, survey, traits = read_world(kind)
    pairs = feature.meet(traits, survey)
    assert (pairs.left < pairs.right).all()
    assert pairs.right.max() < ACCOUNTS
    assert (np.diff(pairs.keys.astype(np.float64)) > 0).all()


@every_feature
def test_the_explanation_names_the_level_and_cites_its_sources(kind):
    feature, survey, traits = read_world(kind)
    pairs = all_pairs()
    outcome = feature.compare(traits, survey, pairs)
    chosen = np.union1d(np.flatnonzero(outcome.level)[:40], np.flatnonzero(outcome.level == 0)[:5])
    rows = {
        row
        for table in (world().texts, world().photos, world().profiles)
        for row in table["row_id"].to_list()
    }
    for at in chosen:
        pair = (int(pairs.left[at]), int(pairs.right[at]))
        finding = feature.explain(traits, survey, pair)
        level = outcome.level[at]
        assert finding.level == (kind.levels[level - 1].name if level else None)
        assert finding.sentence
        assert bool(finding.citations) or not level
        assert {citation.row_id for citation in finding.citations} <= rows


@every_feature
def test_what_is_missing_is_nothing_to_compare(kind):
    builder = CorpusBuilder()
    for number in range(3):
        builder.account(f"market {number}", f"account {number}")
    feature, survey, traits = prepared(kind, mask(builder.build(), ["handle"]))
    assert not feature.compare(traits, survey, all_pairs(3)).level.any()
    assert len(feature.meet(traits, survey)) == 0
    assert feature.explain(traits, survey, (0, 1)).level is None


@every_feature
def test_nobody_at_all_is_no_error(kind):
    feature, survey, traits = prepared(kind, CorpusBuilder().build())
    assert len(feature.meet(traits, survey)) == 0
    assert len(feature.compare(traits, survey, Pairs.none()).level) == 0


@every_feature
def test_what_hides_behind_a_mask_changes_no_outcome(kind):
    outcomes = []
    for names in (NAMES, OTHER_NAMES):
        feature, survey, traits = prepared(kind, mask(world(names), ["handle"]))
        outcomes.append(feature.compare(traits, survey, all_pairs()))
    assert_one_outcome(*outcomes)
