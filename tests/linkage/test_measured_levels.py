"""Bits of activity, contact and wallet, measured on invented forums."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evidence.errors import RefusedInput
from features.contact import Contact
from linkage.activity_training import train_activity, with_activity
from linkage.model import load_model
from linkage.ratios import Ratio
from linkage.value_training import count_levels
from tests.builders import CorpusBuilder

MODEL = load_model()
BEGIN = datetime(2019, 1, 1, tzinfo=UTC)


def a_forum_of_habits(authors):
    """Each author posts around an hour of his own."""
    builder = CorpusBuilder()
    for number in range(authors):
        rng = np.random.default_rng(number)
        middle = 24 * number / authors
        for day in range(60):
            hour = (middle + rng.normal(0, 2)) % 24
            at = BEGIN + timedelta(days=2 * day, hours=hour)
            body = "the kettle boils on the stove and the lamp is lit"
            builder.post("forum", f"author{number}", body, stated_at=at, stated_precision="second")
    return builder.build()


def test_the_bits_of_like_hours_are_measured_on_halves_of_authors():
    training = train_activity(a_forum_of_habits(64), MODEL)
    curve = training.weights["hours_alike"]["across"].curve
    value, count = np.array([0.1, 0.5, 1.0], np.float32), np.full(3, 30, np.int32)
    bits = curve.bits(value, count)
    assert training.author_count == 64
    assert (np.diff(bits) > 0).all()
    assert 0 < bits[-1] < 4
    assert training.weights["hours_unlike"]["same"].bits == -2.0
    judged = with_activity(MODEL, training).rules.weights["activity"]
    assert judged["takes_over"] == MODEL.rules.weights["activity"]["takes_over"]


def test_a_handful_of_authors_teaches_nothing():
    with pytest.raises(RefusedInput, match="add forum posts"):
        train_activity(a_forum_of_habits(5), MODEL)


def test_shared_contacts_are_counted_for_halves_of_an_author_and_for_two_authors():
    builder = CorpusBuilder()
    for number in range(4):
        for day in range(4):
            body = f"write me at lamp{number}@mail.example, I answer every letter in a day"
            at = BEGIN + timedelta(days=day)
            builder.post("forum", f"author{number}", body, stated_at=at, stated_precision="day")
    counted = count_levels(builder.build(), Contact())
    assert counted["same_given_by_two"] == Ratio(4, 4, 0, 6)
    assert counted["different_contacts"] == Ratio(0, 4, 6, 6)


def test_what_never_came_out_bounds_its_bits():
    ratio = Ratio(5, 10, 0, 1000)
    least, most = ratio.interval_bits
    assert least < ratio.bits < most
    assert least == pytest.approx(np.log2(0.157 / 0.00437), abs=0.05)
