"""Times, prices and ratings as people write them; what cannot be read is None."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

import polars as pl

from evidence.records import UTC_TIME

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_TEXT = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16})(?:\.(\d{1,6})\d*)?")
ISO_TEXT = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?)?)?",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"[-+]?\d(?:[\d.,' \u00a0]*\d)?(?:[eE][-+]?\d+)?")
RATING = re.compile(r"\s*~?\s*([-+]?\d+(?:[.,]\d+)?)")
CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₿": "BTC", "฿": "BTC", "¥": "JPY"}
CURRENCY_CODE = re.compile(r"[A-Za-z]{3,4}")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+")

Parsed = TypeVar("Parsed")


class Moment(NamedTuple):
    """A time in UTC and how exact it is (one of `records.PRECISIONS`)."""

    at: datetime
    precision: str


class Amount(NamedTuple):
    """A number, and the currency that stands beside it, if any."""

    value: float
    currency: str | None


def parse_time(text: str) -> Moment | None:
    """A time from ISO 8601 text (without a zone: UTC) or seconds, ms or µs since 1970."""
    text = text.strip()
    try:
        epoch = EPOCH_TEXT.fullmatch(text)
        return _from_epoch(epoch) if epoch else _from_iso(ISO_TEXT.fullmatch(text))
    except (ValueError, OverflowError):
        return None


def _from_epoch(found: re.Match[str]) -> Moment:
    digits, fraction = found[1], found[2] or ""
    unit_digits = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6}[len(digits)]
    micros = int(digits) * 10 ** (6 - unit_digits)
    if unit_digits == 0:
        micros += int(fraction.ljust(6, "0") or 0)
    exact = "microsecond" if micros % 1_000_000 else "second"
    return Moment(EPOCH + timedelta(microseconds=micros), exact)


def _from_iso(found: re.Match[str] | None) -> Moment | None:
    if found is None:
        return None
    names = ("year", "month", "day", "hour", "minute", "second")
    parts = [int(found[name]) for name in names if found[name] is not None]
    precision = {1: "year", 2: "month", 3: "day", 5: "minute", 6: "second"}[len(parts)]
    year, month, day, hour, minute, second = parts + [1, 1, 0, 0, 0][len(parts) - 1 :]
    micros = int((found["fraction"] or "")[:6].ljust(6, "0"))
    at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    at += timedelta(microseconds=micros) - _offset(found["zone"])
    return Moment(at, "microsecond" if micros else precision)


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone.isalpha():
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size


def parse_amount(text: str) -> Amount | None:
    """A price such as `0.05 BTC`, `$1,234.50` or `12,50 €`."""
    found = AMOUNT.search(text)
    value = None if found is None else _number(found[0])
    if found is None or value is None:
        return None
    around = text[: found.start()] + " " + text[found.end() :]
    code = CURRENCY_CODE.search(around)
    sign = next((CURRENCY_SIGNS[c] for c in around if c in CURRENCY_SIGNS), None)
    return Amount(value, code[0].upper() if code else sign)


def _number(text: str) -> float | None:
    digits = re.sub(r"[' \u00a0]", "", text)
    if "," in digits and "." in digits:
        thousands = "," if digits.rfind(",") < digits.rfind(".") else "."
        digits = digits.replace(thousands, "")
    elif THOUSANDS.fullmatch(digits) or digits.count(".") > 1:
        digits = digits.replace(",", "").replace(".", "")
    try:
        value = float(digits.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def parse_rating(text: str) -> Amount | None:
    """The number a rating begins with: 4.9 of `4.9/5`, 98 of `98 %`."""
    found = RATING.match(text)
    return Amount(float(found[1].replace(",", ".")), None) if found else None


def times(texts: pl.Series) -> pl.DataFrame:
    """Columns `at`, `precision` and `unread` (text was there and could not be read); n rows."""
    return _parsed(texts, parse_time, {"at": UTC_TIME, "precision": pl.String})


def amounts(texts: pl.Series, parse: Callable[[str], Amount | None] = parse_amount) -> pl.DataFrame:
    """Columns `value`, `currency` and `unread` (text was there and could not be read); n rows."""
    return _parsed(texts, parse, {"value": pl.Float64, "currency": pl.String})


def _parsed(
    texts: pl.Series,
    parse: Callable[[str], tuple[object, ...] | None],
    columns: Mapping[str, pl.DataType | type[pl.DataType]],
) -> pl.DataFrame:
    """Parse each distinct text once."""
    texts = texts.cast(pl.String)
    distinct = texts.drop_nulls().unique(maintain_order=True).to_list()
    nothing = (None,) * len(columns)
    rows = [(text, *(parse(text) or nothing)) for text in distinct]
    schema = pl.Schema({"text": pl.String, **columns})
    known = pl.DataFrame(rows, schema=schema, orient="row")
    found = texts.alias("text").to_frame().join(known, on="text", how="left", maintain_order="left")
    unread = pl.col("text").is_not_null() & pl.col(next(iter(columns))).is_null()
    return found.with_columns(unread=unread).drop("text")
