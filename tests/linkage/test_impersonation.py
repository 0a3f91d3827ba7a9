from datetime import UTC, datetime

import polars as pl
import pytest

from linkage.impersonation import copier, first_bearers

EARLY, LATER_THAT_DAY, LATE = (
    datetime(2015, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 8), (1, 20), (9, 8))
)
ALL_KNOWN = {"left_is_first": True, "right_is_first": True, "alike_handles": True}


def who_copies(left_seen, right_seen, **else_known):
    times = {
        "left_seen": left_seen,
        "left_not_before": left_seen,
        "right_seen": right_seen,
        "right_not_before": right_seen,
    }
    row = {"left": "L", "right": "R", **times, **ALL_KNOWN, **else_known}
    schema = dict.fromkeys(times, pl.Datetime("us", "UTC"))
    frame = pl.DataFrame([row], schema_overrides=schema)
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
def test_whose_handle_is_later_by_more_than_a_day_is_the_copier(left_seen, right_seen, expected):
    assert who_copies(left_seen, right_seen) == expected


def test_who_may_have_been_there_before_he_was_seen_is_not_called_a_copier():
    assert who_copies(EARLY, LATE, right_not_before=None) == "unknown"
    assert who_copies(EARLY, LATE, right_not_before=EARLY) == "unknown"


def test_who_was_seen_first_may_have_come_from_anywhere():
    assert who_copies(EARLY, LATE, left_not_before=None) == "R"


def test_where_somebody_else_bore_the_handle_before_both_it_is_not_said_who_copies():
    assert who_copies(EARLY, LATE, left_is_first=False) == "unknown"


def test_without_handles_alike_the_ages_of_accounts_do_not_say_who_copies():
    assert who_copies(EARLY, LATE, alike_handles=False) == "unknown"


def test_the_first_bearer_of_a_handle_is_who_was_seen_before_all_others():
    accounts = pl.DataFrame(
        {
            "folded_handle": ["ann", "ann", "bob", "bob", "cleo"],
            "first_seen_at": [LATE, EARLY, EARLY, EARLY, None],
        }
    )
    assert first_bearers(accounts).to_list() == [False, True, True, True, False]
