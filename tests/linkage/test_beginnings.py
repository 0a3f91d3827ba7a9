"""Who is first seen late may have been there long before."""

from datetime import UTC, datetime, timedelta

import pytest

from linkage.beginnings import not_before
from tests.builders import CorpusBuilder

OPENED = datetime(2015, 1, 1, tzinfo=UTC)
SCRAPED = datetime(2016, 1, 1, tzinfo=UTC)


def day(number):
    return SCRAPED + timedelta(days=number)


def a_market(*posts, **market):
    """The harbour, watched from SCRAPED on, with somebody there at once, and another's posts."""
    builder = CorpusBuilder().market("harbour", **market)
    builder.post("harbour", "zed", "hello", stated_at=SCRAPED)
    for number in posts:
        builder.post("harbour", "ann", f"hello {number}", stated_at=day(number))
    return builder


def of_ann(builder):
    return not_before(builder.build())[0]


def test_who_was_there_when_a_market_was_scraped_first_may_have_begun_at_any_time():
    assert of_ann(a_market(3, 9, 20)) is None


def test_who_is_seen_long_after_the_first_of_his_market_is_new_there():
    assert of_ann(a_market(60, 63, 70)) == day(60)


@pytest.mark.parametrize("posts", [(60,), (60, 100, 140)])
def test_who_is_seen_seldom_may_have_been_missed_before(posts):
    assert of_ann(a_market(*posts)) is None


def test_nobody_begins_before_his_market_opens():
    assert of_ann(a_market(3, 9, opened_at=OPENED)) == OPENED


def test_a_registration_that_a_profile_states_is_when_an_account_began():
    registered = a_market(3, 9).account("harbour", "ann", "hello", stated_at=day(2))
    assert of_ann(registered) == day(2)


def test_whoever_wrote_before_the_registration_that_is_stated_began_then():
    registered = a_market(3, 9).account("harbour", "ann", "hello", stated_at=day(5))
    assert of_ann(registered) == day(3)


def test_of_who_left_nothing_dated_nothing_is_known():
    assert of_ann(CorpusBuilder().account("harbour", "ann", "hello")) is None
