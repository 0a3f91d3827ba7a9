"""Do two accounts write alike?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Fitted, Level, Outcome
from features.pairs import Pairs
from features.style.grounds import Documents
from features.style.languages import in_english, script_of
from features.style.pages import Pages
from features.style.posts import PostFit, Styles, common_amount, from_arrays
from features.style.said import said
from features.style.texts import posts_of, prose_of

POSTS_MIN, POST_CHARACTERS_MIN = 5, 400
PROSE_CHARACTERS_MIN = 600
GROUND_PARTS: Mapping[str, Sequence[str]] = {
    "posts": ("post",),
    "prose": ("profile", "description"),
}
LEAST: Mapping[str, str] = {
    "posts": f"less text of their own than {POSTS_MIN} posts and {POST_CHARACTERS_MIN} characters",
    "prose": f"less text of their own than {PROSE_CHARACTERS_MIN} characters of descriptions",
}
"""What was not validated where two accounts wrote on a ground and are not compared there."""


@dataclass(frozen=True)
class StyleSurvey:
    """What each account wrote itself, cleaned and without lines copied from others.

    Attributes:
        posts: posts in English.
        prose: profiles and descriptions of listings in English.
        foreign: by account, what its text is that is not compared.
        writers: by ground, the accounts with any text there, much or little.
    """

    posts: Documents
    prose: Documents
    foreign: dict[int, str]
    writers: Mapping[str, frozenset[int]]

    @cached_property
    def pages(self) -> tuple[Pages, Pages]:
        """Posts and prose, ready to be shown."""
        return Pages(self.posts), Pages(self.prose)


@dataclass(frozen=True)
class StyleTraits:
    """How the accounts with enough text write, ground by ground; None without a fit."""

    posts: Styles | None
    prose: Styles | None


class WritingStyle(Feature[StyleSurvey, StyleTraits]):
    """Do two accounts write alike?

    Posts are compared by words, punctuation, characters and habits of layout, weighted by how well
    each told authors apart. What a score means was measured on authors nobody here need know: who
    else is in the corpus changes no score, but for the lines that accounts copied from each other.
    Profiles and descriptions are read likewise where two accounts share no posts.

    Blind spot: accounts with little text of their own, several people behind one account or one
    person writing in two languages; and who imitates a style on purpose.
    """

    name = "writing_style"
    family = "style"
    levels = (
        Level("posts_compared", "the style of the posts was compared", forgeable="costly"),
        Level(
            "descriptions_compared",
            "the style of profiles and descriptions was compared",
            forgeable="free",
        ),
    )

    def __init__(self, fit: PostFit | None) -> None:
        self.fit = fit

    @override
    @classmethod
    def from_fitted(cls, fitted: Fitted | None) -> Self:
        """The feature with its fit; without one, nothing is compared."""
        return cls(None if fitted is None else from_arrays(fitted))

    @override
    def survey(self, corpus: Corpus) -> StyleSurvey:
        """What everybody wrote himself, and who wrote in another language than English."""
        foreign: dict[int, str] = {}
        posts = _english(Documents.of(posts_of(corpus), POSTS_MIN, POST_CHARACTERS_MIN), foreign)
        prose = _english(Documents.of(prose_of(corpus), 1, PROSE_CHARACTERS_MIN), foreign)
        return StyleSurvey(posts, prose, foreign, _writers(corpus))

    @override
    def read(self, corpus: Corpus, survey: StyleSurvey) -> StyleTraits:
        """The vectors of all accounts with enough text."""
        del corpus
        if self.fit is None:
            return StyleTraits(None, None)
        return StyleTraits(self.fit.read(survey.posts), self.fit.read(survey.prose))

    @override
    def meet(self, traits: StyleTraits, survey: StyleSurvey) -> Pairs:
        """The nearest accounts of each account, ground by ground.

        The cost grows with the square of the accounts that have enough text (see
        `style.nearest`): half a minute for 60,000.
        """
        keys = [np.empty(0, np.uint64)]
        for _, documents, styles in _grounds(traits, survey):
            left, right = (documents.accounts[side] for side in styles.nearest())
            keys.append(Pairs.of(left, right).keys)
        return Pairs.from_keys(np.unique(np.concatenate(keys)))

    @override
    def compare(self, traits: StyleTraits, survey: StyleSurvey, pairs: Pairs) -> Outcome:
        """Value: the score; count: harmonic mean of both sides' characters."""
        outcome = Outcome.nothing(len(pairs))
        for number, documents, styles in _grounds(traits, survey):
            _compare_on(documents, styles, number, (pairs, outcome))
        return outcome

    @override
    def explain(self, traits: StyleTraits, survey: StyleSurvey, pair: tuple[int, int]) -> Finding:
        """Which families and n-grams carried the score, and where they stand."""
        for number, documents, styles in _grounds(traits, survey):
            left, right = documents.rows_of(np.array(pair, np.uint32)).tolist()
            if left >= 0 and right >= 0:
                read = (survey.pages[number - 1], documents, styles)
                return said(self.levels[number - 1].name, read, (left, right))
        return _missing(survey, pair)


def _grounds(traits: StyleTraits, survey: StyleSurvey) -> list[tuple[int, Documents, Styles]]:
    """The grounds with their level, strongest first: the first that two accounts share counts."""
    grounds = ((1, survey.posts, traits.posts), (2, survey.prose, traits.prose))
    return [(number, documents, styles) for number, documents, styles in grounds if styles]


def _english(documents: Documents, foreign: dict[int, str]) -> Documents:
    """The documents in English; of the others it is noted what they are."""
    english = in_english(documents)
    for row in np.flatnonzero(~english).tolist():
        first = int(np.searchsorted(documents.document, row))
        script = script_of(documents.texts["text"][first])
        what = f"{script} text" if script not in ("", "Latin") else "text that is not English"
        foreign.setdefault(int(documents.accounts[row]), what)
    return documents.part(english)


def _compare_on(
    documents: Documents, styles: Styles, level: int, asked: tuple[Pairs, Outcome]
) -> None:
    """Fill in the pairs that have no level yet and both stand on this ground."""
    pairs, outcome = asked
    left, right = (documents.rows_of(side) for side in (pairs.left, pairs.right))
    open_ones = (outcome.level == 0) & (left >= 0) & (right >= 0)
    left, right = left[open_ones], right[open_ones]
    outcome.level[open_ones] = level
    outcome.value[open_ones] = styles.scores(left, right)
    characters = documents.characters
    outcome.count[open_ones] = common_amount(characters[left], characters[right])


def _writers(corpus: Corpus) -> dict[str, frozenset[int]]:
    """By ground, the accounts with any text there."""
    return {
        ground: frozenset(corpus.texts.filter(pl.col("ground").is_in(parts))["account"].to_list())
        for ground, parts in GROUND_PARTS.items()
    }


def _missing(survey: StyleSurvey, pair: tuple[int, int]) -> Finding:
    """Why two accounts were not compared."""
    foreign = sorted({survey.foreign[account] for account in pair if account in survey.foreign})
    if foreign:
        said = "; ".join(f"not validated: {what}" for what in foreign)
        return Finding(None, f"style not compared, {said}", not_validated=tuple(foreign))
    rows = np.array(pair, np.uint32)
    wanting = min((ground.rows_of(rows) < 0).sum() for ground in (survey.posts, survey.prose))
    if wanting == 0:
        return Finding(None, "style not compared: the model has no fit of it")
    who = "either account" if wanting == 2 else "one of the accounts"
    said = f"style not compared: not enough text of the same kind by {who}"
    return Finding(None, said, not_validated=_too_little(survey, pair))


def _too_little(survey: StyleSurvey, pair: tuple[int, int]) -> tuple[str, ...]:
    """The grounds on which both wrote, and one of them less than was validated."""
    return tuple(LEAST[ground] for ground in LEAST if survey.writers[ground].issuperset(pair))
