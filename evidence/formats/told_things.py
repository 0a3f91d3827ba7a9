"""Accounts and values that somebody tells of, and the rows that say which account shows which."""

from collections.abc import Mapping
from typing import NamedTuple

from evidence.records import account_id

WORDS = {"email": "e-mail", "onion": "onion", "link": "link", "wallet": "wallet"}
"""What stands before a value in a profile's line."""
Said = tuple[str, Mapping[str, str]]
"""A kind of `records.KINDS`, and values by role."""


class Account(NamedTuple):
    """An account; the market is empty where nothing names it."""

    market: str
    handle: str

    @property
    def name(self) -> str:
        """Its id, or its handle alone."""
        return account_id(self.market, self.handle) if self.market else self.handle


class Value(NamedTuple):
    """Something that can be shown: of what kind (as in `tags`), and its text."""

    kind: str
    text: str

    @property
    def line(self) -> str:
        """As a line of a profile, in which extraction finds it."""
        return f"{WORDS.get(self.kind, self.kind)}: {self.text}"


def owner(account: Account) -> dict[str, str]:
    """The roles that say whose a row is."""
    return {"market": account.market, "handle": account.handle}


def shown(account: Account, value: Value) -> Said:
    """A value that an account is said to show: a key, or a line of its profile."""
    if value.kind == "key_block":
        return "keys", {**owner(account), "block": value.text}
    return "accounts", {**owner(account), "profile": value.line}
