import pytest

from features.pairs import Pairs
from features.wallet import Wallet
from tests.builders import CorpusBuilder

FEATURE = Wallet()
LEVELS = [None, *(level.name for level in FEATURE.levels)]
COIN = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
OTHER = "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM"


def level_of(builder):
    corpus = builder.build()
    survey = FEATURE.survey(corpus)
    traits = FEATURE.read(corpus, survey)
    level = LEVELS[FEATURE.compare(traits, survey, Pairs.of([0], [1])).level[0]]
    assert FEATURE.explain(traits, survey, (0, 1)).level == level
    return level


def posts(left, right):
    return CorpusBuilder().post("alder", "anvil", left).post("birch", "ladle", right)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (f"my address: {COIN}", f"send them to me, {COIN}", "same_given_by_two"),
        (f"my address: {COIN}", f"try {COIN}", "same_shown_by_two"),
        (f"my address: {COIN}", f"the scammer's wallet is {COIN}", "same_quoted"),
        (f"I sent 3 BTC to {COIN}", f"his address, {COIN}, is empty", "same_quoted"),
        (f"my address: {COIN}", f"my address: {OTHER}", None),
    ],
)
def test_who_calls_an_address_his_own_is_told_from_who_names_anothers(left, right, level):
    assert level_of(posts(left, right)) == level


def test_a_deposit_address_that_tags_give_to_an_exchange_is_nobodys():
    tag = {"kind": "wallet", "value": COIN, "label": "Kettle", "category": "exchange"}
    builder = posts(f"my address: {COIN}", f"my address: {COIN}")._add("tags", tag)
    assert level_of(builder) == "same_of_nobody"


@pytest.mark.parametrize(
    ("category", "level"),
    [
        ("exchange; hosted wallet", "same_of_nobody"),
        ("mixing_service", "same_of_nobody"),
        ("marketplace", "same_of_nobody"),
        ('Financial fraud; dark-web:topic="marketplace"', "same_given_by_two"),
        ("btc-wallet; perpetrator", "same_given_by_two"),
    ],
)
def test_a_category_is_told_from_the_marks_of_an_event(category, level):
    tag = {"kind": "wallet", "value": COIN, "label": "seen in a case", "category": category}
    builder = posts(f"my address: {COIN}", f"my address: {COIN}")._add("tags", tag)
    assert level_of(builder) == level


def test_an_address_that_tags_give_to_a_person_still_counts_and_is_named():
    tag = {"kind": "wallet", "value": COIN, "actor": "anvil", "category": "user", "said_by": "us"}
    builder = posts(f"my address: {COIN}", f"my address: {COIN}")._add("tags", tag)
    assert level_of(builder) == "same_given_by_two"


def test_an_escrow_address_that_many_show_weighs_nothing():
    builder = CorpusBuilder()
    for number in range(8):
        builder.listing(f"market {number}", f"anvil{number}", "lamp", description=f"pay to {COIN}")
    assert level_of(builder) == "same_known_to_many"
