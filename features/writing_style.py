"""Do two accounts write alike?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Fitted, Level, Outcome
from features.pairs import Pairs
from features.style.counts import count
from features.style.explain import explained, missing
from features.style.fit import POST_PLANS, FamilyFit, from_arrays
from features.style.grounds import Documents, FamilyTrait, GroundTrait
from features.style.neighbours import nearest_pairs
from features.style.norm import COHORT_MIN, neighbourhoods
from features.style.texts import posts_of

POSTS_MIN, POST_CHARACTERS_MIN = 5, 400


@dataclass(frozen=True)
class StyleSurvey:
    """What each account wrote itself: its posts, cleaned and without lines copied from others."""

    posts: Documents


@dataclass(frozen=True)
class StyleTraits:
    """What was read on each ground; None where too few accounts stand on it."""

    posts: GroundTrait | None

    def grounds(self) -> tuple[GroundTrait | None, ...]:
        """The grounds in the order of the levels: the first that two accounts share counts."""
        return (self.posts,)


class WritingStyle(Feature[StyleSurvey, StyleTraits]):
    """Do two accounts write alike?

    Posts are compared by words, punctuation, characters and habits of layout, weighted by how well
    each told authors apart. What a score means depends on who else is there: it is standardised
    among the accounts of the corpus.

    Blind spot: accounts with little text of their own, several people behind one account or one
    person writing in two languages; and who imitates a style on purpose.
    """

    name = "writing_style"
    family = "style"
    levels = (Level("posts_compared", "the style of the posts was compared", forgeable="costly"),)

    def __init__(self, fits: Mapping[str, FamilyFit]) -> None:
        self.fits = fits

    @override
    @classmethod
    def from_fitted(cls, fitted: Fitted | None) -> Self:
        """The feature with its fit; without one, posts are not compared."""
        return cls({} if fitted is None else from_arrays(fitted))

    @override
    def survey(self, corpus: Corpus) -> StyleSurvey:
        """What everybody wrote himself."""
        return StyleSurvey(Documents.of(posts_of(corpus), POSTS_MIN, POST_CHARACTERS_MIN))

    @override
    def read(self, corpus: Corpus, survey: StyleSurvey) -> StyleTraits:
        """The vectors of all accounts with enough text, and their neighbourhoods."""
        del corpus
        known = self.fits and len(survey.posts.accounts) >= COHORT_MIN
        return StyleTraits(read_posts(survey.posts, self.fits) if known else None)

    @override
    def meet(self, traits: StyleTraits, survey: StyleSurvey) -> Pairs:
        """The nearest accounts of each account, ground by ground.

        The cost grows with the square of the accounts that have enough text (see
        `style.neighbours`): a few seconds for 10,000.
        """
        del survey
        found = [_met(ground) for ground in traits.grounds() if ground is not None]
        left = np.concatenate([np.empty(0, np.uint32), *(pairs.left for pairs in found)])
        right = np.concatenate([np.empty(0, np.uint32), *(pairs.right for pairs in found)])
        return Pairs.of(left, right)

    @override
    def compare(self, traits: StyleTraits, survey: StyleSurvey, pairs: Pairs) -> Outcome:
        """Value: the normalised score; count: characters of the side that wrote less."""
        del survey
        outcome = Outcome.nothing(len(pairs))
        for number, ground in enumerate(traits.grounds(), start=1):
            if ground is not None:
                _compare_on(ground, pairs, number, outcome)
        return outcome

    @override
    def explain(self, traits: StyleTraits, survey: StyleSurvey, pair: tuple[int, int]) -> Finding:
        """Which words and characters both use that few others do, and where they stand."""
        for level, ground in zip(self.levels, traits.grounds(), strict=True):
            if ground is not None:
                left, right = ground.documents.rows_of(np.array(pair, np.uint32))
                if left >= 0 and right >= 0:
                    return explained(level.name, ground, (int(left), int(right)))
        return missing("posts", survey.posts, pair)


def read_posts(documents: Documents, fits: Mapping[str, FamilyFit]) -> GroundTrait:
    """The posts of n accounts as vectors of every family, with their neighbourhoods."""
    families = []
    for plan in POST_PLANS:
        fit = fits[plan.family.name]
        counts = count(documents.texts["text"], documents.document, plan.family)
        vectors = fit.vectors(counts)
        at = neighbourhoods(vectors, fit.cohort)
        families.append(FamilyTrait(plan.family, fit.columns, vectors, at, plan.share))
    return GroundTrait(documents, families)


def _met(ground: GroundTrait) -> Pairs:
    left, right = nearest_pairs(ground)
    return Pairs.of(ground.documents.accounts[left], ground.documents.accounts[right])


def _compare_on(ground: GroundTrait, pairs: Pairs, level: int, outcome: Outcome) -> None:
    """Fill in the pairs that have no level yet and both stand on this ground."""
    left, right = (ground.documents.rows_of(side) for side in (pairs.left, pairs.right))
    open_ones = (outcome.level == 0) & (left >= 0) & (right >= 0)
    left, right = left[open_ones], right[open_ones]
    outcome.level[open_ones] = level
    outcome.value[open_ones] = ground.scores(left, right)
    characters = ground.documents.characters
    outcome.count[open_ones] = np.minimum(characters[left], characters[right])
