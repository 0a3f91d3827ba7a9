"""What an account leaves behind: profile, listings, posts, pictures, keys and signed messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.random import Generator

from world.keys import KeyRing
from world.markets import MARKET_OF
from world.people import Hand, hand
from world.photos import PICTURES, deliver, draw
from world.plan import Account, Plan, Statement
from world.text import Voice


@dataclass(frozen=True)
class Row:
    """A row of one of the archive's tables, before it is written in a market's own way.

    `holds` names the kinds of evidence in it: key, signature.
    """

    table: str
    account: int
    at: datetime
    values: dict[str, str | float | None]
    holds: tuple[str, ...] = ()


@dataclass
class Leavings:
    """Rows and pictures (file name to JPEG bytes) of some accounts."""

    rows: list[Row] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


class Writer:
    """Writes what the accounts of one plan leave behind."""

    def __init__(self, seed: int, plan: Plan, ring: KeyRing) -> None:
        self._seed, self._plan, self._ring = seed, plan, ring
        self._messages: dict[int, list[str]] = {}

    def leave(self, account: Account) -> Leavings:
        """Everything one account leaves behind; accounts come in the order of their numbers."""
        person = hand(self._seed, account.hand)
        rng = np.random.default_rng([self._seed, 5, account.number])
        voice = Voice(self._seed, person, account.number)
        left = Leavings()
        self._pictures(account, rng, left)
        self._listings(account, person, voice, rng, left)
        for at in self._times(account, account.posts, rng):
            left.rows.append(_post(account, at, "general", voice.post()))
        self._keys(account, voice, rng, left)
        self._profile(account, voice, rng, left)
        return left

    def _times(self, account: Account, count: int, rng: Generator) -> list[datetime]:
        span = account.last_at - account.opened_at
        return sorted(account.opened_at + float(share) * span for share in rng.random(count))

    def _pictures(self, account: Account, rng: Generator, left: Leavings) -> None:
        if account.photos_of is None:
            return
        for number in range(int(rng.integers(1, PICTURES + 1))):
            image = draw(self._seed, account.photos_of, number)
            left.pictures[f"photos/{account.number:05d}_{number}.jpg"] = deliver(image, rng)

    def _listings(
        self, account: Account, person: Hand, voice: Voice, rng: Generator, left: Leavings
    ) -> None:
        pictures = sorted(left.pictures)
        for number, at in enumerate(self._times(account, account.listings, rng)):
            product = person.products[int(rng.integers(len(person.products)))]
            amount = int(rng.choice([1, 2, 5, 10, 25, 50, 100]))
            price = round(person.price_level * (4 + 2.5 * amount**0.85), 2)
            shown = pictures[number :: account.listings]
            values: dict[str, str | float | None] = {
                "title": voice.title(f"{voice.quantity(amount)} {product}"),
                "description": voice.description(product),
                "category": product.split()[-1],
                "price": price,
                "currency": "USD",
                "ships_from": person.origin,
                "ships_to": person.destinations,
                "photos": ";".join(shown) or None,
            }
            left.rows.append(Row("listings", account.number, at, values))

    def _keys(self, account: Account, voice: Voice, rng: Generator, left: Leavings) -> None:
        messages = [self._signed(account, said) for said in account.statements]
        self._messages[account.number] = messages
        if account.replays is not None:
            messages = [*messages, *self._messages[account.replays]]
        for message in messages:
            at = self._times(account, 1, rng)[0]
            left.rows.append(_post(account, at, "proof of who I am", message, ("signature",)))
        if account.quotes is not None:
            left.rows.append(self._quotation(account, voice))

    def _quotation(self, account: Account, voice: Voice) -> Row:
        owner = self._plan.accounts[account.quotes or 0]
        block = self._block(owner.key)
        if account.marks_quotes:
            block = f"[quote={owner.handle}]\n{block}\n[/quote]"
        intro = voice.say(f"{{hello}}, this is the key of {owner.handle}, {{please}} {{check}} it")
        body = f"{intro}\n\n{block}\n\n{voice.post('advice')}"
        return _post(account, account.last_at, "keys of the sellers", body, ("key",))

    def _profile(self, account: Account, voice: Voice, rng: Generator, left: Leavings) -> None:
        keys = MARKET_OF[account.market].keys
        text = voice.post("stock" if account.listings else "life")
        block = self._block(account.key) if account.key is not None else None
        in_profile = block is not None and keys == "profile"
        values: dict[str, str | float | None] = {
            "profile": f"{text}\n\n{block}" if in_profile else text,
            "rating": round(float(rng.uniform(3.8, 5.0)), 2) if account.listings else None,
            "pgp": block if keys == "column" else None,
        }
        here: tuple[str, ...] = ("key",) if block and keys in ("profile", "column") else ()
        left.rows.append(Row("accounts", account.number, account.opened_at, values, here))
        if block and keys == "file":
            row = Row("keys", account.number, account.opened_at, {"pgp": block}, ("key",))
            left.rows.append(row)
        if block and keys == "post":
            body = f"{voice.say('{please} use my key')}\n\n{block}"
            left.rows.append(_post(account, account.opened_at, "my key", body, ("key",)))

    def _block(self, key: int | None) -> str:
        return "" if key is None else self._ring.keys[key].block

    def _signed(self, account: Account, said: Statement) -> str:
        fingerprint = self._ring.keys[said.key].fingerprint
        lines = [f"I am {account.handle} on {account.market}."]
        if said.about is not None:
            old = self._plan.accounts[said.about]
            lines.append(f"Before that I was {old.handle} on {old.market}.")
        if said.says == "my new key" and account.key is not None:
            new = self._ring.keys[account.key].fingerprint
            lines.append(f"My old key {fingerprint} signs this. From now on I use the key {new}.")
        else:
            lines.append(f"My key is {fingerprint}.")
        return self._ring.sign(said.key, "\n".join(lines), said.at)


def _post(account: Account, at: datetime, thread: str, body: str, holds: Sequence[str] = ()) -> Row:
    values: dict[str, str | float | None] = {"board": "talk", "thread": thread, "body": body}
    return Row("posts", account.number, at, values, tuple(holds))
