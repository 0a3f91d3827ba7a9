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

Values = dict[str, str | float | None]


@dataclass(frozen=True)
class Row:
    """A row of one of the archive's tables, before it is written in a market's own way.

    `holds` names the kinds of evidence in it: key, signature.
    """

    table: str
    account: int
    at: datetime
    values: Values
    holds: tuple[str, ...] = ()


@dataclass
class Leavings:
    """Rows and pictures (file name to JPEG bytes) of some accounts."""

    rows: list[Row] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


class Writer:
    """Writes what the accounts of one plan leave behind, each the same in whatever order."""

    def __init__(self, seed: int, plan: Plan) -> None:
        self._seed, self._plan = seed, plan
        self._ring = KeyRing(seed, plan.keys)

    def leave(self, account: Account) -> Leavings:
        """Everything that one account leaves behind and somebody scraped."""
        rng, person, voice = self._at_work(account)
        goods = self._goods(account, rng, person, voice)
        rows = self._listings(account, goods)
        for at in self._times(account, account.posts, rng):
            rows.append(_post(account, at, "general", voice.post()))
        left = Leavings(self._scraped(account, rows))
        left.pictures = self._pictures(account, left.rows)
        self._keys(account, voice, rng, left)
        self._profile(account, voice, rng, left)
        return left

    def _at_work(self, account: Account) -> tuple[Generator, Hand, Voice]:
        person = hand(self._seed, account.hand)
        rng = np.random.default_rng([self._seed, 5, account.number])
        return rng, person, Voice(self._seed, person, account.number)

    def _scraped(self, account: Account, rows: list[Row]) -> list[Row]:
        """The rows that were still there at the first scrape, and that no scrape missed."""
        rates = self._plan.parameters
        first = MARKET_OF[account.market].first_scrape(rates.late_scrape_share)
        drawn = np.random.default_rng([self._seed, 6, account.number]).random(len(rows))
        return [
            row
            for row, chance in zip(rows, drawn, strict=True)
            if row.at >= first and chance >= rates.missed_row_share
        ]

    def _times(self, account: Account, count: int, rng: Generator) -> list[datetime]:
        span = account.last_at - account.opened_at
        return sorted(account.opened_at + float(share) * span for share in rng.random(count))

    def _pictures(self, account: Account, rows: Sequence[Row]) -> dict[str, bytes]:
        """The pictures that the rows name."""
        rng = np.random.default_rng([self._seed, 7, account.number])
        shown = "\n".join(str(row.values.get("photos")) for row in rows)
        pictures = {}
        for number, name in enumerate(_picture_names(self._seed, account)):
            if name in shown:
                image = draw(self._seed, account.photos_of or 0, number)
                pictures[name] = deliver(image, rng)
        return pictures

    def _listings(self, account: Account, goods: Sequence[Values]) -> list[Row]:
        """The goods as listings; a copier's are another's, word for word."""
        rng = np.random.default_rng([self._seed, 8, account.number])
        pictures = _picture_names(self._seed, account)
        if account.copies is not None:
            owner = self._plan.accounts[account.copies]
            theirs = self._goods(owner, *self._at_work(owner))
            goods = [theirs[number % len(theirs)] for number in range(account.listings)]
        return [
            Row(
                "listings",
                account.number,
                at,
                {**values, "photos": ";".join(pictures[number :: account.listings]) or None},
            )
            for number, (at, values) in enumerate(
                zip(self._times(account, account.listings, rng), goods, strict=True)
            )
        ]

    def _goods(self, account: Account, rng: Generator, person: Hand, voice: Voice) -> list[Values]:
        """What it offers in its own words, without dates and pictures."""
        goods: list[Values] = []
        for _ in range(account.listings):
            product = person.products[int(rng.integers(len(person.products)))]
            amount = int(rng.choice([1, 2, 5, 10, 25, 50, 100]))
            price = round(person.price_level * (4 + 2.5 * amount**0.85), 2)
            offer: Values = {
                "title": voice.title(f"{voice.quantity(amount)} {product}"),
                "description": voice.description(product),
                "category": product.split()[-1],
                "price": price,
                "currency": "USD",
                "ships_from": person.origin,
                "ships_to": person.destinations,
            }
            goods.append(offer)
        return goods

    def _keys(self, account: Account, voice: Voice, rng: Generator, left: Leavings) -> None:
        messages = self._messages(account)
        if account.replays is not None:
            messages += self._messages(self._plan.accounts[account.replays])
        for message in messages:
            at = self._times(account, 1, rng)[0]
            left.rows.append(_post(account, at, "proof of who I am", message, ("signature",)))
        if account.quotes is not None:
            left.rows.append(self._quotation(account, voice))

    def _messages(self, account: Account) -> list[str]:
        return [self._signed(account, said) for said in account.statements]

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
        values: Values = {
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
        return "" if key is None else self._ring[key].block()

    def _signed(self, account: Account, said: Statement) -> str:
        fingerprint = self._ring[said.key].fingerprint
        lines = [f"I am {account.handle} on {account.market}."]
        if said.about is not None:
            old = self._plan.accounts[said.about]
            lines.append(f"Before that I was {old.handle} on {old.market}.")
        if said.says == "my new key" and account.key is not None:
            new = self._ring[account.key].fingerprint
            lines.append(f"My old key {fingerprint} signs this. From now on I use the key {new}.")
        else:
            lines.append(f"My key is {fingerprint}.")
        return self._ring[said.key].sign("\n".join(lines), said.at)


def _post(account: Account, at: datetime, thread: str, body: str, holds: Sequence[str] = ()) -> Row:
    values: Values = {"board": "talk", "thread": thread, "body": body}
    return Row("posts", account.number, at, values, tuple(holds))


def _picture_names(seed: int, account: Account) -> list[str]:
    """The files of the pictures an account has, shown or not."""
    if account.photos_of is None:
        return []
    count = int(np.random.default_rng([seed, 9, account.number]).integers(1, PICTURES + 1))
    return [f"photos/{account.number:05d}_{number}.jpg" for number in range(count)]
