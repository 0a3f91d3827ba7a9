"""Do two accounts ship from the same places?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome
from features.pairs import Pairs
from features.places.regions import region_names, routes_of

AGREEING, OTHERWISE = 0.85, 0.045
"""Shares of one hand: ships from where it shipped before, and from anywhere else."""

SMOOTHING = 10.0
"""How many accounts of the average market are added to each market's own."""

CITED = 3
LONE = "a place where nobody else states an origin, measured on markets where many do"
Floats = NDArray[np.float64]


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
        """What people are shown of each listing."""
        return self.listings.select("ships_from", "source_id", "place", "row_id")

    def first_of(self, account: int) -> list[tuple[str, str, str, str]]:
        """The first listings of one account that state a known origin: origin, and where."""
        sought = np.array([account, account + 1], self.account.dtype)
        first, end = np.searchsorted(self.account, sought)
        return self.stated[int(first) : min(int(end), int(first) + CITED)].rows()


@dataclass(frozen=True)
class ShippingTraits:
    """What was read.

    Attributes:
        shares: float64 (n, r), share of each region among the origins each account states.
        count: int64 (n,), listings with a known origin.
    """

    shares: Floats
    count: NDArray[np.int64]


class Shipping(Feature[ShippingSurvey, ShippingTraits]):
    """Do two accounts ship from the same places?

    Origins are read as countries and regions, however they are spelled; an account has each in the
    share of its listings. The value is log2 of .85 * sum(a * b / c) + .045 for shares a and b, and
    c the usual share on the two markets: the same rare country says much, the same common one
    little. Bits lean on the accounts of the two markets: they change with new data. Destinations
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
        listings = stated_routes(corpus.listings)
        markets = corpus.accounts["market"].rank("dense").cast(pl.Int64).to_numpy() - 1
        shares, count = shares_of(listings, corpus.account_count)
        known = count > 0
        sums = np.zeros((int(markets.max(initial=-1)) + 1, len(region_names())))
        np.add.at(sums, markets[known], shares[known])
        weight = np.bincount(markets[known], minlength=len(sums)).astype(np.float64)
        overall = (sums.sum(axis=0) + 1 / sums.shape[1]) / (weight.sum() + 1)
        usual = (sums + SMOOTHING * overall) / (weight[:, None] + SMOOTHING)
        return ShippingSurvey(listings, markets, usual, weight)

    @override
    def read(self, corpus: Corpus, survey: ShippingSurvey) -> ShippingTraits:
        """The share of each region, account by account."""
        return ShippingTraits(*shares_of(survey.listings, corpus.account_count))

    @override
    def meet(self, traits: ShippingTraits, survey: ShippingSurvey) -> Pairs:
        """None: a country brings nobody together."""
        del traits, survey
        return Pairs.none()

    @override
    def compare(self, traits: ShippingTraits, survey: ShippingSurvey, pairs: Pairs) -> Outcome:
        """Value: log2 as in the docstring; count: listings of the side that states fewer."""
        outcome = Outcome.nothing(len(pairs))
        amount = np.minimum(traits.count[pairs.left], traits.count[pairs.right])
        both = amount > 0
        left, right = pairs.left[both], pairs.right[both]
        agreed = traits.shares[left] * traits.shares[right] / usual_of(survey, left, right)
        outcome.level[both] = 1
        outcome.value[both] = np.log2(AGREEING * agreed.sum(axis=1) + OTHERWISE)
        outcome.count[both] = amount[both]
        return outcome

    @override
    def explain(
        self, traits: ShippingTraits, survey: ShippingSurvey, pair: tuple[int, int]
    ) -> Finding:
        """Where both ship from, how usual that is on the two markets, and what is stated."""
        stating = traits.count[list(pair)] > 0
        if not stating.all():
            who = "one of the accounts states no" if stating.any() else "neither account states a"
            return Finding(None, f"origins not compared: {who} known origin")
        left, right = np.array(pair[:1], np.uint32), np.array(pair[1:], np.uint32)
        usual = usual_of(survey, left, right)[0]
        shared = np.flatnonzero(traits.shares[pair[0]] * traits.shares[pair[1]])
        names = [f"{region_names()[k]} ({usual[k]:.0%} of these markets)" for k in shared]
        origins = [_named(traits.shares[account]) for account in pair]
        both = f"both ship from {', '.join(names)}" if names else "no origin is shared"
        left_rows, right_rows = (survey.first_of(account) for account in pair)
        return Finding(
            "origins_compared",
            f"{both}; stated by one: {origins[0]}; by the other: {origins[1]}",
            (
                *(Highlight("left", text) for text in dict.fromkeys(r[0] for r in left_rows)),
                *(Highlight("right", text) for text in dict.fromkeys(r[0] for r in right_rows)),
            ),
            tuple(Citation(*row[1:]) for row in (*left_rows, *right_rows)),
            (LONE,) if survey.lone(pair) else (),
        )


def usual_of(survey: ShippingSurvey, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> Floats:
    """The usual share (p, r) of each region on the two markets of p pairs."""
    home, away = survey.market[left], survey.market[right]
    mine, theirs = survey.weight[home] + SMOOTHING, survey.weight[away] + SMOOTHING
    sums = mine[:, None] * survey.usual[home] + theirs[:, None] * survey.usual[away]
    return np.asarray(sums / (mine + theirs)[:, None])


def stated_routes(listings: pl.DataFrame) -> pl.DataFrame:
    """The listings that state a known origin, with origin and destination as regions."""
    columns = ("account", "ships_from", "ships_to", "source_id", "place", "row_id")
    routes = routes_of(listings["ships_from"])
    to = routes_of(listings["ships_to"])["origin"]
    return (
        listings.select(columns)
        .with_columns(routes)
        .with_columns(destination=pl.coalesce(to, "destination"))
        .filter(pl.col("origin").is_not_null())
    )


def shares_of(listings: pl.DataFrame, count: int) -> tuple[Floats, NDArray[np.int64]]:
    """The share (n, r) of each region in the origins of each of n accounts, and how many."""
    numbers = {name: number for number, name in enumerate(region_names())}
    region = listings["origin"].replace_strict(numbers, return_dtype=pl.Int64).to_numpy()
    cells = listings["account"].to_numpy().astype(np.int64) * len(numbers) + region
    counts = np.bincount(cells, minlength=count * len(numbers)).reshape(count, len(numbers))
    total = counts.sum(axis=1)
    return counts / np.maximum(total, 1)[:, None], total


def _named(shares: Floats) -> str:
    order = np.argsort(-shares, kind="stable")[:CITED]
    return ", ".join(f"{region_names()[k]} {shares[k]:.0%}" for k in order if shares[k] > 0)
