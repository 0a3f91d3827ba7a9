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
from features.keys.signatures import market_names, names_handle, names_market
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
    markets = market_names(corpus) if messages else []
    handles = corpus.accounts["handle"]
    rows = [
        (account, key, one.text)
        for one in _distinct(messages)
        for key in one.signers
        for account in by_key.get(key, ())
        if names_handle(one.words, handles[account])
        and names_market(one.words, markets[account])
        and not warns(one)
    ]
    found = pl.DataFrame(rows, schema=CALLS, orient="row")
    return found.sort(CALLS.names()).unique(["account", "key"], keep="first", maintain_order=True)


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
