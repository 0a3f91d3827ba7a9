"""Cheap attacks: what a stranger does in an afternoon to be taken for somebody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from bench.framed.stage import Stage, address
from world.handles import look_alike, new_handle
from world.keys import KeyRing
from world.markets import LATER, MARKET_OF
from world.plan import DAY, Account, Wish, new_account
from world.rows import Row, post

OWN_LISTINGS = 4
"""What an attacker offers of his own. He posts nothing of his own: what a program writes for him is
like what it writes for others, which says nothing about style."""
HOARD, MANY, FEW_KEYS = 500, 500, 4
CROWD = 12
"""So many accounts are registered to make one handle look common."""


@dataclass
class Attack:
    """What was done to whom.

    Attributes:
        name: in words.
        rows: what the attackers left behind.
        pairs: (attacker, victim), by number.
        dated: whether the attackers' rows say when they came.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    dated: bool = True


Taking = Callable[[Stage, Account, Account], tuple[Account, list[Row]]]
"""What an attacker (the first account) takes of a victim: how he is then, and rows besides."""


def posts_the_key(stage: Stage, fake: Account, victim: Account) -> tuple[Account, list[Row]]:
    """Shows the victim's key as his own."""
    del stage
    return replace(fake, key=victim.key), []


def takes_the_handle(stage: Stage, fake: Account, victim: Account) -> tuple[Account, list[Row]]:
    """Bears the victim's handle, or where it is taken one that looks like it."""
    taken = stage.plan.is_taken(MARKET_OF[fake.market], victim.handle)
    name = look_alike(stage.plan.rng, victim.handle) if taken else victim.handle
    return replace(fake, handle=name), []


def copies_text(stage: Stage, fake: Account, victim: Account) -> tuple[Account, list[Row]]:
    """Offers the victim's listings word for word, and posts his posts again."""
    posts = [row for row in stage.left_by(victim).rows if row.table == "posts"]
    again = [
        replace(row, account=fake.number, at=max(row.at, fake.opened_at) + DAY) for row in posts
    ]
    kept = [row for row in again if "signature" not in row.holds]
    return replace(fake, copies=victim.number, listings=victim.listings), kept


def copies_photos(stage: Stage, fake: Account, victim: Account) -> tuple[Account, list[Row]]:
    """Shows the victim's pictures."""
    del stage
    return replace(fake, photos_of=victim.photos_of), []


def names_the_address(stage: Stage, fake: Account, victim: Account) -> tuple[Account, list[Row]]:
    """Gives the victim's address as his own."""
    del stage
    return fake, [address(fake, victim.hand)]


CHEAP: dict[str, tuple[Taking, ...]] = {
    "posts the victim's key": (posts_the_key,),
    "takes the handle": (takes_the_handle,),
    "copies text": (copies_text,),
    "copies photos": (copies_photos,),
    "names the victim's address": (names_the_address,),
}
ALL_FIVE = tuple(taking for takings in CHEAP.values() for taking in takings)


def attacks_on(stage: Stage) -> Iterator[Attack]:
    """Every attack, one after the other, each on the world as it was before."""
    taken = frozenset(stage.plan.taken)
    wanted: dict[str, Callable[[str], Attack]] = {
        **{name: lambda name, t=takings: _each(stage, name, t) for name, takings in CHEAP.items()},
        "all five at once": lambda name: _each(stage, name, ALL_FIVE),
        f"one account posts {HOARD} keys": lambda name: _hoards(stage, name, 1, HOARD),
        f"{MANY} accounts post {FEW_KEYS} keys each": lambda name: _hoards(
            stage, name, MANY, FEW_KEYS
        ),
        "copies text, undated": lambda name: replace(
            _each(stage, name, (copies_text,)), dated=False
        ),
        f"{CROWD} accounts are given each of some handles": lambda name: _crowds(stage, name),
    }
    for name, attack in wanted.items():
        stage.plan.taken = set(taken)
        yield attack(name)


def _each(stage: Stage, name: str, takings: tuple[Taking, ...]) -> Attack:
    """One attacker for each victim."""
    attack = Attack(name)
    for victim in stage.victims:
        fake, besides = _fresh(stage, victim), []
        for taking in takings:
            fake, more = taking(stage, fake, victim)
            besides += more
        stage.plan.open(fake)
        attack.rows += [*stage.left_by(fake).rows, *besides]
        attack.pairs.append((fake.number, victim.number))
    return attack


def _hoards(stage: Stage, name: str, account_count: int, key_count: int) -> Attack:
    """Accounts that post keys of victims, every victim's in turn, without a word."""
    attack, ring = Attack(name), KeyRing(stage.seed, stage.plan.keys)
    for number in range(account_count):
        places = (number * key_count + np.arange(key_count)) % len(stage.victims)
        chosen = [stage.victims[place] for place in np.unique(places)]
        fake = stage.plan.open(_fresh(stage, chosen[0]))
        attack.rows += stage.left_by(fake).rows
        for step, victim in enumerate(chosen):
            body = ring[victim.key or 0].block()
            at = fake.opened_at + DAY / 24 * step
            attack.rows.append(post(fake, at, "key", body, ("key",)))
            attack.pairs.append((fake.number, victim.number))
    return attack


def _crowds(stage: Stage, name: str) -> Attack:
    """Accounts that are registered under the handles of some victims, and do nothing."""
    attack = Attack(name)
    for victim in stage.victims[:: max(1, len(stage.victims) // 100)]:
        for number in range(CROWD):
            fake = _fresh(stage, victim)
            one = replace(fake, handle=f"{victim.handle}{'_' * number}", posts=1, listings=0)
            if stage.plan.is_taken(MARKET_OF[one.market], one.handle):
                continue
            stage.plan.open(one)
            attack.rows += stage.left_by(one).rows
            attack.pairs.append((one.number, victim.number))
    return attack


def _fresh(stage: Stage, victim: Account) -> Account:
    """A new account of a stranger on a market that opened later, not opened yet."""
    plan = stage.plan
    place = plan.pick(LATER)
    wish = Wish(place, new_handle(plan.rng), victim.opened_at + 30 * DAY)
    fake = new_account(plan, plan.new_hand(), wish)
    return replace(fake, posts=0, listings=OWN_LISTINGS, talkative=False, photos_of=None)
