from datetime import UTC, datetime

import polars as pl
import pytest

from linkage.impersonation import copier

EARLY, LATER_THAT_DAY, LATE = (
    datetime(2015, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 8), (1, 20), (9, 8))
)


def who_copies(left_seen, right_seen):
    times = {"left_seen": [left_seen], "right_seen": [right_seen]}
    schema = dict.fromkeys(times, pl.Datetime("us", "UTC"))
    frame = pl.DataFrame(times, schema=schema).with_columns(left=pl.lit("L"), right=pl.lit("R"))
    return frame.select(copier("left", "right")).item()


@pytest.mark.parametrize(
    ("left_seen", "right_seen", "expected"),
    [
        (EARLY, LATE, "R"),
        (LATE, EARLY, "L"),
        (EARLY, LATER_THAT_DAY, "unknown"),
        (EARLY, None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_who_was_seen_later_by_more_than_a_day_is_the_copier(left_seen, right_seen, expected):
    assert who_copies(left_seen, right_seen) == expected
