"""What makes two accounts' titles alike, in words and in terms that sum to the score."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from features.feature import Citation, Finding, Highlight
from features.style.texts import HIDDEN
from features.titles.likeness import RIVAL_SHARE, Likeness
from features.titles.strings import WORDS

STRINGS_SHOWN, WORDS_SHOWN, FORMS_SHOWN, TITLES_CITED = 3, 3, 2, 3
RARE_ACCOUNTS_MAX = 20
WORD = re.compile(r"(?:[^\W_]|')+")
Row = tuple[str, str, str, str]
"""A title, and where it stands."""


@dataclass(frozen=True)
class Term:
    """A part of a score: what it is in words, and how much it adds."""

    name: str
    amount: float


@dataclass(frozen=True)
class Shared:
    """What two accounts share: rare strings, rare words with their accounts, forms of amounts."""

    strings: list[str]
    words: list[tuple[str, int]]
    forms: list[str]


@dataclass(frozen=True)
class Explainer:
    """Explains pairs of documents; what all need is prepared once."""

    read: Likeness

    @cached_property
    def _titles(self) -> list[Row]:
        columns = ("text", "source_id", "place", "row_id")
        return self.read.documents.texts.select(columns).rows()

    @cached_property
    def _word_accounts(self) -> Counter[str]:
        texts = self.read.documents.texts
        words = (
            texts.select("account", word=pl.col("text").str.to_lowercase().str.extract_all(WORDS))
            .explode("word", empty_as_null=True)
            .drop_nulls()
            .unique()
            .group_by("word")
            .len()
            .filter(pl.col("len") > 1)
        )
        return Counter(dict(words.iter_rows()))

    def terms(self, pair: tuple[int, int]) -> list[Term]:
        """The terms of the score of two documents; they sum to it."""
        left, right = np.array(pair[:1], np.intp), np.array(pair[1:], np.intp)
        gain = 1 + 2 * RIVAL_SHARE
        parts = self.read.parts(left, right)
        raw = np.add.reduce(list(parts.values())).astype(np.float64)
        usual = RIVAL_SHARE * float(self.read.usual(raw, left, right)[0])
        return [
            *(Term(name, gain * float(amount[0])) for name, amount in parts.items()),
            Term("what both score with others", -usual),
        ]

    def finding(self, level: str, pair: tuple[int, int], nearness: float) -> Finding:
        """The finding on two documents, of whose likeness the years left so much (0..1)."""
        shared = self.shared(pair)
        sides = [self._standing(number, shared) for number in pair]
        return Finding(
            level,
            self._sentence(pair, shared, nearness),
            (
                *(
                    Highlight("left", " ".join(row[0].replace(HIDDEN, "[…]").split()))
                    for row in sides[0]
                ),
                *(
                    Highlight("right", " ".join(row[0].replace(HIDDEN, "[…]").split()))
                    for row in sides[1]
                ),
            ),
            tuple(Citation(*row[1:]) for rows in sides for row in rows),
        )

    def shared(self, pair: tuple[int, int]) -> Shared:
        """What both use that few others do, the rarest first."""
        strings, formats = self.read.strings, self.read.formats
        words = [self._words(number) for number in pair]
        rare = sorted((self._word_accounts[word], word) for word in words[0] & words[1])
        return Shared(
            _both(strings.alone, pair, self._string_names)[:STRINGS_SHOWN],
            [(word, count) for count, word in rare if count <= RARE_ACCOUNTS_MAX][:WORDS_SHOWN],
            _both(formats.rows, pair, self.read.format_names)[:FORMS_SHOWN],
        )

    @cached_property
    def _string_names(self) -> list[str]:
        return self.read.strings.names.to_list()

    def _sentence(self, pair: tuple[int, int], shared: Shared, nearness: float) -> str:
        terms = self.terms(pair)
        families = sum(term.amount for term in terms[: len(self.read.families)])
        rest = terms[len(self.read.families) :]
        said = ", ".join(f"{term.name} {term.amount:+.1f}" for term in rest)
        score = nearness * sum(term.amount for term in terms)
        years = "" if nearness > 0.9 else f" ({100 * nearness:.0f} % left by the years between)"
        likeness = f"likeness of titles {score:.1f}{years}: "
        likeness += f"words and characters {families:+.1f}, {said}"
        named = [
            *(f"“{run}” (nobody else on either market)" for run in shared.strings),
            *(f"“{word}” ({count} accounts)" for word, count in shared.words),
            *(f"amounts like “{form.strip()}”" for form in shared.forms),
        ]
        return f"{likeness}; both write {', '.join(named)}" if named else likeness

    def _words(self, number: int) -> set[str]:
        return set(WORD.findall(" ".join(row[0].lower() for row in self._rows(number))))

    def _rows(self, number: int) -> list[Row]:
        first, end = np.searchsorted(self.read.documents.document, [number, number + 1])
        return self._titles[int(first) : int(end)]

    def _standing(self, number: int, shared: Shared) -> list[Row]:
        """The first titles that hold something shared; the first of all where none does."""
        rows = self._rows(number)
        wanted = [*shared.strings, *(word for word, _ in shared.words)]
        held = [row for row in rows if any(w in _plain(row[0]) for w in wanted)]
        return (held or rows[:1])[:TITLES_CITED]


def _plain(title: str) -> str:
    return " ".join(WORD.findall(title.lower()))


def _both(rows: csr_array, pair: tuple[int, int], names: Sequence[str]) -> list[str]:
    """What two rows share, by the product of its weights."""
    mine, theirs = (slice(rows.indptr[row], rows.indptr[row + 1]) for row in pair)
    both, at, other = np.intersect1d(
        rows.indices[mine], rows.indices[theirs], assume_unique=True, return_indices=True
    )
    worth = rows.data[mine][at] * rows.data[theirs][other]
    return [names[column] for column in both[np.argsort(-worth, kind="stable")]]
