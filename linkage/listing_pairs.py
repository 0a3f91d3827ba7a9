"""Pairs of accounts of which it is known, or supposed, whether one hand sells there."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.feature import AnyFeature
from features.listing_text import UNLIKE_REST, ListingText
from features.pairs import Pairs
from features.style.grounds import Documents
from features.titles.likeness import read_likeness
from features.titles.markets import Markets
from features.titles.strings import no_runs
from features.titles.weighting import Weighting
from linkage.calibration import Scored
from linkage.ratios import Ratio

OTHERS, OTHERS_IN_ALL = 5_000, 200_000
"""Of every two markets, and together. Drawn from all accounts at once, nearly all may be of markets
years apart, where chance makes far fewer titles alike than among those who sell at one time."""

RESTS = 10_000
SAME_TITLE_MIN_CHARACTERS = 12
HALVES_MIN, HALVED_ACCOUNTS = 2, 600


@dataclass(frozen=True)
class Known:
    """p pairs of accounts on two markets; `same` (p,) where both have one handle."""

    pairs: Pairs
    same: NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """What a feature measured on the pairs that are known, NaN where it had nothing to compare."""

    value: NDArray[np.float64]
    count: NDArray[np.int64]
    same: NDArray[np.bool_]

    @property
    def there(self) -> Scored:
        """The pairs on which there was something to compare."""
        kept = ~np.isnan(self.value)
        return Scored(self.value[kept], self.count[kept], self.same[kept])

    def beside(self, other: "Measured") -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Both features' values (2, k), ours first, on the pairs that both compared."""
        kept = ~np.isnan(self.value) & ~np.isnan(other.value)
        return np.array([self.value[kept], other.value[kept]]), self.same[kept]


def known_pairs(corpus: Corpus, titles: pl.DataFrame) -> Known:
    """Accounts with titles on two markets: those of one handle, and some of the rest.

    Of every two markets as many of the rest are drawn, `OTHERS` at most, or all there are.

    Args:
        corpus: the accounts.
        titles: see `titles_of`.
    """
    shown = corpus.accounts.with_row_index("account").select(
        "account",
        "market",
        handle=pl.col("account_id").str.splitn(":", 2).struct.field("field_1").str.to_lowercase(),
    )
    sellers = shown.join(titles.select("account").unique(), on="account", how="semi")
    sellers = sellers.sort("account")
    same = _pairs_with(sellers, "handle")
    alike = same_title_pairs(corpus, titles)
    drawn = _drawn(sellers)
    others = drawn.take(~np.isin(drawn.keys, np.union1d(same.keys, alike.keys)))
    pairs = Pairs.from_keys(np.union1d(same.keys, others.keys))
    return Known(pairs, np.isin(pairs.keys, same.keys))


def same_title_pairs(corpus: Corpus, titles: pl.DataFrame) -> Pairs:
    """Accounts on two markets with a title in common that few show: not known to be two hands.

    Args:
        corpus: the accounts.
        titles: see `titles_of`; those of fewer than `SAME_TITLE_MIN_CHARACTERS` count nothing.
    """
    market = corpus.accounts.with_row_index("account").select("account", "market")
    long = titles.filter(pl.col("text").str.len_chars() >= SAME_TITLE_MIN_CHARACTERS)
    folded = long.select("account", text=pl.col("text").str.to_lowercase()).unique()
    return _pairs_with(folded.join(market, on="account"), "text")


def _pairs_with(rows: pl.DataFrame, column: str) -> Pairs:
    """Accounts on two markets that share a value of a column which few accounts share."""
    few = rows.filter(pl.len().over(column) <= 50)
    met = few.join(few, on=column).filter(pl.col("market") != pl.col("market_right"))
    return Pairs.of(met["account"].to_numpy(), met["account_right"].to_numpy())


def _drawn(sellers: pl.DataFrame) -> Pairs:
    rng = np.random.default_rng(0)
    markets = sellers.group_by("market").agg("account").sort("market")["account"]
    pairs_of_markets = list(combinations([market.to_numpy() for market in markets], 2))
    most = min(OTHERS, OTHERS_IN_ALL // max(len(pairs_of_markets), 1))
    found = [np.empty((2, 0), np.int64)]
    for one, other in pairs_of_markets:
        count = len(one) * len(other)
        drawn = rng.choice(count, min(most, count), replace=False)
        left, right = np.divmod(drawn, len(other))
        found.append(np.array([one[left], other[right]]))
    left, right = np.concatenate(found, axis=1)
    return Pairs.of(left, right)


def scored(feature: AnyFeature, corpus: Corpus, known: Known) -> Measured:
    """What a feature measures on the known pairs, unless it is that titles are repeated."""
    survey = feature.survey(corpus)
    outcome = feature.compare(feature.read(corpus, survey), survey, known.pairs)
    compared = [level.speaks != "against" for level in feature.levels]
    kept = np.array([False, *compared])[outcome.level]
    value = np.where(kept, outcome.value, np.nan).astype(np.float64)
    return Measured(value, outcome.count.astype(np.int64), known.same)


def unlike_rests(feature: ListingText, corpus: Corpus, known: Known) -> Ratio:
    """How often titles are unlike besides those that stand word for word with the other account.

    Of one hand those pairs count that repeat titles, of others a sample of all.
    """
    survey = feature.survey(corpus)
    read = feature.read(corpus, survey).read
    rows = survey.rows_of(known.pairs.left), survey.rows_of(known.pairs.right)
    there = (np.minimum(*rows) >= 0) & (known.same | _sampled(known.same))
    left, right = rows[0][there], rows[1][there]
    repeats = read.repeats.taken(left, right)
    rests = read.rests(left, right)
    counts = ~np.isnan(rests) & (repeats | ~known.same[there])
    return Ratio.of(rests[counts] < UNLIKE_REST, known.same[there][counts])


def _sampled(same: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Every so many of the pairs of others, bool (p,)."""
    others = np.cumsum(~same)
    return np.asarray(~same & (others % max(others[-1] // RESTS, 1) == 0))


def halves_scored(
    titles: pl.DataFrame, accounts: pl.DataFrame, weightings: Mapping[str, Weighting]
) -> Scored:
    """First halves of accounts' titles scored against second halves, as if of two markets."""
    place, count = pl.int_range(pl.len()).over("account"), pl.len().over("account")
    late = (place >= count // 2).cast(pl.UInt32)
    halved = titles.with_columns(account=pl.col("account") * 2 + late)
    halves = Documents.of(halved, HALVES_MIN, 1)
    numbers = accounts["market"].rank("dense").cast(pl.Int64).to_numpy()
    market = numbers[halves.accounts // 2].astype(np.int64)
    markets = Markets.of(2 * market + (halves.accounts % 2).astype(np.int64))
    read = read_likeness(halves, markets, no_runs(), weightings)
    first, second = _partners(halves, markets)
    left, right = np.divmod(np.arange(len(first) ** 2), len(first))
    value = read.scores(first[left], second[right]).astype(np.float64)
    amount = np.minimum(halves.characters[first[left]], halves.characters[second[right]])
    return Scored(value, amount, left == right)


def _partners(halves: Documents, markets: Markets) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """At most `HALVED_ACCOUNTS` pairs of documents of which both halves are there."""
    usable = halves.accounts[markets.group >= 0]
    rows = np.flatnonzero(np.isin(halves.accounts, usable) & np.isin(halves.accounts ^ 1, usable))
    first, second = rows[::2], rows[1::2]
    chosen = np.unique(np.linspace(0, len(first) - 1, HALVED_ACCOUNTS).astype(np.intp))
    return first[chosen], second[chosen]
