"""What carried a score of running text, in words: families, n-grams, and where they stand.

Every term is part of the score: those of the families and of the amount of text add up to it, and
those of n-grams are part of their family's. What the hands add is shared out evenly between both
sides (`Hands.gradient`), for it is a product of the two.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import Finding, Highlight
from features.style.counts import CASED_WORDS, CHARACTERS_3, WORDS
from features.style.explain import citations, contexts, standing, texts_of
from features.style.grounds import Documents, FamilyTrait
from features.style.hands import GRID
from features.style.norm import normalised
from features.style.pieces import Writing, pieces_of
from features.style.posts import HAND_SHARE, SHARES, Styles
from features.style.texts import HIDDEN

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


def said(level: str, documents: Documents, styles: Styles, pair: tuple[int, int]) -> Finding:
    """The finding on two documents of one ground."""
    sides = [texts_of(documents, number) for number in pair]
    writings = [Writing.of(side["text"].to_list()) for side in sides]
    pieces = shared_pieces(styles, pair, writings)
    held = [standing(side, [piece.text for piece in pieces]) for side in sides]
    amount = min(int(documents.characters[number]) for number in pair)
    return Finding(
        level,
        _sentence(GROUNDS[level], amount, terms(styles, pair), pieces),
        highlights=(
            *(Highlight("left", text) for text in contexts(sides[0], held[0])),
            *(Highlight("right", text) for text in contexts(sides[1], held[1])),
        ),
        citations=(*citations(sides[0], held[0]), *citations(sides[1], held[1])),
    )


def terms(styles: Styles, pair: tuple[int, int]) -> dict[str, float]:
    """What each family, and the amount of text, adds to the score of two documents."""
    left, right = pair
    hands = styles.hands
    own = hands.parts[left] @ hands.gradient(left, right)
    theirs = hands.parts[right] @ hands.gradient(right, left)
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


def shared_pieces(styles: Styles, pair: tuple[int, int], writings: list[Writing]) -> list[Piece]:
    """The pieces that add most to the score; none that is part of another."""
    found: list[Piece] = []
    for family in styles.families:
        if family.family in SHOWABLE:
            worth = worths(styles, family, pair)
            wanted = np.array(list(worth), np.int64)
            left, right = (pieces_of(writing, family.family, wanted) for writing in writings)
            found += [
                Piece(piece, times, right[bucket, piece], *worth[bucket])
                for (bucket, piece), times in left.items()
                if (bucket, piece) in right and HIDDEN not in piece and piece.strip()
            ]
    shown: list[Piece] = []
    for piece in sorted(found, key=lambda p: (-p.worth, p.text)):
        apart = all(piece.text not in s.text and s.text not in piece.text for s in shown)
        if apart and len(shown) < PIECES_SHOWN:
            shown.append(piece)
    return shown


def worths(
    styles: Styles, family: FamilyTrait, pair: tuple[int, int]
) -> dict[int, tuple[float, float]]:
    """By bucket, the terms of the n-grams that both use most alike, and the share of users."""
    both, left, right = _common(family, pair)
    deviation = family.at.deviation[list(pair)].astype(np.float64)
    alike = family.share / SHARES * left * right * np.mean(1 / deviation)
    helps = (left > 0) & (right > 0)
    best = np.argsort(-np.where(helps, alike, 0), kind="stable")[:TRIED]
    best = best[helps[best]]
    hands = styles.hands
    projection = hands.fit.projections[family.family.name]
    rows = projection.columns[both[best]] * projection.scale
    own = left[best] * (rows @ hands.gradient(*pair))
    theirs = right[best] * (rows @ hands.gradient(pair[1], pair[0]))
    worth = alike[best] + HAND_SHARE * (own + theirs)
    buckets = family.columns[both[best]].tolist()
    shares = family.users if family.users is not None else np.zeros(len(family.columns))
    users = shares[both[best]].tolist()
    return dict(zip(buckets, zip(worth.tolist(), users, strict=True), strict=True))


def _common(
    family: FamilyTrait, pair: tuple[int, int]
) -> tuple[NDArray[np.intp], Doubles, Doubles]:
    """The dimensions that both documents use, and the unit vectors' values there."""
    sides = [_row(family, number) for number in pair]
    both, left, right = np.intersect1d(
        sides[0][0], sides[1][0], assume_unique=True, return_indices=True
    )
    return both.astype(np.intp), sides[0][1][left], sides[1][1][right]


def _row(family: FamilyTrait, number: int) -> tuple[NDArray[np.int32], Doubles]:
    """The dimensions that a document uses, and its unit vector's values there."""
    vectors = family.vectors
    row = slice(vectors.rows.indptr[number], vectors.rows.indptr[number + 1])
    used = vectors.rows.data[row] > 0
    places = vectors.rows.indices[row][used]
    values = vectors.rows.data[row][used].astype(np.float64) - vectors.offset[places]
    return places, values / vectors.length[number]


def _sentence(what: str, amount: int, found: dict[str, float], pieces: list[Piece]) -> str:
    score = sum(found.values())
    ordered = sorted(found.items(), key=lambda term: (-abs(term[1]), term[0]))
    parts = ", ".join(f"{NAMES.get(name, name)} {value:+.2f}" for name, value in ordered)
    text = (
        f"the style of their {what} (at least {amount} characters each) scores {score:.2f}: {parts}"
    )
    if not pieces:
        return text
    named = ", ".join(
        f"“{p.text}” ({p.left} and {p.right} times, used by {100 * p.users:.0f} % of authors, "
        f"{p.worth:+.2f})"
        for p in pieces
    )
    return f"{text}; both write {named}"
