"""What an account leaves behind: profile, listings, posts, pictures, keys and signed messages."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from world.keys import KeyRing
from world.markets import MARKET_OF
from world.plan import Account, Plan, Statement
from world.rows import Row, Values, post, times_of
from world.stall import at_work, listings, offered, pictures
from world.statements import signed
from world.text import Voice


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
        rng, voice = at_work(self._seed, account)
        goods = offered(self._seed, account, rng, voice)
        rows = listings(self._seed, self._plan, account, goods)
        for at in times_of(account, account.posts, rng):
            rows.append(post(account, at, "general", voice.post()))
        left = Leavings(self._scraped(account, rows))
        left.pictures = pictures(self._seed, account, left.rows)
        self._keys(account, voice, rng, left)
        self._profile(account, voice, rng, left)
        return left

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

    def _keys(self, account: Account, voice: Voice, rng: Generator, left: Leavings) -> None:
        messages = self._messages(account)
        if account.replays is not None:
            messages += self._messages(self._plan.accounts[account.replays])
        for message in messages:
            at = times_of(account, 1, rng)[0]
            left.rows.append(post(account, at, "proof of who I am", message, ("signature",)))
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
        return post(account, account.last_at, "keys of the sellers", body, ("key",))

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
            left.rows.append(post(account, account.opened_at, "my key", body, ("key",)))

    def _block(self, key: int | None) -> str:
        return "" if key is None else self._ring[key].block()

    def _signed(self, account: Account, said: Statement) -> str:
        return signed(account, self._plan.accounts, said, self._ring)
