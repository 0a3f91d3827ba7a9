"""What valid signatures say beyond the account that published them: other accounts, other keys.

A key *calls* an account where a message signed by it names the account and its market. It *vouches*
for another key where a message signed by it takes that one for its owner's, in words ("my new
key"), by fingerprint or by holding the block. A message that warns does neither, one that names
several other keys vouches for none.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.armor import find_armor
from evidence.spans.fingerprints import find_fingerprints
from evidence.spans.found import Found
from features.keys.cues import SAID, WARNS, Beside, hear
from features.keys.displays import Displays
from features.keys.messages import Message
from features.keys.packets import walk_keys
from features.keys.signatures import (
    AccountName,
    Place,
    account_names,
    names_handle,
    names_market,
    places_of,
    places_of_market,
)
from features.keys.talk import small

MOST_CALLED = 50
"""Of a key that more accounts show it is not asked whom it calls."""

CALLS = pl.Schema({"account": pl.UInt32, "key": pl.UInt32, "text": pl.UInt32})
"""`text`: the row of the corpus's texts where the message stands."""
VOUCHES = pl.Schema(
    {
        "by": pl.UInt32,
        "of": pl.UInt32,
        "account": pl.UInt32,
        "text": pl.UInt32,
        "in_time": pl.Boolean,
    }
)
"""A key `by` vouches for the key `of`, in a text that the account published. `in_time`: no later
than a day after the key `of` was first seen; who only saw a stranger's key comes later."""

IN_TIME = timedelta(days=1)
LONG_FINGERPRINT = re.compile(r"(?<![0-9A-Za-z])[0-9A-F]{64}(?![0-9A-Za-z])", re.IGNORECASE)
BEFORE_CHARS, AFTER_CHARS = 300, 120


def read_calls(corpus: Corpus, messages: Sequence[Message], showing: pl.DataFrame) -> pl.DataFrame:
    """The columns `CALLS`: accounts that a key calls, of those that show it.

    Args:
        corpus: for the names of accounts and markets.
        messages: the messages that verify.
        showing: (account, key), who shows which key other than as somebody else's.
    """
    few = pl.len().over("key") <= MOST_CALLED
    asked = showing.select("account", "key").unique().filter(few).sort("account", "key")
    by_key: dict[int, list[int]] = {}
    for account, key in asked.iter_rows():
        by_key.setdefault(key, []).append(account)
    names = account_names(corpus) if messages else []
    rows = [
        (account, key, one.text)
        for one in _distinct(messages)
        if not warns(one)
        for key in one.signers
        for account in called(one.words, by_key.get(key, ()), names)
    ]
    found = pl.DataFrame(rows, schema=CALLS, orient="row")
    return found.sort(CALLS.names()).unique(["account", "key"], keep="first", maintain_order=True)


def called(words: str, asked: Sequence[int], names: Sequence[AccountName]) -> list[int]:
    """Which of the asked accounts a message names with their market.

    Where it names several handles, who was where is told by the handle nearest to each market: a
    stranger who takes, on the one market, the name that the signer had on another is not meant. Nor
    is he who takes a name that differs from another's there by case alone.

    Args:
        words: of the message.
        asked: accounts that show the key.
        names: of all accounts.
    """
    named = [a for a in asked if names_handle(words, names[a].handle)]
    meant = [a for a in named if not names[a].is_disputed and names_market(words, names[a].market)]
    handles = sorted({str(names[a].handle).lower() for a in named})
    if len(handles) < 2:
        return meant
    spots = [(spot, handle) for handle in handles for spot in places_of(words, handle)]
    return [a for a in meant if _stands_beside(words, names[a], spots)]


def _stands_beside(words: str, name: AccountName, spots: Sequence[tuple[Place, str]]) -> bool:
    """Is its handle the one that stands nearest to its market, where that is named, be it once?"""
    handle = str(name.handle).lower()
    return any(
        min((_gap(place, spot), other) for spot, other in spots)[1] == handle
        for place in places_of_market(words, name.market)
    )


def _gap(one: Place, other: Place) -> int:
    """Characters between two places in a text."""
    return max(other[0] - one[1], one[0] - other[1], 0)


def read_vouches(corpus: Corpus, displays: Displays, messages: Sequence[Message]) -> pl.DataFrame:
    """The columns `VOUCHES`, sorted: every message of a key of the corpus that takes on another."""
    first = first_seen(corpus, displays)
    seen_at = corpus.texts["seen_at"]
    rows = []
    for one in messages:
        named = _named(one.words, displays)
        for key in one.signers:
            others = named.keys() - {key}
            if len(others) != 1 or warns(one):
                continue
            other = min(others)
            if any(_taken_on(one.words, found) for found in named[other]):
                at, new = seen_at[one.text], first.get(other)
                in_time = at is not None and new is not None and at <= new + IN_TIME
                rows.append((key, other, one.account, one.text, in_time))
    return pl.DataFrame(rows, schema=VOUCHES, orient="row").unique().sort(VOUCHES.names())


def _distinct(messages: Sequence[Message]) -> list[Message]:
    """Each message once, the first text first."""
    once = {one.raw: one for one in reversed(messages)}
    return list(reversed(once.values()))


def warns(message: Message) -> bool:
    """Does the message warn of somebody?"""
    return WARNS.stands_in(small(message.words))


def _named(words: str, displays: Displays) -> dict[int, list[Found]]:
    """The keys that a message names, and where."""
    named: dict[int, list[Found]] = {}
    for found in [*_fingerprints(words), *_blocks(words)]:
        number = displays.numbers.get(found.value or "")
        if number is not None:
            named.setdefault(number, []).append(found)
    return named


def _taken_on(words: str, found: Found) -> bool:
    """Do the words beside it take a key for the author's?"""
    before = small(words[max(0, found.start - BEFORE_CHARS) : found.start])
    after = small(words[found.end : found.end + AFTER_CHARS])
    return hear(Beside(before, after, before, after)).voice == SAID


def _fingerprints(words: str) -> Iterator[Found]:
    yield from find_fingerprints(words)
    for found in LONG_FINGERPRINT.finditer(words):
        yield Found("fingerprint", *found.span(), found[0].upper())


def _blocks(words: str) -> Iterator[Found]:
    """Key blocks within the words, each key of theirs with its fingerprint."""
    for block in find_armor(words):
        if block.kind == "key_block" and block.value is not None:
            for key in walk_keys(block.value).keys:
                yield Found("key_block", block.start, block.end, key.fingerprint)


def first_seen(corpus: Corpus, displays: Displays) -> dict[int, datetime]:
    """When a key was first displayed; without keys of which that is not known."""
    seen = displays.rows.with_columns(at=corpus.texts["seen_at"].gather(displays.rows["text"]))
    dated = seen.group_by("key").agg(pl.col("at").min(), unknown=pl.col("at").is_null().any())
    return dict(dated.filter(~pl.col("unknown")).select("key", "at").iter_rows())
