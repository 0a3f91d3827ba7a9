"""Do two accounts name what they sell alike?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Fitted, Level, Outcome
from features.pairs import Pairs
from features.style.grounds import Documents
from features.style.languages import other_script
from features.style.vectors import Floats
from features.titles.explain import Explainer
from features.titles.likeness import read_likeness
from features.titles.markets import Markets
from features.titles.meeting import met_documents
from features.titles.only import OnlyTitles, only_titles
from features.titles.strings import described_runs
from features.titles.texts import cut_alike, order_of, titles_of
from features.titles.weighting import Weighting, from_arrays

TITLES_MIN = 2
UNLIKE_REST = -1.0
"""Rests of titles (see `features.titles.repeats`) that are less alike than this are unlike: an
account scores 0 with the accounts of the other market that are nearest to it, one hand or not."""

ALIKE_REST = 2.0
"""Rests that are more alike than this are alike: of the pairs of others by which the level
`titles_repeated` was measured 4 in 100 are."""

HALVED_AFTER_YEARS = 4.0
"""A likeness is worth half of itself so many years later: sellers change what they sell."""

COMPARED, REPEATED = "titles_compared", "titles_repeated"
ALIKE, TAKEN = "titles_alike", "titles_taken"
OTHERS_OF = {
    COMPARED: "the others tell little",
    ALIKE: "the others are alike too",
    TAKEN: "at least one side has hardly any other",
}
FROM_OTHERS = {
    COMPARED: "",
    REPEATED: "titles of one stood elsewhere before, and all others are unlike; with them: ",
    ALIKE: "",
    TAKEN: "one has hardly a title that did not stand elsewhere before; ",
}
SECONDS_A_YEAR = 31_556_952


@dataclass(frozen=True)
class ListingSurvey:
    """What each account called its goods.

    Attributes:
        titles: the titles of accounts with `TITLES_MIN` or more, cleaned, cut alike, each once.
        only: the titles of accounts that show no other.
        described: sampled runs of words of these accounts' descriptions: document, run.
        markets: where the accounts stand.
        year: float64 (n,), median time of each account's titles in years; NaN where none has one.
    """

    titles: Documents
    only: OnlyTitles
    described: pl.DataFrame
    markets: Markets
    year: NDArray[np.float64]

    def rows_of(self, accounts: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The document of each account, -1 where it has none or its market says nothing."""
        rows = self.titles.rows_of(accounts)
        known = rows >= 0
        known[known] = self.markets.group[rows[known]] >= 0
        return np.where(known, rows, -1)

    def script(self, row: int) -> str | None:
        """The script of a document's titles where that is not Latin; no other was measured."""
        first, last = np.searchsorted(self.titles.document, [row, row + 1])
        return other_script(" ".join(self.titles.texts["text"][first:last]))

    def nearness(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> Floats:
        """What is left (p,) of a likeness after the years between p pairs: 1 at once, then less."""
        apart = np.nan_to_num(np.abs(self.year[left] - self.year[right]), nan=0.0)
        return np.asarray(HALVED_AFTER_YEARS / (HALVED_AFTER_YEARS + apart), np.float32)


class ListingText(Feature[ListingSurvey, Explainer]):
    """Do two accounts name what they sell alike?

    Titles are compared in eleven families of pieces (words, characters, punctuation, shapes), by
    the way amounts are written, and by strings that one account alone uses on each market; near
    identical descriptions add such strings. Every part is standardised among the accounts of the
    two markets, and the whole is held against what both score with all others there, which is
    better calibrated than a fixed cohort: a bit may change because somebody else came, and such a
    change has the cause "new data". Years between two accounts make their likeness worth less.

    Blind spot: accounts with a few listings, one person selling other goods elsewhere, markets with
    fewer than ten accounts, resold goods under the maker's title; and who copies another's titles.
    """

    name = "listing_text"
    family = "listings"
    levels = (
        Level(COMPARED, "the titles of listings were compared", forgeable="free"),
        Level(
            REPEATED,
            "titles of one stand word for word with the other, or elsewhere before, and all others "
            "are unlike",
            forgeable="costly",
            speaks="against",
        ),
        Level(
            ALIKE,
            "titles are alike, also without those that stand word for word in both, or elsewhere "
            "before",
            forgeable="free",
        ),
        Level(
            TAKEN,
            "one has hardly a title that stands neither with the other nor elsewhere before",
            forgeable="free",
        ),
    )

    def __init__(self, weightings: Mapping[str, Weighting]) -> None:
        self.weightings = weightings

    @override
    @classmethod
    def from_fitted(cls, fitted: Fitted | None) -> Self:
        """The feature with its weights; without them, families that need some are left out."""
        return cls({} if fitted is None else from_arrays(fitted))

    @override
    def survey(self, corpus: Corpus) -> ListingSurvey:
        """What everybody called his goods, where and when."""
        shown = cut_alike(titles_of(corpus))
        titles = Documents.of(shown, TITLES_MIN, 1)
        described = titles_of(corpus, "description")
        rows = titles.rows_of(described["account"].to_numpy())
        described = described.with_columns(document=rows).filter(pl.col("document") >= 0)
        market = corpus.accounts["market"].rank("dense").gather(titles.accounts)
        return ListingSurvey(
            titles,
            only_titles(shown, corpus.account_count),
            described_runs(described),
            Markets.of(market.to_numpy().astype(np.int64), order_of(titles)),
            _median_years(titles),
        )

    @override
    def read(self, corpus: Corpus, survey: ListingSurvey) -> Explainer:
        """The vectors of all accounts with enough titles, and how near is near for each."""
        del corpus
        return Explainer(
            read_likeness(survey.titles, survey.markets, survey.described, self.weightings)
        )

    @override
    def meet(self, traits: Explainer, survey: ListingSurvey) -> Pairs:
        """The nearest accounts of each account, among those that share rare pieces."""
        found = met_documents(traits.read)
        return Pairs.of(survey.titles.accounts[found.left], survey.titles.accounts[found.right])

    @override
    def compare(self, traits: Explainer, survey: ListingSurvey, pairs: Pairs) -> Outcome:
        """Value: the score, less by the years between; count: characters of the smaller side."""
        outcome = Outcome.nothing(len(pairs))
        left, right = survey.rows_of(pairs.left), survey.rows_of(pairs.right)
        both = (left >= 0) & (right >= 0)
        taken = ~both & survey.only.taken(pairs.left, pairs.right)
        outcome.level[taken], outcome.value[taken] = self._number(TAKEN), 0.0
        left, right = left[both], right[both]
        characters = survey.titles.characters
        outcome.level[both] = 1
        outcome.value[both] = traits.read.scores(left, right) * survey.nearness(left, right)
        outcome.count[both] = np.minimum(characters[left], characters[right])
        self._weigh_rests(traits, outcome, np.flatnonzero(both), (left, right))
        return outcome

    def _weigh_rests(
        self,
        traits: Explainer,
        outcome: Outcome,
        pairs: NDArray[np.intp],
        rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    ) -> None:
        """Tell a likeness that is nothing but repeated titles, and one that is more, apart."""
        alike = np.flatnonzero(outcome.value[pairs] > 0)
        left, right = rows[0][alike], rows[1][alike]
        rests = traits.read.rests(left, right)
        shared = traits.read.repeats.taken(left, right)
        repeated = shared & (rests < UNLIKE_REST)
        outcome.value[pairs[alike[repeated]]] = rests[repeated]
        cases = [repeated, rests > ALIKE_REST, shared & np.isnan(rests)]
        numbers = [self._number(name) for name in (REPEATED, ALIKE, TAKEN)]
        outcome.level[pairs[alike]] = np.select(cases, numbers, self._number(COMPARED))

    def _number(self, name: str) -> int:
        return [level.name for level in self.levels].index(name) + 1

    @override
    def explain(self, traits: Explainer, survey: ListingSurvey, pair: tuple[int, int]) -> Finding:
        """What both write that few others do, where it stands, and the terms of the score."""
        left, right = (int(row) for row in survey.rows_of(np.array(pair, np.uint32)))
        if min(left, right) < 0:
            if survey.only.taken(*(np.array([account], np.uint32) for account in pair))[0]:
                return survey.only.finding(TAKEN, pair)
            why = "one of the accounts has too few titles, or stands on a market with too few shops"
            return Finding(None, f"titles not compared: {why}")
        outcome = self.compare(traits, survey, Pairs.of(*_each(*pair)))
        level = self.levels[outcome.level[0] - 1].name
        nearness = float(survey.nearness(np.array([left]), np.array([right]))[0])
        found = traits.finding(level, (left, right), nearness)
        count = int(traits.read.repeats.shared(*_each(left, right))[0])
        scripts = sorted({script for row in (left, right) if (script := survey.script(row))})
        return replace(
            found,
            sentence=_told(level, count, float(outcome.value[0]), found.sentence),
            not_validated=tuple(f"{script} titles" for script in scripts),
        )


def _each(*numbers: int) -> tuple[NDArray[np.intp], ...]:
    return tuple(np.array([number], np.intp) for number in numbers)


def _told(level: str, count: int, value: float, likeness: str) -> str:
    """The sentence, with what there is to say of titles that stand in both."""
    if count == 0:
        return f"{FROM_OTHERS[level]}{likeness}"
    repeated = "1 title stands" if count == 1 else f"{count} titles stand"
    if level == REPEATED:
        return (
            f"{repeated} word for word in both, and all others are unlike ({value:.1f}, where the "
            f"nearest accounts of the other market score 0); with what is repeated: {likeness}"
        )
    return f"{repeated} word for word in both, and {OTHERS_OF[level]}; {likeness}"


def _median_years(titles: Documents) -> NDArray[np.float64]:
    seconds = titles.texts.select(
        document=titles.document, year=pl.col("seen_at").dt.epoch("s") / SECONDS_A_YEAR
    )
    years = seconds.group_by("document").agg(pl.col("year").median()).sort("document")
    return years["year"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
