"""Strata: accounts that are alike in what says little about a hand, in ever coarser groups.

Accounts of one market that write about as much, in one language, and sell the same from the same
place are alike by trade. Who stands in for whom (see `linkage.decoys`) is drawn within them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.places.regions import routes_of

Rows = NDArray[np.int64]

KEYS = ("market_kind", "market", "origin", "category", "amount", "language")
"""What tells strata apart; coarser strata leave out the last of these, one after another."""
LEAST_ACCOUNTS = 20
"""A stratum of fewer accounts falls back on the coarser one that holds it."""

SAMPLED_TEXTS, SAMPLED_CHARACTERS = 10, 100
ENGLISH_SHARE = 0.05
ENGLISH = r"(?i)\b(?:the|and|of|to|for|with|from|you|your|is|are|in|on|we|all|will|not|this|it)\b"


def strata_of(corpus: Corpus) -> pl.DataFrame:
    """The stratum of each account: `KEYS`, row i is account i; null where nothing is known.

    `amount` is how many digits (3 to 6) the number of its characters of text has; `language` is
    `english`, `latin` or `other`, by letters and by the share of English function words in its
    first texts; `category` and `origin` are those of most of its listings.
    """
    accounts = corpus.accounts.select("market_kind", "market").with_row_index("account")
    parts = [_written(corpus.texts), _usual(corpus.listings, "category")]
    origins = corpus.listings.with_columns(routes_of(corpus.listings["ships_from"])["origin"])
    for part in (*parts, _usual(origins, "origin")):
        accounts = accounts.join(part, on="account", how="left", maintain_order="left")
    return accounts.select(KEYS)


def _written(texts: pl.DataFrame) -> pl.DataFrame:
    """How much each account wrote, and in what."""
    text = pl.col("text")
    by_account = texts.group_by("account").agg(
        amount=text.str.len_chars().sum().cast(pl.String).str.len_chars().clip(3, 6),
        sample=text.head(SAMPLED_TEXTS).str.slice(0, SAMPLED_CHARACTERS).str.join(" "),
    )
    sample = pl.col("sample")
    latin = sample.str.count_matches(r"\p{Latin}")
    english = sample.str.count_matches(ENGLISH) >= ENGLISH_SHARE * sample.str.count_matches(r"\w+")
    foreign = 2 * latin < sample.str.count_matches(r"\p{L}")
    language = pl.when(foreign).then(pl.lit("other")).when(english).then(pl.lit("english"))
    return by_account.select("account", "amount", language=language.otherwise(pl.lit("latin")))


def _usual(listings: pl.DataFrame, column: str) -> pl.DataFrame:
    """What stands in most listings of each account; of equally many the first by name."""
    counted = listings.drop_nulls(column).group_by("account", column).agg(count=pl.len())
    ranked = counted.sort("count", column, descending=[True, False])
    return ranked.unique("account", keep="first", maintain_order=True).select("account", column)


@dataclass(frozen=True)
class Rings:
    """The accounts of each stratum in a ring, in an order that nothing but their ids decides.

    Attributes:
        order: int64 (n,), account rows, ring after ring.
        first: int64 (n,), for each account where its ring begins in `order`.
        length: int64 (n,), how many accounts its ring holds.
        place: int64 (n,), its own place in the ring.
    """

    order: Rows
    first: Rows
    length: Rows
    place: Rows

    def after(self, accounts: Rows, steps: int) -> Rows:
        """The accounts (m,) so many steps behind m accounts, each in its ring."""
        place = (self.place[accounts] + steps) % self.length[accounts]
        return self.order[self.first[accounts] + place]


def drawn_by(account_ids: pl.Series, purpose: str) -> NDArray[np.uint64]:
    """A number (n,) for each account that looks random, and is always the same."""
    digests = [
        blake2b(name.encode(), digest_size=8, person=purpose.encode()).digest()
        for name in account_ids
    ]
    return np.array(digests, "V8").view(np.uint64)


def rings_of(strata: pl.DataFrame, drawn: NDArray[np.uint64]) -> Iterator[tuple[Rows, Rings]]:
    """Rings from the finest strata to the coarsest, each with the accounts (m,) it is meant for.

    An account belongs to the ring of the finest of its strata with `LEAST_ACCOUNTS`; all accounts
    of that stratum stand in the ring. Where all accounts are fewer, there is no ring.

    Args:
        strata: see `strata_of`.
        drawn: uint64 (n,), what orders the accounts within a ring.
    """
    waiting = np.ones(strata.height, np.bool_)
    for level in range(len(KEYS), -1, -1):
        rings = _rings(_codes(strata, KEYS[:level]), drawn)
        fitting = waiting & (rings.length >= LEAST_ACCOUNTS)
        waiting &= ~fitting
        yield np.flatnonzero(fitting), rings


def _codes(strata: pl.DataFrame, keys: tuple[str, ...]) -> Rows:
    if not keys:
        return np.zeros(strata.height, np.int64)
    return strata.select(pl.struct(keys).rank("dense")).to_series().to_numpy().astype(np.int64) - 1


def _rings(code: Rows, drawn: NDArray[np.uint64]) -> Rings:
    order = np.lexsort((drawn, code))
    length = np.bincount(code, minlength=1)
    first = (np.cumsum(length) - length)[code]
    place = np.empty(len(code), np.int64)
    place[order] = np.arange(len(code))
    return Rings(order, first, length[code], place - first)
