"""What accounts offer: goods in their own words or another's, and pictures of them."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from world.people import Hand, hand
from world.photos import PICTURES, deliver, draw
from world.plan import Account, Plan
from world.rows import Row, Values, times_of
from world.text import Voice

AMOUNTS = (1, 2, 5, 10, 25, 50, 100)


def at_work(seed: int, account: Account) -> tuple[Generator, Voice]:
    """Chance and voice of an account, as they are before it has said anything."""
    person = hand(seed, account.hand)
    rng = np.random.default_rng([seed, 5, account.number])
    return rng, Voice(seed, person, account.number)


def listings(seed: int, plan: Plan, account: Account, goods: Sequence[Values]) -> list[Row]:
    """An account's goods as listings; a copier shows another's, word for word."""
    rng = np.random.default_rng([seed, 8, account.number])
    shown = _picture_names(seed, account)
    if account.copies is not None:
        owner = plan.accounts[account.copies]
        theirs = offered(seed, owner, *at_work(seed, owner))
        goods = [theirs[number % len(theirs)] for number in range(account.listings)]
    return [
        Row("listings", account.number, at, {**offer, "photos": ";".join(photos) or None})
        for at, offer, photos in zip(
            times_of(account, account.listings, rng),
            goods,
            (shown[number :: account.listings] for number in range(account.listings)),
            strict=True,
        )
    ]


def offered(seed: int, account: Account, rng: Generator, voice: Voice) -> list[Values]:
    """What it offers in its own words, without dates and pictures."""
    person = hand(seed, account.hand)
    return [_offer(person, rng, voice) for _ in range(account.listings)]


def pictures(seed: int, account: Account, rows: Sequence[Row]) -> dict[str, bytes]:
    """The pictures that the rows name: file name to JPEG bytes."""
    rng = np.random.default_rng([seed, 7, account.number])
    shown = "\n".join(str(row.values.get("photos")) for row in rows)
    return {
        name: deliver(draw(seed, account.photos_of or 0, number), rng)
        for number, name in enumerate(_picture_names(seed, account))
        if name in shown
    }


def _offer(person: Hand, rng: Generator, voice: Voice) -> Values:
    product = person.products[int(rng.integers(len(person.products)))]
    amount = int(rng.choice(AMOUNTS))
    return {
        "title": voice.title(f"{voice.quantity(amount)} {product}"),
        "description": voice.description(product),
        "category": product.split()[-1],
        "price": round(person.price_level * (4 + 2.5 * amount**0.85), 2),
        "currency": "USD",
        "ships_from": person.origin,
        "ships_to": person.destinations,
    }


def _picture_names(seed: int, account: Account) -> list[str]:
    """The files of the pictures an account has, shown or not."""
    if account.photos_of is None:
        return []
    count = int(np.random.default_rng([seed, 9, account.number]).integers(1, PICTURES + 1))
    return [f"photos/{account.number:05d}_{number}.jpg" for number in range(count)]
