"""Counting the n-grams of titles, one sparse row an account, in buckets enough for rare ones.

Beside the streams of `style.streams` there is one of distorted text: characters, in which words
that are no function words keep only the case of their letters (Stamatatos, EACL 2017).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.compiled import compiled
from features.style import streams
from features.style.counts import room_for
from features.style.measures import WORD_BITS
from features.style.tokens import (
    BASIS,
    DIGIT,
    FROM,
    KIND,
    LOWER,
    PLAIN,
    TO,
    UPPER,
    WORD,
    Codes,
    Symbols,
    character_table,
    class_of,
    finish,
    mix,
    tokenise,
)

BITS = 22
BUCKETS = 1 << BITS
DISTORTED = 100
"""A stream of ours beside those of `style.streams`."""

Known = tuple[Codes, NDArray[np.bool_]]
"""`character_table()` and `function_words()`."""


@dataclass(frozen=True)
class Grams:
    """One family: `length` successive symbols of a stream."""

    name: str
    stream: int
    length: int


def count(texts: pl.Series, documents: NDArray[np.int64], grams: Grams) -> csr_array:
    """Count n-grams.

    Args:
        texts: n cleaned texts.
        documents: int64 (n,), ascending from 0 without gaps: the document of each text.
        grams: what to count.

    Returns:
        Counts, float32 (documents, `BUCKETS`), columns in the order of first appearance.
    """
    if len(texts) == 0:
        return csr_array(np.zeros((0, BUCKETS), np.float32))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    starts = np.concatenate([[0], lengths.cumsum()])
    bounds = np.append(np.flatnonzero(np.diff(documents, prepend=-1)), len(documents))
    known = (character_table(), streams.function_words())
    room = room_for(int(lengths.max()))
    indptr, indices, counts = _count(
        codes, (starts, bounds), known, room, (grams.stream, grams.length)
    )
    rows = len(bounds) - 1
    return csr_array((counts, indices, indptr), shape=(rows, BUCKETS))


@compiled
def _count(
    codes: Codes,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    known: Known,
    room: tuple[Symbols, Symbols],
    grams: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    starts, bounds = places
    tokens, out = room
    stream, length = grams
    seen = np.zeros(BUCKETS, np.int32)
    indptr = np.zeros(len(bounds), np.int64)
    indices = np.empty(streams.ROOM * (len(codes) + len(starts)), np.int32)
    counts = np.empty(len(indices), np.float32)
    filled = 0
    for d in range(len(bounds) - 1):
        first = filled
        for t in range(bounds[d], bounds[d + 1]):
            text = codes[starts[t] : starts[t + 1]]
            n = _write(stream, text, tokens[: tokenise(text, known[0], tokens)], known, out)
            for i in range(n - length + 1):
                bucket = _bucket_at(out, i, length)
                if seen[bucket] == 0:
                    indices[filled] = bucket
                    filled += 1
                seen[bucket] += 1
        for i in range(first, filled):
            counts[i] = seen[indices[i]]
            seen[indices[i]] = 0
        indptr[d + 1] = filled
    return indptr, indices[:filled].copy(), counts[:filled].copy()


@compiled
def _bucket_at(symbols: Symbols, start: int, length: int) -> int:
    state = BASIS
    for i in range(start, start + length):
        state = mix(state, symbols[i])
    return int(finish(state) >> np.uint64(64 - BITS))


@compiled
def _write(stream: int, codes: Codes, tokens: Symbols, known: Known, out: Symbols) -> int:
    if stream != DISTORTED:
        return streams.write_stream(stream, codes, tokens, known, out)
    table, words = known
    length = streams.character_stream(codes, table, out)
    for token in tokens:
        if token[KIND] == WORD and not words[token[PLAIN] >> WORD_BITS]:
            for i in range(token[FROM], token[TO]):
                out[i + 1] = _distorted(codes[i], table)
    return length


@compiled
def _distorted(code: np.uint32, table: Codes) -> np.uint64:
    kind = class_of(code, table)
    if kind == UPPER:
        return np.uint64(65)
    if kind == DIGIT:
        return np.uint64(48)
    return np.uint64(97) if kind == LOWER else np.uint64(code)
