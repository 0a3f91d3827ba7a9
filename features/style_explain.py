"""A style in words: which pieces two accounts share that few others use, and where they stand."""

from collections import Counter

import numpy as np
import polars as pl

from features.feature import Citation, Finding, Highlight
from features.style_counts import CASED_WORDS, CHARACTERS_3, CHARACTERS_4, WORDS, pieces_of
from features.style_grounds import Documents, FamilyTrait, GroundTrait
from features.style_texts import HIDDEN

PIECES_SHOWN = 5
TEXTS_CITED = 3
CONTEXT = 30
SHOWABLE = (WORDS, CASED_WORDS, CHARACTERS_3, CHARACTERS_4)
NAMES = {"posts_compared": "posts", "listings_compared": "titles of listings"}

Shared = tuple[str, int, int]
"""A piece, and how often it stands on the left and on the right."""


def explained(level: str, ground: GroundTrait, pair: tuple[int, int]) -> Finding:
    """The finding on two documents of one ground."""
    sides = [_texts_of(ground.documents, number) for number in pair]
    shared = _shared_pieces(ground, pair, [side["text"].to_list() for side in sides])
    names = [piece for piece, _, _ in shared]
    return Finding(
        level,
        _sentence(level, ground, pair, shared),
        highlights=(
            *(Highlight("left", text) for text in _contexts(sides[0], names)),
            *(Highlight("right", text) for text in _contexts(sides[1], names)),
        ),
        citations=tuple(citation for side in sides for citation in _citations(side, names)),
    )


def missing(posts: Documents, titles: Documents, pair: tuple[int, int]) -> Finding:
    """Why the style of two accounts was not compared."""
    rows = np.array(pair, np.uint32)
    wanting = [(posts.rows_of(rows) < 0).sum(), (titles.rows_of(rows) < 0).sum()]
    if min(wanting) == 0:
        return Finding(None, "style not compared: too few accounts to compare with")
    who = "either account" if min(wanting) == 2 else "one of the accounts"
    return Finding(None, f"style not compared: not enough text of the same kind by {who}")


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


def _texts_of(documents: Documents, number: int) -> pl.DataFrame:
    first, last = np.searchsorted(documents.document, [number, number + 1])
    return documents.texts[int(first) : int(last)]


def _shared_pieces(
    ground: GroundTrait, pair: tuple[int, int], texts: list[list[str]]
) -> list[Shared]:
    """The pieces that add most to the likeness; none that is part of another."""
    found: list[tuple[float, Shared]] = []
    for trait in ground.families:
        if trait.family in SHOWABLE:
            worth = _worth(trait, pair)
            left, right = (_counted(side, trait, worth) for side in texts)
            found += [
                (worth[bucket], (piece, times, right[bucket, piece]))
                for (bucket, piece), times in left.items()
                if (bucket, piece) in right
            ]
    shown: list[Shared] = []
    for _, shared in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        apart = all(shared[0] not in s[0] and s[0] not in shared[0] for s in shown)
        if apart and len(shown) < PIECES_SHOWN:
            shown.append(shared)
    return shown


def _counted(
    texts: list[str], trait: FamilyTrait, worth: dict[int, float]
) -> Counter[tuple[int, str]]:
    """How often each piece worth showing stands in the texts."""
    wanted = np.array(list(worth), np.int64)
    return Counter(
        (bucket, piece)
        for text in texts
        for bucket, piece in pieces_of(text, trait.family, wanted)
        if HIDDEN not in piece and piece.strip()
    )


def _worth(trait: FamilyTrait, pair: tuple[int, int]) -> dict[int, float]:
    """What each bucket that both use adds to the likeness, where it adds anything."""
    rows = trait.vectors.rows
    left, right = (rows[[number]].toarray()[0] for number in pair)
    both = np.flatnonzero((left > 0) & (right > 0))
    offset = trait.vectors.offset[both]
    lengths = trait.vectors.length[list(pair)]
    above_left, above_right = left[both] - offset, right[both] - offset
    added = trait.share * above_left * above_right / lengths.prod()
    helps = (above_left > 0) & (above_right > 0)
    best = np.argsort(-np.where(helps, added, 0), kind="stable")[: 10 * PIECES_SHOWN]
    return {int(trait.columns[both[i]]): float(added[i]) for i in best if helps[i]}


def _standing(texts: pl.DataFrame, pieces: list[str]) -> list[tuple[int, str]]:
    """For the first texts that hold any of the pieces: the row, and the piece found there."""
    hits = []
    for row, text in enumerate(texts["text"]):
        held = [piece for piece in pieces if piece.lower() in text.lower()]
        if held:
            hits.append((row, held[0]))
        if len(hits) == TEXTS_CITED:
            break
    return hits


def _contexts(texts: pl.DataFrame, pieces: list[str]) -> list[str]:
    """The pieces with what stands around them, names and addresses hidden."""
    shown = []
    for row, piece in _standing(texts, pieces):
        text = texts["text"][row]
        place = max(text.lower().find(piece.lower()), 0)
        window = text[max(place - CONTEXT, 0) : place + len(piece) + CONTEXT]
        shown.append(" ".join(window.replace(HIDDEN, "[…]").split()))
    return shown


def _citations(texts: pl.DataFrame, pieces: list[str]) -> list[Citation]:
    rows = [row for row, _ in _standing(texts, pieces)] or list(range(min(1, texts.height)))
    cited = texts[rows].select("source_id", "place", "row_id")
    return [Citation(*row) for row in cited.iter_rows()]
