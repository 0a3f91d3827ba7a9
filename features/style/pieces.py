"""The pieces of a text: the words or characters that stand behind a counted n-gram."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    mix,
    tokenise,
)


@dataclass(frozen=True)
class Writing:
    """Texts one after another, as code points.

    Attributes:
        text: all texts.
        codes: uint32 (c,), its code points.
        starts: int64 (t + 1,), where each text begins.
    """

    text: str
    codes: Codes
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Writing":
        """The writing of t texts."""
        text = "".join(texts)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return cls(text, codes, np.cumsum([0, *map(len, texts)], dtype=np.int64))


def pieces_of(
    writing: Writing, family: Family, wanted: NDArray[np.int64]
) -> dict[tuple[int, str], int]:
    """How often each spelling of the wanted words or character n-grams stands in a writing.

    Args:
        writing: cleaned texts; no piece reaches from one into the next.
        family: of the characters or of the words.
        wanted: the buckets to look for.

    Returns:
        Counts by bucket and spelling, in the order of first appearance.
    """
    chosen = np.zeros(BUCKETS, np.bool_)
    chosen[wanted] = True
    tokens, out = room_for(int(np.diff(writing.starts).max(initial=0)))
    known = (character_table(), streams.function_words())
    kind = (family.stream, family.length)
    found = find_pieces((writing.codes, writing.starts), known, (tokens, out), kind, chosen)
    _, first, times = np.unique(found[:, 0], return_index=True, return_counts=True)
    order = np.argsort(first)
    places = found[first[order], 1:].tolist()
    return {
        (bucket, writing.text[start:end]): count
        for (bucket, start, end), count in zip(places, times[order].tolist(), strict=True)
    }


@compiled
def find_pieces(
    writing: tuple[Codes, NDArray[np.int64]],
    known: tuple[Codes, NDArray[np.bool_]],
    room: tuple[Symbols, Symbols],
    family: tuple[int, int],
    chosen: NDArray[np.bool_],
) -> Symbols:
    """Where the n-grams of chosen buckets stand: hash of the spelling, bucket, from, to (m, 4).

    Args:
        writing: the texts, one after another, and where each begins, int64 (t + 1,).
        known: `character_table()` and `function_words()`.
        room: for tokens and symbols (`room_for`).
        family: stream and length of the n-grams; the stream of characters or one of the words.
        chosen: bool (`BUCKETS`,).
    """
    codes, starts = writing
    tokens, out = room
    stream, length = family
    found = np.empty((len(codes), 4), np.uint64)
    filled = 0
    for t in range(len(starts) - 1):
        text = codes[starts[t] : starts[t + 1]]
        tokenised = tokens[: tokenise(text, known[0], tokens)]
        n = streams.write_stream(stream, text, tokenised, known, out)
        for i in range(n - 1 - length):
            bucket = bucket_at(out, i + 1, length)
            if chosen[bucket]:
                start, end = i, i + length
                if stream != streams.CHARACTERS:
                    start, end = tokens[i, FROM], tokens[i + length - 1, TO]
                found[filled, 0] = spelling(text[start:end])
                found[filled, 1] = bucket
                found[filled, 2] = starts[t] + start
                found[filled, 3] = starts[t] + end
                filled += 1
    return found[:filled]


@compiled
def spelling(codes: Codes) -> np.uint64:
    """The hash of a piece, letter by letter."""
    state = BASIS
    for code in codes:
        state = mix(state, np.uint64(code))
    return state
