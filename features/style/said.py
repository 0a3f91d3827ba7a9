"""What carried a score of running text, in words: families, n-grams, and where they stand.

Every term is part of the score: those of the families and of the amount of text add up to it, and
those of n-grams are part of their family's. What the hands add is shared out evenly between both
sides (`Hands.gradient`), for it is a product of the two.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.feature import Finding, Highlight
from features.style.counts import CASED_WORDS, CHARACTERS_3, WORDS
from features.style.grounds import Documents, FamilyTrait
from features.style.hands import GRID
from features.style.kept import KeptVectors
from features.style.norm import normalised
from features.style.pages import Pages
from features.style.pieces import Writing, pieces_of
from features.style.posts import HAND_SHARE, SHARES, Styles
from features.style.texts import HIDDEN
from features.style.vectors import Floats, Rows

AMOUNT = "amount of text"
EXCESS = "like many others here"
NAMES = {
    "words": "words",
    "marks": "punctuation",
    "characters_3": "letters",
    "habits": "how texts and lines begin and end",
    "grammar": "function words and marks",
    "word_pairs": "pairs of words",
    "marks_5": "longer runs of punctuation",
    "measures": "lengths and frequencies",
    "shapes": "capitals and lengths of words",
}
"""The families in words."""

GROUNDS = {"posts_compared": "posts", "descriptions_compared": "profiles and descriptions"}
SHOWABLE = (WORDS, CASED_WORDS, CHARACTERS_3)
TRIED, PIECES_SHOWN = 20, 5

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """An n-gram that both write.

    Attributes:
        text: its spelling.
        left, right: how often it stands in each side's texts.
        worth: its term of the score.
        users: share (0..1) of the authors of the fit who use it.
    """

    text: str
    left: int
    right: int
    worth: float
    users: float


Slopes = tuple[Doubles, Doubles]
"""What a unit of each dimension of the left side, and of the right, adds to the hands' score."""


def said(level: str, read: tuple[Pages, Documents, Styles], pair: tuple[int, int]) -> Finding:
    """The finding on two documents of one ground."""
    pages, documents, styles = read
    left, right = sides = [pages.of(number) for number in pair]
    slopes = slopes_of(styles, pair)
    pieces = shared_pieces(styles, pair, slopes, (left.writing, right.writing))
    names = [piece.text for piece in pieces]
    held = [page.standing(names) for page in sides]
    amount = min(int(documents.characters[number]) for number in pair)
    return Finding(
        level,
        _sentence(GROUNDS[level], amount, terms(styles, pair, slopes), pieces),
        highlights=(
            *(Highlight("left", text) for text in left.contexts(held[0])),
            *(Highlight("right", text) for text in right.contexts(held[1])),
        ),
        citations=(*left.citations(held[0]), *right.citations(held[1])),
    )


def slopes_of(styles: Styles, pair: tuple[int, int]) -> Slopes:
    """The gradients of both sides of two documents."""
    left, right = pair
    return styles.hands.gradient(left, right), styles.hands.gradient(right, left)


def terms(styles: Styles, pair: tuple[int, int], slopes: Slopes | None = None) -> dict[str, float]:
    """What each family, and the amount of text, adds to the score of two documents."""
    hands = styles.hands
    own, theirs = (
        hands.parts.row(number) @ slope
        for number, slope in zip(pair, slopes or slopes_of(styles, pair), strict=True)
    )
    shared = HAND_SHARE * (own + theirs) / GRID
    names = [*hands.fit.projections, AMOUNT]
    found = dict(zip(names, shared.tolist(), strict=True))
    found[AMOUNT] += HAND_SHARE * hands.fit.constant
    for family in styles.families:
        found[family.family.name] += family.share / SHARES * _normalised(family, pair)
    excess = float(styles.excess[list(pair)].sum())
    return found if excess == 0 else {**found, EXCESS: -excess}


def _normalised(family: FamilyTrait, pair: tuple[int, int]) -> float:
    left, right = np.array(pair[:1]), np.array(pair[1:])
    cosines = family.vectors.cosines(left, right)
    return float(normalised(cosines, family.at, left, right)[0])


def shared_pieces(
    styles: Styles, pair: tuple[int, int], slopes: Slopes, writings: tuple[Writing, Writing]
) -> list[Piece]:
    """The pieces that add most to the score; none that is part of another."""
    found: list[Piece] = []
    for family in styles.families:
        if family.family in SHOWABLE:
            worth = worths(styles, family, pair, slopes)
            wanted = np.array(list(worth), np.int64)
            left, right = (pieces_of(writing, family.family, wanted) for writing in writings)
            found += [
                Piece(piece, times, right[bucket, piece], *worth[bucket])
                for (bucket, piece), times in left.items()
                if (bucket, piece) in right and HIDDEN not in piece and piece.strip()
            ]
    shown: list[Piece] = []
    for piece in sorted(found, key=lambda p: (-p.worth, p.text)):
        if all(piece.text not in s.text and s.text not in piece.text for s in shown):
            shown.append(piece)
        if len(shown) == PIECES_SHOWN:
            break
    return shown


def worths(
    styles: Styles, family: FamilyTrait, pair: tuple[int, int], slopes: Slopes
) -> dict[int, tuple[float, float]]:
    """By bucket, the terms of the n-grams that both use most alike, and the share of users."""
    both, left, right = _common(family.vectors, pair)
    deviation = family.at.deviation[list(pair)].astype(np.float64)
    alike = family.share / SHARES * left * right * np.mean(1 / deviation)
    best = np.argsort(-alike, kind="stable")[:TRIED]
    both, left, right = both[best], left[best], right[best]
    projection = styles.hands.fit.projections[family.family.name]
    rows = projection.columns[both] * projection.scale
    worth = alike[best] + HAND_SHARE * (left * (rows @ slopes[0]) + right * (rows @ slopes[1]))
    buckets = family.columns[both].tolist()
    shares = family.users if family.users is not None else np.zeros(len(family.columns))
    return dict(zip(buckets, zip(worth.tolist(), shares[both].tolist(), strict=True), strict=True))


def _common(
    vectors: KeptVectors, pair: tuple[int, int]
) -> tuple[NDArray[np.intp], Doubles, Doubles]:
    """The dimensions that both documents use more than is usual, and the unit vectors' values."""
    rows = (vectors.indptr, vectors.indices, vectors.data)
    both, left, right = common_columns(rows, pair, len(vectors.offset))
    above = [values.astype(np.float64) - vectors.offset[both] for values in (left, right)]
    left, right = (
        values / vectors.length[number] for values, number in zip(above, pair, strict=True)
    )
    more = (left > 0) & (right > 0)
    return both[more], left[more], right[more]


@compiled
def common_columns(
    rows: Rows, pair: tuple[int, int], dimensions: int
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The columns (m,) that two sparse rows share, ascending, and the values of both there."""
    indptr, indices, data = rows
    held = np.zeros((2, dimensions), np.float32)
    for side in range(2):
        for i in range(indptr[pair[side]], indptr[pair[side] + 1]):
            held[side, indices[i]] = data[i]
    both = np.flatnonzero((held[0] > 0) & (held[1] > 0))
    return both, held[0][both], held[1][both]


def _sentence(what: str, amount: int, found: dict[str, float], pieces: list[Piece]) -> str:
    score = sum(found.values())
    ordered = sorted(found.items(), key=lambda term: (-abs(term[1]), term[0]))
    parts = ", ".join(f"{NAMES.get(name, name)} {value:+.2f}" for name, value in ordered)
    text = (
        f"the style of their {what} (at least {amount:,} characters each) scores {score:.2f}: "
        f"{parts}"
    )
    if not pieces:
        return text
    named = ", ".join(
        f"“{p.text}” ({p.left} and {p.right} times, used by {100 * p.users:.0f} % of authors, "
        f"{p.worth:+.2f})"
        for p in pieces
    )
    return f"{text}; both write {named}"
