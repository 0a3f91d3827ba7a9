"""Do two accounts offer the same goods in the same amounts?"""

from collections.abc import Sequence
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
from features.products.classes import classes_in
from features.products.quantities import quantities_in
from features.style.vectors import Vectors
from features.titles.cosines import cosines_of, products_of
from features.titles.formats import named_vectors
from features.titles.markets import Markets
from features.titles.shared import numbered, shown_titles
from features.titles.standing import Standing, standing
from features.titles.texts import titles_of

LIMITS = (-3.0, 8.0)
SHOWN, CITED = 5, 3
TAKEN = "a title stands word for word with both, and what it offers came along with it"

Item = tuple[str, str, str, str, str]
"""Product and amount, the title that offers it, and where that stands: source, place, row."""


@dataclass(frozen=True)
class Offers:
    """What titles offer: products in amounts.

    Attributes:
        accounts: uint32 (n,), ascending, those that offer anything in a known amount.
        items: one row each: document (row of `accounts`), item, and where its title stands.
        markets: of the n documents.
    """

    accounts: NDArray[np.uint32]
    items: pl.DataFrame
    markets: Markets

    @cached_property
    def document(self) -> NDArray[np.int64]:
        """The document of each item, ascending."""
        return self.items["document"].to_numpy()

    def rows_of(self, accounts: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The document of each account, -1 where it has none or its market says nothing."""
        if len(self.accounts) == 0:
            return np.full(len(accounts), -1, np.intp)
        place = np.searchsorted(self.accounts, accounts).clip(max=len(self.accounts) - 1)
        known = (self.accounts[place] == accounts) & (self.markets.group[place] >= 0)
        return np.where(known, place, -1).astype(np.intp)

    @cached_property
    def shown(self) -> pl.DataFrame:
        """What people are shown of each item."""
        return self.items.select("item", "text", "source_id", "place", "row_id")

    def of(self, document: int) -> list[Item]:
        """The items of one document."""
        first, end = np.searchsorted(self.document, [document, document + 1])
        return self.shown[int(first) : int(end)].rows()


@dataclass(frozen=True)
class MixTraits:
    """What was read: vectors over items, what each dimension is, and the standing of accounts.

    `titles` says which documents show which titles, see `features.titles.shared`.
    """

    vectors: Vectors
    names: Sequence[str]
    at: Standing
    titles: csr_array


class ProductMix(Feature[Offers, MixTraits]):
    """Do two accounts offer the same goods in the same amounts?

    A title is read as product class and amount ("cocaine 3.5 g"); an account is its log tf-idf
    vector over such items, and the cosine is standardised among the accounts of the two markets,
    so that bits may change with new data. On markets nobody had seen, this added nothing to the
    titles themselves (it looked well where it was found): its bits are small, and it is of one
    family with them, so that of both the stronger counts. Where a title stands word for word with
    both, its goods came along with it, and nothing is said.

    Graded free: one has to stock goods to sell them, not to list them.

    Blind spot: sellers of the same popular goods in the usual amounts, other goods on the other
    market, and goods that the table of names does not know.
    """

    name = "product_mix"
    family = "listings"
    levels = (Level("products_compared", "products and amounts were compared", forgeable="free"),)

    @override
    def survey(self, corpus: Corpus) -> Offers:
        """What everybody offers, and on which market."""
        titles = titles_of(corpus)
        quantities = quantities_in(titles["text"])
        items = quantities.join(classes_in(titles["text"]), on="number", how="left").with_columns(
            item=pl.concat_str(pl.col("class").fill_null("goods"), "quantity", separator=" ")
        )
        number = items["number"]
        cited = titles.select("account", "text", "source_id", "place", "row_id")[number]
        items = pl.concat([cited, items.select("item")], how="horizontal").sort(
            "account", maintain_order=True
        )
        accounts = items["account"].unique().sort()
        rows = np.searchsorted(accounts.to_numpy(), items["account"].to_numpy()).astype(np.int64)
        market = corpus.accounts["market"].rank("dense").gather(accounts)
        return Offers(
            accounts.to_numpy().astype(np.uint32),
            items.with_columns(document=rows),
            Markets.of(market.to_numpy().astype(np.int64)),
        )

    @override
    def read(self, corpus: Corpus, survey: Offers) -> MixTraits:
        """The vectors of all accounts, and how near is near for each."""
        del corpus
        count = len(survey.accounts)
        vectors, names = named_vectors(survey.document, survey.items["item"], count)
        at = standing(vectors, survey.markets, sparse=True)
        titles = shown_titles(survey.document, numbered(survey.items["text"]), count)
        return MixTraits(vectors, names, at, titles)

    @override
    def meet(self, traits: MixTraits, survey: Offers) -> Pairs:
        """None: too many offer the same."""
        del traits, survey
        return Pairs.none()

    @override
    def compare(self, traits: MixTraits, survey: Offers, pairs: Pairs) -> Outcome:
        """Value: the standardised cosine, -3 to 8; count: distinct items of the smaller side."""
        outcome = Outcome.nothing(len(pairs))
        left, right = survey.rows_of(pairs.left), survey.rows_of(pairs.right)
        both = (left >= 0) & (right >= 0)
        both[both] = products_of(traits.titles, left[both], right[both]) == 0
        left, right = left[both], right[both]
        groups = survey.markets.group[left], survey.markets.group[right]
        cosines = cosines_of(traits.vectors, left, right)
        items = np.diff(traits.vectors.rows.indptr)
        outcome.level[both] = 1
        outcome.value[both] = np.clip(traits.at.scores(cosines, (left, right), groups), *LIMITS)
        outcome.count[both] = np.minimum(items[left], items[right])
        return outcome

    @override
    def explain(self, traits: MixTraits, survey: Offers, pair: tuple[int, int]) -> Finding:
        """Which goods in which amounts both offer, the rarest first."""
        left, right = (int(row) for row in survey.rows_of(np.array(pair, np.uint32)))
        if min(left, right) < 0:
            why = "one of the accounts names no amounts, or stands on a market with few that do"
            return Finding(None, f"products not compared: {why}")
        if products_of(traits.titles, np.array([left]), np.array([right]))[0]:
            return Finding(None, f"products not compared: {TAKEN}")
        shared = _shared(traits, left, right)
        sides = [_holding(survey.of(row), shared) for row in (left, right)]
        named = ", ".join(f"“{name}”" for name in shared)
        return Finding(
            "products_compared",
            f"both offer {named}" if shared else "they offer nothing in the same amount",
            (
                *(Highlight("left", item[1]) for item in sides[0]),
                *(Highlight("right", item[1]) for item in sides[1]),
            ),
            tuple(Citation(*item[2:]) for items in sides for item in items),
        )


def _shared(traits: MixTraits, left: int, right: int) -> list[str]:
    """What both offer, the rarest first."""
    rows = traits.vectors.rows
    mine, theirs = (slice(rows.indptr[row], rows.indptr[row + 1]) for row in (left, right))
    both, at, other = np.intersect1d(
        rows.indices[mine], rows.indices[theirs], assume_unique=True, return_indices=True
    )
    worth = rows.data[mine][at] * rows.data[theirs][other]
    return [traits.names[column] for column in both[np.argsort(-worth, kind="stable")[:SHOWN]]]


def _holding(items: list[Item], wanted: Sequence[str]) -> list[Item]:
    """The first titles that offer a wanted item; the first of all where none does."""
    holding: dict[str, Item] = {}
    for item in items:
        if item[0] in wanted and len(holding) < CITED:
            holding.setdefault(item[-1], item)
    return list(holding.values()) or items[:CITED]
