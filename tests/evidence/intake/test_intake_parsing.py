"""Times, prices and ratings as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.formats.parsing import parse_amount, parse_rating, parse_time, times

MOMENT = datetime(2014, 3, 2, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2014", datetime(2014, 1, 1, tzinfo=UTC), "year"),
        ("2014-03", datetime(2014, 3, 1, tzinfo=UTC), "month"),
        ("2014-03-02", datetime(2014, 3, 2, tzinfo=UTC), "day"),
        ("20140302", datetime(2014, 3, 2, tzinfo=UTC), "day"),
        ("2014-03-02 10:11", MOMENT.replace(second=0), "minute"),
        ("2014-03-02T10:11:12", MOMENT, "second"),
        ("2014-03-02T10:11:12Z", MOMENT, "second"),
        ("2014-03-02 12:11:12 +02:00", MOMENT, "second"),
        ("2014-03-02T04:41:12-0530", MOMENT, "second"),
        ("2014-03-02T10:11:12.5", MOMENT.replace(microsecond=500_000), "microsecond"),
        ("1393755072", MOMENT, "second"),
        ("1393755072.0", MOMENT, "second"),
        ("1393755072000", MOMENT, "second"),
        ("1393755072001", MOMENT.replace(microsecond=1000), "microsecond"),
    ],
)
def test_a_time_is_utc_and_knows_how_exact_it_is(text: str, at: datetime, precision: str) -> None:
    assert parse_time(text) == (at, precision)


@pytest.mark.parametrize(
    "text",
    ["", "someday", "2014-13-01", "2014-02-30", "03/02/2014", "12", "0001-01-01T00:00+14:00"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text) is None


@given(st.integers(600_000_000, 4_000_000_000), st.integers(-12 * 60, 14 * 60))
@settings(max_examples=50)
def test_any_iso_time_is_read_as_python_reads_it(epoch_s: int, minutes: int) -> None:
    at = datetime.fromtimestamp(epoch_s, timezone(timedelta(minutes=minutes)))
    found = parse_time(at.isoformat())
    assert found is not None
    assert found.at == at


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("0", 0.0, None),
        ("5e-05", 5e-05, None),
        ("0.05 BTC", 0.05, "BTC"),
        ("$1,234.50", 1234.5, "USD"),
        ("12,50 €", 12.5, "EUR"),
        ("1.234,50", 1234.5, None),
        ("1,234", 1234.0, None),
        ("1 234", 1234.0, None),
    ],
)
def test_a_price_is_a_number_and_its_currency(
    text: str, value: float, currency: str | None
) -> None:
    assert parse_amount(text) == (value, currency)


@pytest.mark.parametrize("text", ["", "N/A", "1e999", "free", "1,2,3.4.5"])
def test_what_is_no_price_is_none(text: str) -> None:
    assert parse_amount(text) is None


def test_a_rating_is_the_number_it_begins_with() -> None:
    assert [parse_rating(text) for text in ("4.9/5", "~98 %", "-3", "good")] == [
        (4.9, None),
        (98.0, None),
        (-3.0, None),
        None,
    ]


def test_absent_is_not_unread() -> None:
    found = times(pl.Series([None, "someday", "2014"]))
    assert found["unread"].to_list() == [False, True, False]
    assert found["precision"].to_list() == [None, None, "year"]
