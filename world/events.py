"""What happens: vendors stay, move, rename, rotate keys, are imitated and quoted.

A world opens with one of each kind of event among talkative accounts, so that even a small one has
every case to show; after that, events are drawn by the rates of `world.parameters`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from world.handles import look_alike, new_handle, renamed
from world.markets import EARLY, HARBOUR, LANTERN, LATER, QUAYSIDE, THIMBLE, Market
from world.parameters import BASE, Parameters
from world.plan import DAY, Account, Kind, Plan, Statement, Wish, new_account

FloatArray = NDArray[np.float64]
Event = Callable[[Plan, bool], None]
"""A course of events: the plan it happens in, and whether the accounts in it are talkative."""

LEAST_ACCOUNTS = 20


def make_plan(seed: int, account_count: int, parameters: Parameters = BASE) -> Plan:
    """The world of that seed with exactly so many accounts.

    Raises:
        ValueError: fewer than `LEAST_ACCOUNTS`, too few for one of each event.
    """
    if account_count < LEAST_ACCOUNTS:
        raise ValueError(f"a world needs {LEAST_ACCOUNTS} accounts at least, not {account_count}")
    plan = Plan(np.random.default_rng([seed, 0]), parameters)
    for event in SHOWN_FIRST:
        event(plan, True)
    events, shares = _rates(parameters)
    while len(plan.accounts) < account_count:
        drawn = events[int(plan.rng.choice(len(events), p=shares))]
        few_left = account_count - len(plan.accounts) < 2
        (stay if few_left else drawn)(plan, False)
    return plan


def stay(plan: Plan, talkative: bool) -> None:
    """Somebody has one account."""
    wish = Wish(plan.pick((*EARLY, *LATER)), talkative=talkative)
    account = new_account(plan, plan.new_hand(), wish)
    plan.open(_with_key(plan, account, plan.parameters.key_share))


def join_forum(plan: Plan, talkative: bool) -> None:
    """Somebody sells on the market and posts on its forum, mostly under one name."""
    rates = plan.parameters
    seller = plan.open(_seller(plan, HARBOUR, talkative, rates.key_share))
    kept = plan.happens(rates.forum_handle_kept_share)
    name = seller.handle if kept else new_handle(plan.rng)
    wish = Wish(QUAYSIDE, name, not_before=seller.opened_at, talkative=talkative)
    poster = new_account(plan, seller.hand, wish)
    key_kept = talkative or plan.happens(rates.forum_key_kept_share)
    poster = replace(poster, key=seller.key if key_kept else None)
    plan.tie(seller, plan.open(_signed(plan, poster)), "forum_account")


def move_with_all(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody opens the same name with the same key elsewhere, and signs."""
    share = 1.0 if talkative else plan.parameters.key_share
    old = plan.open(_seller(plan, _closing(plan), talkative, share))
    new = replace(_moved(plan, old, old.handle, talkative), key=old.key)
    kept: Kind = "kept_handle_and_key" if old.key is not None else "kept_handle"
    plan.tie(old, plan.open(_signed(plan, new, old, surely=talkative)), kept)


def move_renamed(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody takes the key along, but not the name."""
    old = plan.open(_seller(plan, _closing(plan), talkative, 1.0))
    alike = plan.happens(plan.parameters.renamed_alike_share)
    name = renamed(plan.rng, old.handle) if alike else new_handle(plan.rng)
    new = replace(_moved(plan, old, name, talkative), key=old.key)
    plan.tie(old, plan.open(_signed(plan, new, old)), "changed_handle")


def move_rotated(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody keeps the name; a new key is mostly signed by the old one."""
    old = plan.open(_seller(plan, _closing(plan), talkative, 1.0))
    new = _moved(plan, old, old.handle, talkative)
    new = replace(new, key=plan.new_key(new.handle, new.opened_at))
    announced = talkative or plan.happens(plan.parameters.old_key_signs_share)
    if old.key is not None and announced:
        said = Statement(old.key, new.opened_at + DAY, "my new key", old.number)
        new = replace(new, statements=(said,))
    plan.tie(old, plan.open(new), "changed_key")


def start_afresh(plan: Plan, talkative: bool) -> None:
    """A market closes; somebody starts elsewhere with another name and another key."""
    rates = plan.parameters
    old = plan.open(_seller(plan, _closing(plan), talkative, rates.key_share))
    new = _moved(plan, old, new_handle(plan.rng), talkative)
    if talkative or not plan.happens(rates.afresh_photos_kept_share):
        new = replace(new, photos_of=None)
    plan.tie(old, plan.open(_with_key(plan, new, rates.key_share)), "changed_both")


def imitate(plan: Plan, talkative: bool) -> None:
    """Somebody poses on another market as an account that is known there."""
    victim = _known(plan) if not talkative else plan.open(_seller(plan, HARBOUR, True, 1.0))
    place = plan.pick(LATER)
    same = talkative or plan.happens(plan.parameters.impostor_same_handle_share)
    name = victim.handle if same else look_alike(plan.rng, victim.handle)
    if plan.is_taken(place, name):
        stay(plan, False)
        return
    wish = Wish(place, name, victim.last_at + 30 * DAY, talkative=talkative)
    fake = new_account(plan, plan.new_hand(), wish)
    plan.tie(victim, plan.open(_copying(plan, fake, victim, talkative)), "impostor")


def quote_key(plan: Plan, talkative: bool) -> None:
    """Somebody quotes another's key block in a post, for people who ask for it."""
    owner = _known(plan) if not talkative else plan.open(_seller(plan, HARBOUR, True, 1.0))
    if owner.key is None:
        stay(plan, False)
        return
    place = QUAYSIDE if talkative else plan.pick((QUAYSIDE, THIMBLE, *LATER))
    poster = new_account(plan, plan.new_hand(), Wish(place, talkative=talkative))
    marks = talkative or plan.happens(plan.parameters.quote_marked_share)
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


def _rates(rates: Parameters) -> tuple[tuple[Event, ...], FloatArray]:
    """Courses of events and the share of each; who does nothing else stays."""
    happen: tuple[tuple[Event, float], ...] = (
        (join_forum, rates.forum_account_share),
        (move_with_all, rates.move_share * rates.kept_both_share),
        (move_renamed, rates.move_share * rates.kept_key_only_share),
        (move_rotated, rates.move_share * rates.kept_handle_only_share),
        (start_afresh, rates.move_share * rates.changed_both_share),
        (imitate, rates.impostor_share),
        (quote_key, rates.key_quote_share),
    )
    events, shares = zip(*happen, strict=True)
    return (stay, *events), np.array([1 - sum(shares), *shares])


def _copying(plan: Plan, fake: Account, victim: Account, talkative: bool) -> Account:
    """The impostor with what it copies: key, pictures, listings, signed messages."""
    rates = plan.parameters
    key = victim.key if talkative or plan.happens(rates.impostor_key_copied_share) else None
    fake = replace(fake, key=key)
    if plan.happens(rates.impostor_photos_copied_share):
        fake = replace(fake, photos_of=victim.photos_of)
    if victim.listings and plan.happens(rates.impostor_text_copied_share):
        fake = replace(fake, copies=victim.number)
    replays = victim.statements and not talkative
    if replays and plan.happens(rates.impostor_signature_replayed_share):
        fake = replace(fake, replays=victim.number)
    return fake


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
    last = first + plan.parameters.move_wait_days * DAY
    wish = Wish(place, name, first + DAY, last, talkative or old.talkative)
    return replace(new_account(plan, old.hand, wish), photos_of=old.photos_of)


def _with_key(plan: Plan, account: Account, share: float, surely: bool = False) -> Account:
    key = plan.new_key(account.handle, account.opened_at, share)
    return _signed(plan, replace(account, key=key), surely=surely)


def _signed(
    plan: Plan, account: Account, before: Account | None = None, surely: bool = False
) -> Account:
    """The account with a message, signed with its key, that names it (and where it was before)."""
    if account.key is None or not (surely or plan.happens(plan.parameters.sign_share)):
        return account
    at = account.opened_at + DAY
    said = Statement(account.key, at, "who I am")
    if before is not None:
        said = Statement(account.key, at, "where I moved", before.number)
    return replace(account, statements=(said,))


def _known(plan: Plan) -> Account:
    """An account on a market that has closed before the last ones opened."""
    return plan.known[int(plan.rng.integers(len(plan.known)))]
