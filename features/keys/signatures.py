"""Which accounts published a message validly signed by a key, and what the message binds."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.keys.displays import Displays
from features.keys.messages import Message, read_messages

NAMED_MIN_CHARS = 3

SIGNED, NAMED, NAMED_WITH_MARKET = 1, 2, 3
"""What a valid signature says of the account that published it: nothing (it may be a replay); its
handle, in a message that nobody published before; its handle and its market."""

SIGNATURES = pl.Schema(
    {"account": pl.UInt32, "key": pl.UInt32, "grade": pl.Int8, "text": pl.UInt32}
)


Place = tuple[int, int]
"""Where a name begins and ends in a text."""


class MarketNames(NamedTuple):
    """What a market is called, and what others are called whose name holds that."""

    own: list[str]
    """Its name, its aliases, the market it serves."""
    longer: list[str]


class AccountName(NamedTuple):
    """What an account is called."""

    handle: str | None
    market: MarketNames
    is_disputed: bool
    """Whether another account of its market has the same handle but for case. A message that names
    the one may then be meant for the other, and replayed; who published it first is meant."""


def read_signatures(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """The columns `SIGNATURES`: the best valid signature of each account under each key.

    Raises:
        MissingProgram: there are signed messages and GnuPG does not run.
    """
    return graded(corpus, read_messages(corpus, displays))


def graded(corpus: Corpus, messages: Sequence[Message]) -> pl.DataFrame:
    """`read_signatures` of messages that are known already."""
    if not messages:
        return SIGNATURES.to_frame()
    first = _first_publishers(messages, corpus.texts)
    names = account_names(corpus)
    rows = [
        (one.account, signer, _grade(one, first, names[one.account]), one.text)
        for one in messages
        for signer in one.signers
    ]
    made = pl.DataFrame(rows, schema=SIGNATURES, orient="row")
    best = made.sort("account", "key", "grade", "text", descending=[False, False, True, False])
    return best.unique(["account", "key"], keep="first", maintain_order=True)


def _first_publishers(
    messages: Sequence[Message], texts: pl.DataFrame
) -> frozenset[tuple[int, str]]:
    """(account, signature) where no other account published it, or surely none before it."""
    rows = [(one.account, one.signature, texts["seen_at"][one.text]) for one in messages]
    schema = {"account": pl.UInt32(), "signature": pl.String(), "seen_at": UTC_TIME}
    seen = (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by("signature", "account")
        .agg(pl.col("seen_at").min(), undated=pl.col("seen_at").is_null().any())
    )
    known = ~pl.col("undated").any().over("signature")
    rank = pl.col("seen_at").rank("max").over("signature")
    alone = pl.len().over("signature") == 1
    first = seen.filter(alone | (known & (rank == 1).fill_null(value=False)))
    return frozenset(first.select("account", "signature").iter_rows())


def _grade(one: Message, first: frozenset[tuple[int, str]], name: AccountName) -> int:
    if not names_handle(one.words, name.handle):
        return SIGNED
    is_first = (one.account, one.signature) in first
    if names_market(one.words, name.market) and (is_first or not name.is_disputed):
        return NAMED_WITH_MARKET
    return NAMED if is_first else SIGNED


def names_handle(words: str, handle: str | None) -> bool:
    """Does the text name this handle (from three characters on)?"""
    return handle is not None and len(handle) >= NAMED_MIN_CHARS and _says(words, handle)


def names_market(words: str, market: MarketNames) -> bool:
    """Does the text name this market, and not merely one of a longer name?"""
    return any(True for _ in places_of_market(words, market))


def places_of_market(words: str, market: MarketNames) -> Iterator[Place]:
    """Where the text names this market, and not merely one of a longer name."""
    for name in market.longer:
        if _holds(words, name):
            words = re.sub(_as_name(name), _blank, words, flags=re.IGNORECASE)
    for name in market.own:
        yield from places_of(words, name)


def _says(words: str, name: str) -> bool:
    return next(places_of(words, name), None) is not None


def places_of(words: str, name: str) -> Iterator[Place]:
    """Where the text holds the name in any case, and not merely a longer one that it is a part of.

    As `_as_name` has it, without making a pattern for every name there is.
    """
    text, wanted = words.lower(), name.lower()
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before, after = text[max(0, start - 2) : start][::-1], text[end : end + 2]
        if not _joined(before) and not _joined(after):
            yield start, end
        start = text.find(wanted, start + 1)


def _joined(beside: str) -> bool:
    """Do the two characters beside a name, the nearer first, make it a part of a longer one?"""
    letters = [letter.isalnum() or letter == "_" for letter in beside]
    return bool(letters) and (letters[0] or (beside[0] in "-.@" and letters[-1]))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _holds(words: str, name: str) -> bool:
    return name.lower() in words.lower()


def _as_name(name: str) -> str:
    """The name in any text, joined to nothing: `bob` stands neither in `bobby` nor in `bob-2`."""
    return rf"(?<!\w)(?<!\w[-.@]){re.escape(name)}(?!\w)(?![-.@]\w)"


def account_names(corpus: Corpus) -> list[AccountName]:
    """What each account is called."""
    alike = pl.col("handle").str.to_lowercase()
    disputed = corpus.accounts.select(pl.len().over("market", alike) > 1).to_series()
    columns = (corpus.accounts["handle"], market_names(corpus), disputed)
    return [AccountName(*names) for names in zip(*columns, strict=True)]


def market_names(corpus: Corpus) -> list[MarketNames]:
    """For each account what its market is called, and what others of a longer name are."""
    aliases = {
        market: list(others or [])
        for market, others in corpus.markets.select("market", "aliases").iter_rows()
    }
    places = corpus.accounts.select("market", "belongs_to").unique(maintain_order=True)
    called = {
        (market, serves): [n for n in (market, serves, *aliases.get(market, [])) if n]
        for market, serves in places.iter_rows()
    }
    known = {*aliases, *(name for names in (*called.values(), *aliases.values()) for name in names)}
    found = {place: MarketNames(own, _longer(own, known)) for place, own in called.items()}
    return [found[place] for place in corpus.accounts.select("market", "belongs_to").iter_rows()]


def _longer(own: list[str], known: set[str]) -> list[str]:
    others = known - set(own)
    longer = {other for other in others for name in own if name.lower() in other.lower()}
    return sorted(longer, key=lambda name: (-len(name), name))
