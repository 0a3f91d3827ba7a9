"""What happens: vendors stay, move, rename, rotate keys, are imitated and quoted.

A world opens with one of each kind of event among talkative accounts, so that even a small one has
every case to show; after that, events are drawn by their `SHARES`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from world.handles import look_alike, new_handle, renamed
from world.markets import EARLY, HARBOUR, LANTERN, LATER, QUAYSIDE, THIMBLE, Market
from world.plan import DAY, Account, Kind, Plan, Statement, Wish, new_account

Event = Callable[[Plan, bool], None]
"""A course of events: the plan it happens in, and whether the accounts in it are talkative."""

LEAST_ACCOUNTS = 20
KEY_SHARE = 0.6
SIGN_SHARE = 0.5


def make_plan(seed: int, account_count: int) -> Plan:
    """The world of that seed with exactly so many accounts.

    Raises:
        ValueError: fewer than `LEAST_ACCOUNTS`, too few for one of each event.
    """
    if account_count < LEAST_ACCOUNTS:
        raise ValueError(f"a world needs {LEAST_ACCOUNTS} accounts at least, not {account_count}")
    plan = Plan(np.random.default_rng([seed, 0]), account_count)
    for event in SHOWN_FIRST:
        event(plan, True)
    events, shares = zip(*SHARES, strict=True)
    while len(plan.accounts) < account_count:
        drawn = events[int(plan.rng.choice(len(events), p=np.array(shares)))]
        few_left = account_count - len(plan.accounts) < 2
        (stay if few_left else drawn)(plan, False)
    return plan


def stay(plan: Plan, talkative: bool) -> None:
    """Somebody has one account."""
    wish = Wish(plan.pick((*EARLY, *LATER)), talkative=talkative)
    plan.open(_with_key(plan, new_account(plan, plan.new_hand(), wish), KEY_SHARE))


def join_forum(plan: Plan, talkative: bool) -> None:
    """Somebody sells on the market and posts on its forum, mostly under one name."""
    seller = plan.open(_seller(plan, HARBOUR, talkative, KEY_SHARE))
    kept = plan.rng.random() < 0.7
    name = seller.handle if kept else new_handle(plan.rng)
    wish = Wish(QUAYSIDE, name, not_before=seller.opened_at, talkative=talkative)
    poster = new_account(plan, seller.hand, wish)
    plan.tie(seller, plan.open(_signed(plan, replace(poster, key=seller.key))), "forum_account")


def move_with_all(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody opens the same name with the same key elsewhere, and signs."""
    old = plan.open(_seller(plan, _closing(plan), talkative, 1.0 if talkative else KEY_SHARE))
    new = replace(_moved(plan, old, old.handle, talkative), key=old.key)
    kept: Kind = "kept_handle_and_key" if old.key is not None else "kept_handle"
    plan.tie(old, plan.open(_signed(plan, new, old, surely=talkative)), kept)


def move_renamed(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody takes the key along, but not the name."""
    old = plan.open(_seller(plan, _closing(plan), talkative, 1.0))
    old_name = plan.rng.random() < 0.5
    name = renamed(plan.rng, old.handle) if old_name else new_handle(plan.rng)
    new = replace(_moved(plan, old, name, talkative), key=old.key)
    kind: Kind = "changed_handle" if old.key is not None else "changed_both"
    plan.tie(old, plan.open(_signed(plan, new, old)), kind)


def move_rotated(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody keeps the name; a new key is mostly signed by the old one."""
    old = plan.open(_seller(plan, _closing(plan), talkative, 1.0))
    new = _moved(plan, old, old.handle, talkative)
    new = replace(new, key=plan.new_key(new.handle, new.opened_at))
    if old.key is not None and new.key is not None and (talkative or plan.rng.random() < 0.7):
        said = Statement(old.key, new.opened_at + DAY, "my new key", old.number)
        new = replace(new, statements=(said,))
    kind: Kind = "changed_key" if new.key is not None else "kept_handle"
    plan.tie(old, plan.open(new), kind)


def start_afresh(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody starts elsewhere with another name and another key."""
    old = plan.open(_seller(plan, _closing(plan), talkative, KEY_SHARE))
    new = _moved(plan, old, new_handle(plan.rng), talkative)
    if talkative or plan.rng.random() < 0.5:
        new = replace(new, photos_of=None)
    plan.tie(old, plan.open(_with_key(plan, new, KEY_SHARE)), "changed_both")


def imitate(plan: Plan, talkative: bool) -> None:
    """Somebody poses on another market as an account that is known there."""
    victim = _known(plan) if not talkative else plan.open(_seller(plan, HARBOUR, True, 1.0))
    place = plan.pick(LATER)
    name = victim.handle if talkative else look_alike(plan.rng, victim.handle)
    if plan.is_taken(place, name):
        stay(plan, False)
        return
    wish = Wish(place, name, victim.last_at + 30 * DAY, talkative=talkative)
    fake = new_account(plan, plan.new_hand(), wish)
    fake = replace(fake, key=victim.key if talkative or plan.rng.random() < 0.6 else None)
    if plan.rng.random() < 0.5:
        fake = replace(fake, photos_of=victim.photos_of)
    if victim.statements and not talkative and plan.rng.random() < 0.3:
        fake = replace(fake, replays=victim.number)
    plan.tie(victim, plan.open(fake), "impostor")


def quote_key(plan: Plan, talkative: bool) -> None:
    """Somebody quotes another's key block in a post, for people who ask for it."""
    owner = _known(plan) if not talkative else plan.open(_seller(plan, HARBOUR, True, 1.0))
    if owner.key is None:
        stay(plan, False)
        return
    place = QUAYSIDE if talkative else plan.pick((QUAYSIDE, THIMBLE, *LATER))
    poster = new_account(plan, plan.new_hand(), Wish(place, talkative=talkative))
    marks = talkative or plan.rng.random() < 0.5
    poster = replace(poster, quotes=owner.number, marks_quotes=marks, last_at=place.last_day())
    plan.tie(owner, plan.open(poster), "quoted_key")


SHOWN_FIRST: tuple[Event, ...] = (
    move_with_all,
    start_afresh,
    imitate,
    quote_key,
    move_rotated,
    move_renamed,
    join_forum,
)
SHARES: tuple[tuple[Event, float], ...] = (
    (stay, 0.54),
    (join_forum, 0.10),
    (move_with_all, 0.13),
    (move_renamed, 0.05),
    (move_rotated, 0.05),
    (start_afresh, 0.03),
    (imitate, 0.06),
    (quote_key, 0.04),
)
"""Shares of events; of those who move, about half keep both and one in ten changes both."""


def _closing(plan: Plan) -> Market:
    return plan.pick((HARBOUR, HARBOUR, LANTERN, THIMBLE))


def _seller(plan: Plan, market: Market, talkative: bool, key_share: float) -> Account:
    account = new_account(plan, plan.new_hand(), Wish(market, talkative=talkative))
    account = replace(account, last_at=market.last_day())
    return _with_key(plan, account, key_share, surely=talkative)


def _moved(plan: Plan, old: Account, name: str, talkative: bool) -> Account:
    """The account that the hand of a closed one opens next: same volume, within four months."""
    after = old.last_at
    open_then = tuple(market for market in LATER if market.opened_at < after + 60 * DAY)
    place = plan.pick(open_then or LATER[:1])
    first = max(after, place.opened_at)
    wish = Wish(place, name, first + DAY, first + 120 * DAY, talkative or old.posts >= 20)
    return replace(new_account(plan, old.hand, wish), photos_of=old.photos_of)


def _with_key(plan: Plan, account: Account, share: float, surely: bool = False) -> Account:
    key = plan.new_key(account.handle, account.opened_at, share)
    return _signed(plan, replace(account, key=key), surely=surely)


def _signed(
    plan: Plan, account: Account, before: Account | None = None, surely: bool = False
) -> Account:
    """The account with a message, signed with its key, that names it (and where it was before)."""
    if account.key is None or not (surely or plan.rng.random() < SIGN_SHARE):
        return account
    at = account.opened_at + DAY
    said = Statement(account.key, at, "who I am")
    if before is not None:
        said = Statement(account.key, at, "where I moved", before.number)
    return replace(account, statements=(said,))


def _known(plan: Plan) -> Account:
    """An account on a market that has closed before the last ones opened."""
    known = [account for account in plan.accounts if account.market in ("harbour", "lantern")]
    return known[int(plan.rng.integers(len(known)))]
