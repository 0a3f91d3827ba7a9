"""How common a key is, where it is not known when some showed it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from features.pairs import Pairs
from features.pgp_key import LARGEST_BLOCK, PgpKey
from tests.builders import CorpusBuilder
from tests.keys import KeyMaker, key_maker

EARLY = datetime(2014, 3, 1, tzinfo=UTC)
BEGUN = {"stated_at": EARLY, "stated_precision": "day"}
LATER = {"stated_at": EARLY + timedelta(days=90), "stated_precision": "day"}


@pytest.fixture(scope="module")
def maker() -> Iterator[KeyMaker]:
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module")
def block(maker: KeyMaker) -> str:
    return maker.block(maker.key("Nobody <nobody@x.example>"))


def level_of_two_beside(block: str, crowd: int, **when: object) -> str:
    """The level of two accounts that showed a key on known days, beside a crowd that did then."""
    builder = CorpusBuilder()
    builder.listing("harbour", "oak", "a kettle", description=block, **BEGUN)
    builder.listing("lantern", "elm", "a lamp", description=block, **LATER)
    for number in range(crowd):
        builder.listing("quarry", f"zed {number}", "a spoon", description=block, **when)
    corpus, feature = builder.build(), PgpKey()
    survey = feature.survey(corpus)
    found = feature.compare(feature.read(corpus, survey), survey, Pairs.of([0], [1]))
    return feature.levels[found.level[0] - 1].name


def test_who_comes_later_makes_a_key_no_commoner(block: str):
    much_later = {"stated_at": EARLY + timedelta(days=900), "stated_precision": "day"}
    alone = level_of_two_beside(block, 0)
    assert level_of_two_beside(block, 20, **much_later) == alone == "same_key_owned"


def test_who_showed_it_at_an_unknown_time_may_have_shown_it_before(block: str):
    assert level_of_two_beside(block, 20) == "same_key_many"


def test_no_crowd_hides_two_who_signed(maker: KeyMaker):
    key, builder = maker.key("Teal <teal@x.example>"), CorpusBuilder()
    for market in ("harbour", "lantern"):
        handle = f"teal of {market}"
        words = maker.block(key) + maker.sign(key, f"I am {handle}")
        builder.post(market, handle, words)
    for number in range(LARGEST_BLOCK + 1):
        builder.listing("quarry", f"zed {number}", "a spoon", description=maker.block(key))
    corpus, feature = builder.build(), PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    [pair] = feature.meet(traits, survey).keys
    found = feature.explain(traits, survey, (int(pair >> 32), int(pair & 0xFFFFFFFF)))
    assert found.level == "same_key_proved"
