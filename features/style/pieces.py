"""The pieces of a text: the words or characters that stand behind a counted n-gram."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style import streams
from features.style.buckets import BUCKETS
from features.style.counts import Family, bucket_at, room_for
from features.style.tokens import (
    BASIS,
    FROM,
    TO,
    Codes,
    Symbols,
    character_table,
    finish,
    mix,
    tokenise,
)

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Writing:
    """Texts one after another, as code points.

    Attributes:
        text: all texts.
        codes: uint32 (c,), its code points.
        starts: int64 (t + 1,), where each text begins.
        found: by family, the n-grams, once they were asked for (`places`).
    """

    text: str
    codes: Codes
    starts: NDArray[np.int64]
    found: dict[Family, Places] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Writing":
        """The writing of t texts."""
        text = "".join(texts)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return cls(text, codes, np.cumsum([0, *map(len, texts)], dtype=np.int64))

    def places(self, family: Family) -> Places:
        """Bucket, start and end (m,) of every n-gram; none reaches from one text into the next."""
        if family not in self.found:
            room = room_for(int(np.diff(self.starts).max(initial=0)))
            known = (character_table(), streams.function_words())
            kind = (family.stream, family.length)
            self.found[family] = place_pieces((self.codes, self.starts), known, room, kind)
        return self.found[family]


def pieces_of(
    writing: Writing, family: Family, wanted: NDArray[np.int64]
) -> dict[tuple[int, str], int]:
    """How often each spelling of the wanted words or character n-grams stands in a writing.

    Args:
        writing: cleaned texts.
        family: of the characters or of the words.
        wanted: the buckets to look for.

    Returns:
        Counts by bucket and spelling, in the order of first appearance.
    """
    chosen = np.zeros(BUCKETS, np.bool_)
    chosen[wanted] = True
    found = spelled(writing.codes, writing.places(family), chosen)
    return {
        (bucket, writing.text[start:end]): count for bucket, start, end, count in found.tolist()
    }


@compiled
def place_pieces(
    writing: tuple[Codes, NDArray[np.int64]],
    known: tuple[Codes, NDArray[np.bool_]],
    room: tuple[Symbols, Symbols],
    family: tuple[int, int],
) -> Places:
    """The n-grams of a writing (`Writing.places`).

    Args:
        writing: the texts, one after another, and where each begins, int64 (t + 1,).
        known: `character_table()` and `function_words()`.
        room: for tokens and symbols (`room_for`).
        family: stream and length of the n-grams; the stream of characters or one of the words.
    """
    codes, starts = writing
    tokens, out = room
    stream, length = family
    by_character = stream == streams.CHARACTERS
    found = np.empty((len(codes), 3), np.int32)
    filled = 0
    for t in range(len(starts) - 1):
        text = codes[starts[t] : starts[t + 1]]
        tokenised = tokens[:0] if by_character else tokens[: tokenise(text, known[0], tokens)]
        n = streams.write_stream(stream, text, tokenised, known, out)
        for i in range(n - 1 - length):
            start, end = i, i + length
            if not by_character:
                start, end = int(tokens[i, FROM]), int(tokens[i + length - 1, TO])
            found[filled, 0] = bucket_at(out, i + 1, length)
            found[filled, 1], found[filled, 2] = starts[t] + start, starts[t] + end
            filled += 1
    return found[:filled].copy()


@compiled
def spelled(codes: Codes, places: Places, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The spellings of chosen buckets (m, 4): bucket, start and end of the first, how many.

    Args:
        codes: the texts, one after another.
        places: see `Writing.places`.
        chosen: bool (`BUCKETS`,).
    """
    hits = places[chosen[places[:, 0]]]
    size = 2
    while size < 2 * len(hits):
        size *= 2
    rows = np.full(size, -1, np.int64)
    hashes = np.empty(len(hits), np.uint64)
    found = np.zeros((len(hits), 4), np.int64)
    filled = 0
    for i in range(len(hits)):
        state = spelling(codes, hits[i, 1], hits[i, 2])
        at = np.int64(finish(state)) & (size - 1)
        while rows[at] >= 0 and hashes[rows[at]] != state:
            at = (at + 1) & (size - 1)
        if rows[at] < 0:
            rows[at], hashes[filled], found[filled, :3] = filled, state, hits[i]
            filled += 1
        found[rows[at], 3] += 1
    return found[:filled].copy()


@compiled
def spelling(codes: Codes, start: int, end: int) -> np.uint64:
    """The hash of a piece, letter by letter."""
    state = BASIS
    for place in range(start, end):
        state = mix(state, np.uint64(codes[place]))
    return state
