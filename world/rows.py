"""Rows of the archive's tables, before they are written in a market's own way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from numpy.random import Generator

from world.plan import Account

Values = dict[str, str | float | None]


@dataclass(frozen=True)
class Row:
    """A row of one account; `holds` names the kinds of evidence in it: key, signature."""

    table: str
    account: int
    at: datetime
    values: Values
    holds: tuple[str, ...] = ()


def post(account: Account, at: datetime, thread: str, body: str, holds: Sequence[str] = ()) -> Row:
    """A post of an account."""
    values: Values = {"board": "talk", "thread": thread, "body": body}
    return Row("posts", account.number, at, values, tuple(holds))


def times_of(account: Account, count: int, rng: Generator) -> list[datetime]:
    """So many moments of an account's life, in order."""
    span = account.last_at - account.opened_at
    return sorted(account.opened_at + float(share) * span for share in rng.random(count))
