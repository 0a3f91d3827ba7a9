"""The places of the invented world: when each opens and closes, and how its data is delivered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Form = Literal["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"]
Dates = Literal["iso with zone", "iso without zone", "epoch seconds", "epoch milliseconds", "typed"]
Keys = Literal["column", "file", "profile", "post"]


@dataclass(frozen=True)
class Market:
    """A market or forum, and the habits of whoever scraped it.

    `owner` is the column that names the account; `keys` says where its key blocks stand: in a
    column of the accounts file, in a file of their own, in the profile text, or in a post.
    """

    name: str
    kind: Literal["market", "forum"]
    opened_at: datetime
    closed_at: datetime | None
    reason: str | None
    form: Form
    dates: Dates
    owner: str
    keys: Keys
    belongs_to: str | None = None

    def last_day(self) -> datetime:
        """The end of what can have been written there."""
        return self.closed_at or END

    def first_scrape(self, share: float) -> datetime:
        """When it was scraped first, if that share of its life had passed by then."""
        return self.opened_at + share * (self.last_day() - self.opened_at)


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


END = _day(2019, 6, 30)
"""The last moment of the world."""

HARBOUR = Market(
    "harbour",
    "market",
    _day(2015, 3, 2),
    _day(2017, 7, 5),
    "seized",
    "csv",
    "iso with zone",
    "vendor",
    "column",
)
LANTERN = Market(
    "lantern",
    "market",
    _day(2015, 9, 14),
    _day(2018, 3, 20),
    "exit scam",
    "jsonl.gz",
    "epoch seconds",
    "seller",
    "file",
)
THIMBLE = Market(
    "thimble",
    "market",
    _day(2014, 11, 3),
    _day(2018, 11, 30),
    "retired",
    "parquet",
    "typed",
    "handle",
    "profile",
)
WINDMILL = Market(
    "windmill",
    "market",
    _day(2017, 7, 28),
    None,
    None,
    "jsonl",
    "epoch milliseconds",
    "username",
    "post",
)
JUNIPER = Market(
    "juniper",
    "market",
    _day(2018, 4, 10),
    None,
    None,
    "csv.gz",
    "iso with zone",
    "vendor",
    "profile",
)
QUAYSIDE = Market(
    "quayside",
    "forum",
    _day(2015, 3, 20),
    _day(2018, 1, 15),
    "retired",
    "csv",
    "iso without zone",
    "author",
    "post",
    belongs_to="harbour",
)
MARKETS = (HARBOUR, LANTERN, THIMBLE, WINDMILL, JUNIPER, QUAYSIDE)
EARLY = (HARBOUR, LANTERN, THIMBLE)
"""Markets that exist at the seizure."""
LATER = (WINDMILL, JUNIPER)
"""Markets that open after it."""
NEGLECTED = (THIMBLE, LANTERN, JUNIPER)
"""Markets that nobody scrapes, the most neglected first, where some are missing."""
MARKET_OF = {market.name: market for market in MARKETS}


def scraped(missing_count: int) -> tuple[Market, ...]:
    """The markets that somebody scraped, if so many are missing."""
    return tuple(market for market in MARKETS if market not in NEGLECTED[:missing_count])
