"""A style in words: which pieces two accounts share that few others use, and where they stand."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import Citation, Finding, Highlight
from features.style.counts import CASED_WORDS, CHARACTERS_3, CHARACTERS_4, WORDS
from features.style.grounds import Documents, FamilyTrait, GroundTrait
from features.style.pieces import Writing, pieces_of
from features.style.texts import HIDDEN
from features.style.vectors import Floats

PIECES_SHOWN = 5
TEXTS_CITED = 3
CONTEXT = 30
SHOWABLE = (WORDS, CASED_WORDS, CHARACTERS_3, CHARACTERS_4)
NAMES = {"posts_compared": "posts", "titles_compared": "titles of listings"}

Shared = tuple[str, int, int]
"""A piece, and how often it stands on the left and on the right."""


def explained(level: str, ground: GroundTrait, pair: tuple[int, int]) -> Finding:
    """The finding on two documents of one ground."""
    sides = [texts_of(ground.documents, number) for number in pair]
    writings = [Writing.of(side["text"].to_list()) for side in sides]
    shared = _shared_pieces(ground, pair, writings)
    names = [piece for piece, _, _ in shared]
    held = [standing(side, names) for side in sides]
    return Finding(
        level,
        _sentence(level, ground, pair, shared),
        highlights=(
            *(Highlight("left", text) for text in contexts(sides[0], held[0])),
            *(Highlight("right", text) for text in contexts(sides[1], held[1])),
        ),
        citations=(*citations(sides[0], held[0]), *citations(sides[1], held[1])),
    )


def missing(what: str, documents: Documents, pair: tuple[int, int]) -> Finding:
    """Why the style of two accounts was not compared on a ground, `what` in words."""
    wanting = int((documents.rows_of(np.array(pair, np.uint32)) < 0).sum())
    if wanting == 0:
        return Finding(None, f"{what} not compared: too few accounts to compare with")
    who = "either account" if wanting == 2 else "one of the accounts"
    return Finding(None, f"{what} not compared: not enough text by {who}")


def _sentence(level: str, ground: GroundTrait, pair: tuple[int, int], shared: list[Shared]) -> str:
    left, right = np.array(pair[:1]), np.array(pair[1:])
    score = float(ground.scores(left, right)[0])
    amount = min(int(ground.documents.characters[number]) for number in pair)
    side = "above" if score >= 0 else "below"
    text = (
        f"the style of their {NAMES[level]} (at least {amount} characters each) is "
        f"{abs(score):.1f} standard deviations {side} that of their nearest others"
    )
    named = ", ".join(f"“{piece}” ({left} and {right} times)" for piece, left, right in shared)
    return f"{text}; both write {named}" if named else text


def texts_of(documents: Documents, number: int) -> pl.DataFrame:
    """The texts of one document."""
    first, last = np.searchsorted(documents.document, [number, number + 1])
    return documents.texts[int(first) : int(last)]


def _shared_pieces(
    ground: GroundTrait, pair: tuple[int, int], writings: list[Writing]
) -> list[Shared]:
    """The pieces that add most to the likeness; none that is part of another."""
    found: list[tuple[float, Shared]] = []
    for trait in ground.families:
        if trait.family in SHOWABLE:
            worth = _worth(trait, pair)
            wanted = np.array(list(worth), np.int64)
            left, right = (pieces_of(writing, trait.family, wanted) for writing in writings)
            found += [
                (worth[bucket], (piece, times, right[bucket, piece]))
                for (bucket, piece), times in left.items()
                if (bucket, piece) in right and HIDDEN not in piece and piece.strip()
            ]
    shown: list[Shared] = []
    for _, shared in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        apart = all(shared[0] not in s[0] and s[0] not in shared[0] for s in shown)
        if apart and len(shown) < PIECES_SHOWN:
            shown.append(shared)
    return shown


def _worth(trait: FamilyTrait, pair: tuple[int, int]) -> dict[int, float]:
    """What each bucket that both use adds to the likeness, where it adds anything."""
    (left_at, left), (right_at, right) = (_row(trait, number) for number in pair)
    both, left_place, right_place = np.intersect1d(
        left_at, right_at, assume_unique=True, return_indices=True
    )
    offset = trait.vectors.offset[both]
    lengths = trait.vectors.length[list(pair)]
    above_left, above_right = left[left_place] - offset, right[right_place] - offset
    added = trait.share * above_left * above_right / lengths.prod()
    helps = (above_left > 0) & (above_right > 0)
    best = np.argsort(-np.where(helps, added, 0), kind="stable")[: 10 * PIECES_SHOWN]
    best = best[helps[best]]
    buckets = trait.columns[both[best]].tolist()
    return dict(zip(buckets, added[best].tolist(), strict=True))


def _row(trait: FamilyTrait, number: int) -> tuple[NDArray[np.int32], Floats]:
    """The dimensions that a document uses, and its values there."""
    rows = trait.vectors.rows
    row = slice(rows.indptr[number], rows.indptr[number + 1])
    used = rows.data[row] > 0
    return rows.indices[row][used], rows.data[row][used]


def standing(texts: pl.DataFrame, pieces: list[str]) -> list[tuple[int, str]]:
    """For the first texts that hold any of the pieces: the row, and the piece found there."""
    hits: list[tuple[int, str]] = []
    if not pieces:
        return hits
    for row, text in enumerate(texts["text"]):
        lowered = text.lower()
        held = next((piece for piece in pieces if piece.lower() in lowered), None)
        if held is not None:
            hits.append((row, held))
        if len(hits) == TEXTS_CITED:
            break
    return hits


def contexts(texts: pl.DataFrame, standing: list[tuple[int, str]]) -> list[str]:
    """The pieces with what stands around them, names and addresses hidden."""
    shown = []
    for row, piece in standing:
        text = texts["text"][row]
        place = max(text.lower().find(piece.lower()), 0)
        window = text[max(place - CONTEXT, 0) : place + len(piece) + CONTEXT]
        shown.append(" ".join(window.replace(HIDDEN, "[…]").split()))
    return shown


def citations(texts: pl.DataFrame, held: list[tuple[int, str]]) -> list[Citation]:
    """Where the texts stand that hold a piece (`standing`), or the first of all."""
    rows = [row for row, _ in held] or list(range(min(1, texts.height)))
    columns = [texts[name] for name in ("source_id", "place", "row_id")]
    return [Citation(*(column[row] for column in columns)) for row in rows]
