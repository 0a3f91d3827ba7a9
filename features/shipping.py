"""Do two accounts ship from the same places?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome
from features.pairs import Pairs
from features.places.regions import region_names, routes_of
from features.titles.shared import in_common, numbered, shown_titles

AGREEING, OTHERWISE = 0.85, 0.045
"""Shares of one hand: ships from where it shipped before, and from anywhere else."""

SMOOTHING = 10.0
"""How many accounts of the average market are added to each market's own."""

CITED = 3
AT = ("source_id", "place", "row_id")
LONE = "a place where nobody else states an origin, measured on markets where many do"
TAKEN = "all listings of one stand word for word with the other, and their origins came along"
BESIDES = "besides listings whose titles stand word for word with both"
BLOCK = 65_536
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class ShippingSurvey:
    """How common each origin is.

    Attributes:
        listings: those that state a known origin: account, origin, destination, and where.
        market: int64 (n,), each account's market by number.
        usual: float64 (m, r), mean share of each region on each market, smoothed.
        weight: float64 (m,), accounts with a known origin.
    """

    listings: pl.DataFrame
    market: NDArray[np.int64]
    usual: Floats
    weight: Floats

    @cached_property
    def account(self) -> NDArray[np.uint32]:
        """The account of each listing, ascending."""
        return self.listings["account"].to_numpy()

    def lone(self, pair: tuple[int, int]) -> bool:
        """Whether nobody else on the market of one of the two states an origin."""
        return bool((self.weight[self.market[list(pair)]] < 2).any())

    @cached_property
    def stated(self) -> pl.DataFrame:
        """What people are shown of each listing, and its title by number."""
        return self.listings.select("ships_from", "source_id", "place", "row_id", "number")

    def first_of(self, account: int, taken: Rows) -> list[tuple[str, str, str, str, int]]:
        """The first listings of one account that state a known origin, and where.

        Args:
            account: its number.
            taken: numbers of titles to leave out.
        """
        sought = np.array([account, account + 1], self.account.dtype)
        first, end = np.searchsorted(self.account, sought)
        own = self.stated[int(first) : int(end)]
        return own.filter(~pl.col("number").is_in(taken.tolist()))[:CITED].rows()


@dataclass(frozen=True)
class ShippingTraits:
    """What was read.

    Attributes:
        counts: int64 (n, r), listings of each account with each region as their origin.
        titles: float32 (n, t), see `shown_titles`.
        cells: listings by account, title, region, and their count; those without a title are not
            there.
    """

    counts: NDArray[np.int64]
    titles: csr_array
    cells: pl.DataFrame

    def besides(self, left: Rows, right: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The counts (p, r) of both sides of p pairs, without listings whose titles both show."""
        pair, title = in_common(self.titles, left, right)
        counts = []
        for side in (left, right):
            shared = pl.DataFrame({"pair": pair, "account": side[pair], "title": title})
            taken = shared.join(self.cells, on=["account", "title"])
            rest = self.counts[side]
            at = (taken["pair"].to_numpy(), taken["region"].to_numpy())
            np.subtract.at(rest, at, taken["count"].to_numpy())
            counts.append(rest)
        return counts[0], counts[1]


class Shipping(Feature[ShippingSurvey, ShippingTraits]):
    """Do two accounts ship from the same places?

    Origins are read as countries and regions, however they are spelled; an account has each in the
    share of its listings. The value is log2 of .85 * sum(a * b / c) + .045 for shares a and b, and
    c the usual share on the two markets: the same rare country says much, the same common one
    little. Bits lean on the accounts of the two markets: they change with new data. A listing whose
    title stands word for word with both is left out: its origin came along with it. Destinations
    are not counted: where they could be measured, one market alone stated them.

    Blind spot: who has moved, ships through others, or states a false origin; "worldwide",
    "undeclared" and digital goods say nothing.
    """

    name = "shipping"
    family = "shipping"
    levels = (Level("origins_compared", "both state where they ship from", forgeable="free"),)

    @override
    def survey(self, corpus: Corpus) -> ShippingSurvey:
        """Which origin is how common on which market."""
        listings = stated_routes(corpus)
        markets = corpus.accounts["market"].rank("dense").cast(pl.Int64).to_numpy() - 1
        counts = counts_of(listings, corpus.account_count)
        shares, known = shares_of(counts), counts.any(axis=1)
        sums = np.zeros((int(markets.max(initial=-1)) + 1, len(region_names())))
        np.add.at(sums, markets[known], shares[known])
        weight = np.bincount(markets[known], minlength=len(sums)).astype(np.float64)
        overall = (sums.sum(axis=0) + 1 / sums.shape[1]) / (weight.sum() + 1)
        usual = (sums + SMOOTHING * overall) / (weight[:, None] + SMOOTHING)
        return ShippingSurvey(listings, markets, usual, weight)

    @override
    def read(self, corpus: Corpus, survey: ShippingSurvey) -> ShippingTraits:
        """How often each region is an origin, account by account."""
        count = corpus.account_count
        cells = survey.listings.select(
            pl.col("account").cast(pl.Int64), "region", title="number"
        ).filter(pl.col("title") >= 0)
        return ShippingTraits(
            counts_of(survey.listings, count),
            shown_titles(cells["account"].to_numpy(), cells["title"].to_numpy(), count),
            cells.group_by("account", "title", "region", maintain_order=True).agg(count=pl.len()),
        )

    @override
    def meet(self, traits: ShippingTraits, survey: ShippingSurvey) -> Pairs:
        """None: a country brings nobody together."""
        del traits, survey
        return Pairs.none()

    @override
    def compare(self, traits: ShippingTraits, survey: ShippingSurvey, pairs: Pairs) -> Outcome:
        """Value: log2 as in the docstring; count: listings of the side that states fewer."""
        outcome = Outcome.nothing(len(pairs))
        left, right = pairs.left.astype(np.intp), pairs.right.astype(np.intp)
        for start in range(0, len(pairs), BLOCK):
            block = slice(start, start + BLOCK)
            counts = traits.besides(left[block], right[block])
            shares = [shares_of(side) for side in counts]
            agreed = shares[0] * shares[1] / usual_of(survey, left[block], right[block])
            value = np.log2(AGREEING * agreed.sum(axis=1) + OTHERWISE)
            amount = np.minimum(*(side.sum(axis=1) for side in counts))
            outcome.level[block] = amount > 0
            outcome.value[block] = np.where(amount > 0, value, np.nan)
            outcome.count[block] = amount
        return outcome

    @override
    def explain(
        self, traits: ShippingTraits, survey: ShippingSurvey, pair: tuple[int, int]
    ) -> Finding:
        """Where both ship from, how usual that is on the two markets, and what is stated."""
        stating = traits.counts[list(pair)].any(axis=1)
        if not stating.all():
            who = "one of the accounts states no" if stating.any() else "neither account states a"
            return Finding(None, f"origins not compared: {who} known origin")
        left, right = np.array(pair[:1], np.intp), np.array(pair[1:], np.intp)
        shares = [shares_of(counts)[0] for counts in traits.besides(left, right)]
        if not min(side.any() for side in shares):
            return Finding(None, f"origins not compared: {TAKEN}")
        usual = usual_of(survey, left, right)[0]
        shared = np.flatnonzero(shares[0] * shares[1])
        names = [f"{region_names()[k]} ({100 * usual[k]:.0f} % of these markets)" for k in shared]
        origins = [_named(side) for side in shares]
        both = f"both ship from {', '.join(names)}" if names else "no origin is shared"
        taken = np.unique(in_common(traits.titles, left, right)[1])
        left_rows, right_rows = (survey.first_of(account, taken) for account in pair)
        besides = f" ({BESIDES})" if len(taken) else ""
        return Finding(
            "origins_compared",
            f"{both}; stated by one: {origins[0]}; by the other: {origins[1]}{besides}",
            (
                *(Highlight("left", text) for text in dict.fromkeys(r[0] for r in left_rows)),
                *(Highlight("right", text) for text in dict.fromkeys(r[0] for r in right_rows)),
            ),
            tuple(Citation(*row[1:4]) for row in (*left_rows, *right_rows)),
            (LONE,) if survey.lone(pair) else (),
        )


def usual_of(survey: ShippingSurvey, left: Rows, right: Rows) -> Floats:
    """The usual share (p, r) of each region on the two markets of p pairs."""
    home, away = survey.market[left], survey.market[right]
    mine, theirs = survey.weight[home] + SMOOTHING, survey.weight[away] + SMOOTHING
    sums = mine[:, None] * survey.usual[home] + theirs[:, None] * survey.usual[away]
    return np.asarray(sums / (mine + theirs)[:, None])


def stated_routes(corpus: Corpus) -> pl.DataFrame:
    """The listings that state a known origin, with origin and destination as regions.

    Their titles, by number, are those of `corpus.texts`: a masked corpus has them there alone.
    """
    listings = corpus.listings
    titles = corpus.texts.filter(pl.col("ground") == "title").select(*AT, "text")
    shown = listings.select(AT).join(titles, on=AT, how="left", maintain_order="left")
    numbers = {name: number for number, name in enumerate(region_names())}
    routes = routes_of(listings["ships_from"])
    to = routes_of(listings["ships_to"])["origin"]
    return (
        listings.select("account", "ships_from", "ships_to", *AT)
        .with_columns(routes)
        .with_columns(destination=pl.coalesce(to, "destination"))
        .with_columns(number=numbered(shown["text"]))
        .filter(pl.col("origin").is_not_null())
        .with_columns(region=pl.col("origin").replace_strict(numbers, return_dtype=pl.Int64))
    )


def counts_of(listings: pl.DataFrame, count: int) -> NDArray[np.int64]:
    """How many listings (n, r) of each of n accounts name each region as their origin."""
    width = len(region_names())
    cells = listings["account"].to_numpy().astype(np.int64) * width + listings["region"].to_numpy()
    return np.bincount(cells, minlength=count * width).reshape(count, width)


def shares_of(counts: NDArray[np.int64]) -> Floats:
    """The share (n, r) of each region; zeros where there is none."""
    return np.asarray(counts / np.maximum(counts.sum(axis=1), 1)[:, None])


def _named(shares: Floats) -> str:
    order = np.argsort(-shares, kind="stable")[:CITED]
    return ", ".join(f"{region_names()[k]} {100 * shares[k]:.0f} %" for k in order if shares[k] > 0)
