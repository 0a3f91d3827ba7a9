"""Counting: n-grams of a stream, hashed into buckets, as one sparse row a document."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from features.style import streams
from features.style.tokens import (
    BASIS,
    TOKEN_COLUMNS,
    Codes,
    Symbols,
    character_table,
    compiled,
    finish,
    mix,
)

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
BLOCK_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Family:
    """One family of n-grams: `length` successive symbols of a stream."""

    name: str
    stream: int
    length: int


WORD_STREAMS = (streams.WORDS, streams.CASED_WORDS)

WORDS = Family("words", streams.WORDS, 1)
CASED_WORDS = Family("cased_words", streams.CASED_WORDS, 1)
WORD_PAIRS = Family("word_pairs", streams.CASED_WORDS, 2)
GRAMMAR = Family("grammar", streams.GRAMMAR, 2)
SHAPES = Family("shapes", streams.SHAPES, 1)
HABITS = Family("habits", streams.HABITS, 1)
CHARACTERS_2 = Family("characters_2", streams.CHARACTERS, 2)
CHARACTERS_3 = Family("characters_3", streams.CHARACTERS, 3)
CHARACTERS_4 = Family("characters_4", streams.CHARACTERS, 4)
MARKS = Family("marks", streams.MARKS, 3)


def count(texts: pl.Series, documents: NDArray[np.int64], family: Family) -> csr_array:
    """Count a family's n-grams.

    Args:
        texts: n cleaned texts.
        documents: int64 (n,), ascending from 0 without gaps: the document of each text.
        family: what to count.

    Returns:
        Counts, float32, one row a document, one column a bucket; columns within a row stand in
        the order of first appearance.
    """
    rows = [_count_block(*block, family) for block in _blocks(texts, documents)]
    empty = csr_array((0, BUCKETS), dtype=np.float32)
    return csr_array(
        vstack([empty, *rows], format="csr"), shape=(sum(r.shape[0] for r in rows), BUCKETS)
    )


def _blocks(
    texts: pl.Series, documents: NDArray[np.int64]
) -> Iterator[tuple[pl.Series, NDArray[np.int64]]]:
    """The texts in blocks of whole documents, about `BLOCK_CHARACTERS` each."""
    if len(texts) == 0:
        return
    ends = texts.str.len_chars().to_numpy().astype(np.int64).cumsum()
    first_text = np.flatnonzero(np.diff(documents, prepend=-1))
    block_of_document = ends[first_text] // BLOCK_CHARACTERS
    cuts = first_text[np.flatnonzero(np.diff(block_of_document, prepend=-1))]
    for start, end in zip(cuts, [*cuts[1:], len(texts)], strict=True):
        yield texts[int(start) : int(end)], documents[start:end]


def room_for(longest: int) -> tuple[Symbols, Symbols]:
    """Room to work in for texts of so many characters: tokens and symbols (`write_stream`)."""
    symbols = streams.ROOM * (longest + 1)
    return np.zeros((longest + 1, TOKEN_COLUMNS), np.uint64), np.zeros(symbols, np.uint64)


def _count_block(texts: pl.Series, documents: NDArray[np.int64], family: Family) -> csr_array:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    starts = np.concatenate([[0], lengths.cumsum()])
    firsts = np.flatnonzero(np.diff(documents, prepend=documents[0] - 1))
    bounds = np.append(firsts, len(documents))
    tokens, out = room_for(int(lengths.max()))
    table, known = character_table(), streams.function_words()
    indptr, indices, counts = count_documents(
        codes, starts, bounds, (table, known, tokens, out), (family.stream, family.length)
    )
    return csr_array((counts, indices, indptr), shape=(len(firsts), BUCKETS))


@compiled
def bucket_at(symbols: Symbols, start: int, length: int) -> int:
    """The bucket of the n-gram that begins at `start`."""
    state = BASIS
    for i in range(start, start + length):
        state = mix(state, symbols[i])
    return int(finish(state) >> np.uint64(64 - BUCKET_BITS))


@compiled
def count_documents(
    codes: Codes,
    starts: NDArray[np.int64],
    bounds: NDArray[np.int64],
    room: tuple[Codes, NDArray[np.bool_], Symbols, Symbols],
    family: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Counts of documents as sparse rows.

    Args:
        codes: the texts, one after another.
        starts: int64 (t + 1,), where each text begins.
        bounds: int64 (d + 1,), the first text of each document.
        room: table, known words, and room for tokens and symbols (`write_stream`).
        family: stream and length of the n-grams.
    """
    table, known, tokens, out = room
    stream, length = family
    seen = np.zeros(BUCKETS, np.int32)
    indptr = np.zeros(len(bounds), np.int64)
    indices = np.empty(streams.ROOM * (len(codes) + len(starts)), np.int32)
    counts = np.empty(len(indices), np.float32)
    filled = 0
    for d in range(len(bounds) - 1):
        first = filled
        for t in range(bounds[d], bounds[d + 1]):
            text = codes[starts[t] : starts[t + 1]]
            n = streams.write_stream(stream, text, table, known, tokens, out)
            for i in range(n - length + 1):
                bucket = bucket_at(out, i, length)
                if seen[bucket] == 0:
                    indices[filled] = bucket
                    filled += 1
                seen[bucket] += 1
        for i in range(first, filled):
            counts[i] = seen[indices[i]]
            seen[indices[i]] = 0
        indptr[d + 1] = filled
    return indptr, indices[:filled].copy(), counts[:filled].copy()
