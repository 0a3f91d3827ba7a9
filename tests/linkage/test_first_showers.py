"""Who showed a value first copied it from nobody who showed it later."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from evidence.records import UTC_TIME
from linkage.first_showers import with_first_showers

START = datetime(2016, 1, 1, tzinfo=UTC)


def day(number):
    return None if number is None else START + timedelta(days=number)


def who_copies(*shown, first_seen=(0, 0), not_before=(None, None), others=(), copier="unknown"):
    """Of accounts L and R, which show values at (left day, right day) each."""
    links = pl.DataFrame(
        [("L", "R", "copies", copier)],
        schema=("left", "right", "verdict", "copier"),
        orient="row",
    )
    rows = [
        ("key", f"K{number}", account, day(at))
        for number, times in enumerate(shown)
        for account, at in zip("LR", times, strict=True)
    ]
    rows += [("key", value, account, day(at)) for value, account, at in others]
    schema = {"kind": pl.String(), "value": pl.String(), "account_id": pl.String()}
    seen = pl.DataFrame(rows, schema={**schema, "seen_at": UTC_TIME}, orient="row")
    ages = [(a, day(f), day(n)) for a, f, n in zip("LR", first_seen, not_before, strict=True)]
    ages += [(account, day(0), None) for _, account, _ in others]
    accounts = pl.DataFrame(
        ages,
        schema={"account_id": pl.String(), "first_seen_at": UTC_TIME, "not_before_at": UTC_TIME},
        orient="row",
    )
    return with_first_showers(links, seen, accounts)["copier"].item()


@pytest.mark.parametrize(("times", "copier"), [((40, 90), "R"), ((90, 40), "L")])
def test_who_shows_later_what_he_long_did_without_copies(times, copier):
    assert who_copies(times) == copier


@pytest.mark.parametrize("times", [(40, 40), (40, None), (None, 90)])
def test_without_a_clear_order_nobody_is_called_a_copier(times):
    assert who_copies(times) == "unknown"


def test_who_shows_it_from_the_first_that_is_seen_of_him_may_have_had_it_before():
    assert who_copies((40, 90), first_seen=(0, 80)) == "unknown"
    assert who_copies((40, 90), first_seen=(0, 80), not_before=(None, 80)) == "R"


def test_where_somebody_else_showed_it_before_both_either_may_have_it_from_him():
    assert who_copies((40, 90), others=[("K0", "Z", 3)]) == "unknown"
    assert who_copies((40, 90), others=[("K0", "Z", 300)]) == "R"


def test_two_values_that_tell_different_things_tell_nothing():
    assert who_copies((40, 90), (90, 40)) == "unknown"
    assert who_copies((40, 90), (50, 95)) == "R"


def test_what_handles_told_is_taken_back_where_a_value_is_anothers():
    shown = {"others": [("K0", "Z", 3)], "copier": "R"}
    assert who_copies((40, 90), **shown) == "unknown"
    assert who_copies((None, 90), **shown) == "R"


def test_a_copier_who_is_known_stays():
    assert who_copies((90, 40), copier="R") == "R"


def test_without_copies_there_is_nothing_to_ask():
    links = pl.DataFrame({"left": "L", "right": "R", "verdict": "same", "copier": None})
    assert with_first_showers(links, pl.DataFrame(), pl.DataFrame()).equals(links)
