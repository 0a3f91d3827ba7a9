from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from features.activity import Activity
from features.pairs import Pairs
from features.times.hours import MIN_HOURS
from tests.builders import CorpusBuilder

FEATURE = Activity()
LEVELS = [None, *(level.name for level in FEATURE.levels)]
MONDAY = datetime(2018, 1, 1, tzinfo=UTC)
MORNING, EVENING = range(6, 12), range(17, 23)


def a_builder():
    """A forum whose other people are active around the clock."""
    builder = CorpusBuilder()
    for number in range(40):
        write(builder, ("forum", f"zz{number:02}"), range(24), seed=100 + number)
    return builder


def write(builder, owner, hours, *, count=40, begin=MONDAY, **values):
    """Posts at random hours of these, one every second day."""
    rng = np.random.default_rng(values.pop("seed", 0))
    stated = {"stated_precision": "minute", **values}
    for day in range(count):
        at = begin + timedelta(days=2 * day, hours=int(rng.choice(hours)), minutes=5)
        builder.post(*owner, "the kettle boils", stated_at=at, **stated)
    return builder


def level_of(builder, left, right):
    corpus = builder.build()
    traits = FEATURE.read(corpus, None)
    ids = corpus.accounts["account_id"].to_list()
    pair = tuple(sorted((ids.index(":".join(left)), ids.index(":".join(right)))))
    outcome = FEATURE.compare(traits, None, Pairs.of(pair[:1], pair[1:]))
    finding = FEATURE.explain(traits, None, pair)
    assert finding.level == LEVELS[outcome.level[0]]
    return finding


A, B = ("forum", "anvil"), ("forum", "ladle")


def two(hours, other, **values):
    builder = write(a_builder(), A, hours, seed=1, **values)
    return write(builder, B, other, seed=2, **values)


def test_the_same_hours_of_the_day_speak_for_one_hand():
    assert level_of(two(EVENING, EVENING), A, B).level == "hours_alike"


def test_opposite_hours_speak_against():
    assert level_of(two(EVENING, MORNING), A, B).level == "hours_unlike"


def test_hours_that_everybody_keeps_say_nothing():
    assert level_of(two(range(24), range(24)), A, B).level == "hours_usual"


def test_midnight_joins_its_two_sides():
    assert level_of(two([22, 23, 0], [23, 0, 1]), A, B).level == "hours_alike"


@pytest.mark.parametrize(
    "values",
    [{"stated_precision": "day"}, {"count": MIN_HOURS - 1}],
    ids=["no time of day", "too few hours"],
)
def test_without_enough_hours_there_is_nothing_to_compare(values):
    finding = level_of(two(EVENING, EVENING, **values), A, B)
    assert finding.level is None
    assert "with a time of day on the left and the right" in finding.sentence


def test_midnight_to_the_microsecond_is_a_date():
    builder = a_builder()
    for owner in (A, B):
        for day in range(40):
            builder.post(
                *owner, "x", stated_at=MONDAY + timedelta(days=day), stated_precision="second"
            )
    assert level_of(builder, A, B).level is None


def test_one_sitting_of_many_posts_is_one_hour():
    builder = a_builder()
    for owner in (A, B):
        for minute in range(60):
            at = MONDAY + timedelta(hours=20, minutes=minute)
            builder.post(*owner, "x", stated_at=at, stated_precision="minute")
    assert level_of(builder, A, B).level is None


def test_the_explanation_tells_the_hours_and_cites_first_and_last_records():
    finding = level_of(two(EVENING, EVENING), A, B)
    assert "active at like hours: the left in 40 hours, least between" in finding.sentence
    assert len(finding.citations) == 4


def test_more_hours_than_were_validated_count_as_so_many():
    builder = two(EVENING, EVENING, count=90)
    corpus = builder.build()
    traits = FEATURE.read(corpus, None)
    assert FEATURE.compare(traits, None, Pairs.of([0], [1])).count[0] == 70


CLOSING = datetime(2019, 3, 1, tzinfo=UTC)
OLD, NEW = ("alder", "anvil"), ("birch", "ladle")


def a_closing(*, began=20, stopped=5, running=200, closing="day"):
    """An account of a market that closes, and one that begins `began` days later elsewhere."""
    builder = CorpusBuilder().market("birch")
    builder.market("alder", closed_at=CLOSING, closed_precision=closing)
    for owner, days in ((OLD, -stopped), (OLD, -stopped - 50), (NEW, began), (NEW, began + 30)):
        at = CLOSING + timedelta(days=days)
        builder.listing(*owner, "lamp", stated_at=at, stated_precision="day")
    early = CLOSING - timedelta(days=running)
    return builder.listing("birch", "zz", "lamp", stated_at=early, stated_precision="day")


def test_who_begins_elsewhere_within_weeks_after_a_closing_may_take_over():
    finding = level_of(a_closing(), OLD, NEW)
    assert finding.level == "takes_over"
    assert "the left was last seen on 2019-02-24, as its market closed" in finding.sentence
    assert "the right began elsewhere on 2019-03-21" in finding.sentence


@pytest.mark.parametrize(
    "changes",
    [{"began": -3}, {"began": 90}, {"stopped": 80}, {"running": 30}],
    ids=["began before", "began long after", "was gone before", "the other market was new"],
)
def test_others_take_nothing_over(changes):
    assert level_of(a_closing(**changes), OLD, NEW).level is None


def test_like_hours_and_a_closing_add_up():
    builder = a_builder().market("alder", closed_at=CLOSING, closed_precision="day")
    write(builder, OLD, EVENING, begin=CLOSING - timedelta(days=82), seed=1)
    write(builder, ("forum", "ladle"), EVENING, begin=CLOSING + timedelta(days=9), seed=2)
    found = level_of(builder, OLD, ("forum", "ladle"))
    assert found.level == "hours_alike_and_takes_over"


def test_nobody_is_brought_together_by_the_hours_he_keeps():
    corpus = two(EVENING, EVENING).build()
    assert len(FEATURE.meet(FEATURE.read(corpus, None), None)) == 0
