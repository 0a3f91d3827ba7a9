"""Do two accounts name what they sell alike?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Fitted, Level, Outcome
from features.pairs import Pairs
from features.style.explain import explained, missing
from features.style.grounds import Documents, GroundTrait
from features.style.neighbours import nearest_pairs
from features.style.texts import titles_of
from features.titles.families import (
    TITLE_ACCOUNTS_MIN,
    TITLES_MIN,
    TitleSurvey,
    survey_titles,
    title_families,
)
from features.titles.weighting import Weighting, from_arrays


@dataclass(frozen=True)
class ListingSurvey:
    """What each account called its goods, and how common the pieces of titles are.

    Attributes:
        titles: the titles, cleaned and without lines copied from others, each once an account.
        pieces: in how many accounts' titles each piece stands.
    """

    titles: Documents
    pieces: TitleSurvey


@dataclass(frozen=True)
class ListingTraits:
    """What was read of the titles; None where too few accounts have any."""

    titles: GroundTrait | None


class ListingText(Feature[ListingSurvey, ListingTraits]):
    """Do two accounts name what they sell alike?

    Titles are compared by rare pieces and punctuation. What a score means depends on who else is
    there: it is standardised among the accounts of the corpus.

    Blind spot: accounts with a few listings, one person selling other goods elsewhere, resold goods
    under the maker's title; and who copies another's titles with a word changed in each.
    """

    name = "listing_text"
    family = "listings"
    levels = (Level("titles_compared", "the titles of listings were compared", forgeable="free"),)

    def __init__(self, weightings: Mapping[str, Weighting]) -> None:
        self.weightings = weightings

    @override
    @classmethod
    def from_fitted(cls, fitted: Fitted | None) -> Self:
        """The feature with its weights; without them, families that need some are left out."""
        return cls({} if fitted is None else from_arrays(fitted))

    @override
    def survey(self, corpus: Corpus) -> ListingSurvey:
        """What everybody called his goods himself, and how rare the pieces of titles are."""
        titles = Documents.of(titles_of(corpus), TITLES_MIN, 1)
        return ListingSurvey(titles, survey_titles(titles))

    @override
    def read(self, corpus: Corpus, survey: ListingSurvey) -> ListingTraits:
        """The vectors of all accounts with enough titles, and their neighbourhoods."""
        del corpus
        if len(survey.titles.accounts) < TITLE_ACCOUNTS_MIN:
            return ListingTraits(None)
        families = title_families(survey.titles, survey.pieces, self.weightings)
        return ListingTraits(GroundTrait(survey.titles, families))

    @override
    def meet(self, traits: ListingTraits, survey: ListingSurvey) -> Pairs:
        """The nearest accounts of each account."""
        if traits.titles is None:
            return Pairs.none()
        left, right = nearest_pairs(traits.titles)
        return Pairs.of(survey.titles.accounts[left], survey.titles.accounts[right])

    @override
    def compare(self, traits: ListingTraits, survey: ListingSurvey, pairs: Pairs) -> Outcome:
        """Value: the normalised score; count: characters of the side that wrote less."""
        outcome = Outcome.nothing(len(pairs))
        if traits.titles is None:
            return outcome
        left, right = (survey.titles.rows_of(side) for side in (pairs.left, pairs.right))
        both = (left >= 0) & (right >= 0)
        left, right = left[both], right[both]
        characters = survey.titles.characters
        outcome.level[both] = 1
        outcome.value[both] = traits.titles.scores(left, right)
        outcome.count[both] = np.minimum(characters[left], characters[right])
        return outcome

    @override
    def explain(
        self, traits: ListingTraits, survey: ListingSurvey, pair: tuple[int, int]
    ) -> Finding:
        """Which words and characters both use that few others do, and where they stand."""
        if traits.titles is not None:
            left, right = survey.titles.rows_of(np.array(pair, np.uint32))
            if left >= 0 and right >= 0:
                return explained("titles_compared", traits.titles, (int(left), int(right)))
        return missing("titles of listings", survey.titles, pair)
