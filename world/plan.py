"""The plan of a world: who opens which account when, and what is true of any two of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from numpy.random import Generator

from world.handles import new_handle
from world.keys import KeyOrder
from world.markets import HARBOUR, LANTERN, Market
from world.parameters import Parameters

Kind = Literal[
    "kept_handle_and_key",
    "kept_handle",
    "changed_handle",
    "changed_key",
    "changed_both",
    "forum_account",
    "impostor",
    "quoted_key",
]
DAY = timedelta(days=1)
KNOWN = (HARBOUR.name, LANTERN.name)
"""Markets whose accounts are known everywhere: they closed before the last ones opened."""


@dataclass(frozen=True)
class Statement:
    """A clear-signed message: signed with which key, when, and about which earlier account."""

    key: int
    at: datetime
    says: Literal["who I am", "where I moved", "my new key"]
    about: int | None = None


@dataclass(frozen=True)
class Account:
    """An account as planned.

    `key`, `photos_of`, `replays`, `quotes` and `copies` name a key, a hand, accounts by number.
    """

    number: int
    hand: int
    market: str
    handle: str
    opened_at: datetime
    last_at: datetime
    posts: int
    listings: int
    talkative: bool
    """Whether it writes dozens of posts, not a handful."""
    key: int | None = None
    """The key it shows."""
    photos_of: int | None = None
    """The hand whose pictures it shows."""
    statements: tuple[Statement, ...] = ()
    replays: int | None = None
    """An account whose signed messages it posts as if they were its own."""
    quotes: int | None = None
    """An account whose key block it quotes in a post."""
    marks_quotes: bool = True
    """Whether it marks what it quotes as a quotation."""
    copies: int | None = None
    """An account whose listings it offers word for word."""


@dataclass(frozen=True)
class Tie:
    """What is true of two accounts, by number; the first is the older one."""

    left: int
    right: int
    same: bool
    kind: Kind


@dataclass
class Plan:
    """All accounts, ties and keys; grows while the world is planned, and is only read then."""

    rng: Generator
    parameters: Parameters
    accounts: list[Account] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    keys: list[KeyOrder] = field(default_factory=list)
    hand_count: int = 0
    taken: set[tuple[str, str]] = field(default_factory=set)
    """Market and folded handle of every account, and each handle once more without a market."""
    known: list[Account] = field(default_factory=list)
    """The accounts on the markets of `KNOWN`."""

    def new_hand(self) -> int:
        """The number of a person not seen before."""
        self.hand_count += 1
        return self.hand_count - 1

    def new_key(self, name: str, created_at: datetime, share: float = 1.0) -> int | None:
        """A key for some (`share`) who ask."""
        if not self.happens(share):
            return None
        self.keys.append(KeyOrder(len(self.keys), name, created_at))
        return self.keys[-1].number

    def open(self, account: Account) -> Account:
        """Open an account under the next number; its handle must be free there."""
        self.taken |= {(account.market, account.handle.lower()), ("", account.handle.lower())}
        self.accounts.append(account)
        if account.market in KNOWN:
            self.known.append(account)
        return account

    def is_taken(self, market: Market, handle: str) -> bool:
        """Whether somebody has that handle there, whatever its case."""
        return (market.name, handle.lower()) in self.taken

    def free_handle(self, market: Market, wanted: str | None = None) -> str:
        """The wanted handle if it is free there, else one that nobody has anywhere."""
        if wanted is not None and not self.is_taken(market, wanted):
            return wanted
        handle = new_handle(self.rng)
        while ("", handle.lower()) in self.taken:
            handle = new_handle(self.rng)
        return handle

    def tie(self, left: Account, right: Account, kind: Kind) -> None:
        """Write down what is true of two accounts."""
        same = kind not in ("impostor", "quoted_key")
        self.ties.append(Tie(left.number, right.number, same, kind))

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in that share of cases."""
        return bool(self.rng.random() < share)

    def between(self, first: datetime, last: datetime) -> datetime:
        """A moment between the two, to the second."""
        seconds = max((last - first).total_seconds(), 1.0)
        return first + timedelta(seconds=int(self.rng.random() * seconds))

    def pick(self, markets: tuple[Market, ...]) -> Market:
        """One of the markets."""
        return markets[int(self.rng.integers(len(markets)))]


@dataclass(frozen=True)
class Wish:
    """What an account to be opened shall be like; the rest is drawn."""

    market: Market
    handle: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    talkative: bool = False


def new_account(plan: Plan, hand: int, wish: Wish) -> Account:
    """An account of a hand, not yet opened: handle, times and volume."""
    rng, market = plan.rng, wish.market
    first = max(market.opened_at, wish.not_before or market.opened_at)
    opened = plan.between(first, wish.not_after or market.last_day() - 90 * DAY)
    rates = plan.parameters
    talkative = wish.talkative or plan.happens(rates.talkative_share)
    posts = int(rng.integers(28, 46) if talkative else rng.integers(2, 12))
    listings = int(rng.integers(3, 11)) if market.kind == "market" else 0
    return Account(
        number=len(plan.accounts),
        hand=hand,
        market=market.name,
        handle=plan.free_handle(market, wish.handle),
        opened_at=opened,
        last_at=plan.between(min(opened + 60 * DAY, market.last_day()), market.last_day()),
        posts=round(posts * rates.text_share),
        listings=round(listings * rates.text_share),
        talkative=talkative,
        photos_of=hand if listings and plan.happens(rates.photo_share) else None,
    )
