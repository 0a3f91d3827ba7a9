from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from evidence.corpus import Corpus
from features.titles.texts import titles_of
from linkage.calibration import Scored, fit_curve, shrunk
from linkage.listing_pairs import known_pairs
from linkage.listing_training import (
    ACCOUNTS_MIN,
    SILVER_MIN,
    ListingTraining,
    train_listings,
    with_listings,
)
from linkage.model import load_model
from tests.builders import CorpusBuilder

GOODS = ("kettle", "lantern", "saddle", "whistle", "spoon", "anvil", "quill", "stool")
MANNERS = ("*{}*", "{}!!", "~ {} ~", "{} - best", "[{}]", "NEW {}", "{} (fresh)", "{}...")
ORIGINS = ("Peru", "Spain", "Poland", "Japan")
MOVERS = SILVER_MIN + 4


def stalls(movers: int = MOVERS) -> CorpusBuilder:
    """Sellers on two markets, each with goods and a manner; the first of one handle on both."""
    builder = CorpusBuilder()
    for market in ("harbour", "quay"):
        for number in range(ACCOUNTS_MIN // 2 + 5):
            hand = number if number < movers or market == "quay" else number + 1000
            name = f"mover{hand}" if number < movers else f"{market}{hand}"
            rng = np.random.default_rng([hand, len(market)])
            manner = MANNERS[hand % len(MANNERS)]
            for _ in range(4):
                goods = f"{rng.choice(GOODS)} no {hand} {rng.integers(1, 4)} g"
                goods += f" on {market}" if hand % 2 else ""
                origin = ORIGINS[hand % len(ORIGINS)]
                builder.listing(market, name, manner.format(goods), ships_from=origin)
    return builder


@cache
def sellers(movers: int = MOVERS) -> Corpus:
    return stalls(movers).build()


@cache
def training(movers: int = MOVERS) -> ListingTraining:
    trained = train_listings(sellers(movers), np.ones(sellers(movers).account_count, np.bool_))
    assert trained is not None
    return trained


def test_equal_handles_on_two_markets_are_what_bits_are_measured_on():
    source = training().weights["listing_text"]["titles_compared"]["across"].source
    assert (source.kind, source.n) == ("measured", MOVERS)
    assert "one handle on two markets" in source.text
    assert source.not_validated is None
    here = training().weights["listing_text"]["titles_compared"]["same"].source
    assert "measured between two markets" in here.not_validated


@pytest.mark.parametrize("feature", ["listing_text", "shipping", "product_mix"])
def test_more_alike_is_more_bits(feature):
    (compared, *_) = training().weights[feature].values()
    for weight in compared.values():
        bits = weight.curve.bits(np.array([-2, 0, 4], np.float32), np.ones(3, np.int32))
        assert (np.diff(bits) >= 0).all()


def test_repeated_titles_beside_unlike_ones_never_speak_for_one_hand():
    weight = training().weights["listing_text"]["titles_repeated"]["across"]
    assert weight.bits is not None
    assert weight.bits <= 0
    assert weight.source.kind == "measured"


def test_titles_that_are_alike_without_repeating_any_may_say_more_and_no_less():
    weights = training().weights["listing_text"]
    curves = [weights[level]["across"].curve for level in ("titles_compared", "titles_alike")]
    values = np.linspace(-4, 20, 50, dtype=np.float32)
    bits = [curve.bits(values, np.ones(50, np.int32)) for curve in curves]
    assert (bits[1] - bits[0] >= -0.5).all()
    assert curves[1].cap_bits > curves[0].cap_bits
    assert weights["titles_taken"] == weights["titles_compared"]


def test_titles_at_their_cap_are_no_lead_by_themselves():
    rules = load_model().rules
    for trained in (training().weights["listing_text"], rules.weights["listing_text"]):
        cap = trained["titles_compared"]["across"].curve.cap_bits
        assert (
            1 / (1 + 2 ** -(rules.priors["across"].bits + cap)) < rules.thresholds.lead_probability
        )


def test_without_known_movers_accounts_are_cut_in_two_and_the_rest_is_worth_nothing():
    trained = training(movers=0)
    source = trained.weights["listing_text"]["titles_compared"]["across"].source
    assert "cut in two" in source.text
    assert trained.weights["shipping"] == trained.weights["product_mix"] == {}


def test_few_sellers_teach_nothing():
    corpus = sellers()
    members = np.arange(corpus.account_count) < ACCOUNTS_MIN - 1
    assert train_listings(corpus, members) is None
    assert with_listings(load_model(), None) is not None


def test_equal_listings_make_equal_bytes():
    again = train_listings(sellers(), np.ones(sellers().account_count, np.bool_))
    assert again is not None
    assert again.weights == training().weights
    for name, array in training().fitted.items():
        assert again.fitted[name].tobytes() == array.tobytes()


def test_who_shows_a_same_title_under_an_unlike_handle_is_neither_same_nor_other():
    builder = CorpusBuilder()
    for number in range(12):
        builder.listing("harbour", f"one{number}", "the same old copper kettle")
        builder.listing("quay", f"two{number}", "the same old copper kettle")
    builder.listing("harbour", "ada", "a spoon").listing("quay", "Ada", "a ladle")
    corpus = builder.build()
    known = known_pairs(corpus, titles_of(corpus))
    ids = corpus.accounts["account_id"]
    pairs = [
        {ids[int(a)], ids[int(b)]} for a, b in zip(known.pairs.left, known.pairs.right, strict=True)
    ]
    assert [pair for pair, same in zip(pairs, known.same, strict=True) if same] == [
        {"harbour:ada", "quay:Ada"}
    ]
    assert all(pair & {"harbour:ada", "quay:Ada"} for pair in pairs)


def test_strangers_of_every_two_markets_are_drawn_alike_however_many_sell_there(monkeypatch):
    monkeypatch.setattr("linkage.listing_pairs.OTHERS", 20)
    builder = CorpusBuilder()
    sizes = {"harbour": 30, "quay": 12, "pier": 5}
    for number, (market, size) in enumerate(sizes.items()):
        for seller in range(size):
            builder.listing(market, f"seller{number}{seller}", f"kettle of {number} and {seller}")
    corpus = builder.build()
    known = known_pairs(corpus, titles_of(corpus))
    market = corpus.accounts["market"].to_numpy()
    drawn = Counter(
        frozenset((market[left], market[right]))
        for left, right in zip(known.pairs.left, known.pairs.right, strict=True)
    )
    assert drawn == {frozenset(two): 20 for two in combinations(sizes, 2)}


def test_what_only_repeats_another_measure_is_shrunk_to_nothing():
    rng = np.random.default_rng(0)
    same = np.arange(2000) % 2 == 0
    other = same + rng.normal(size=2000)
    repeats, adds = other + rng.normal(size=2000), same + rng.normal(size=2000)
    left = []
    for own in (repeats, adds):
        scored = Scored(own, np.ones(2000, np.int64), same)
        alone = fit_curve(scored, (-6.0, 6.0), by_count=False)
        left.append(shrunk(alone, (np.array([own, other]), same)).value / alone.value)
    assert left[0] < 0.2 < 0.8 < left[1]
