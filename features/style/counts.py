"""Counting: n-grams of a stream, hashed into buckets, as one sparse row a document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from features.compiled import compiled
from features.style import streams
from features.style.buckets import BUCKET_BITS, Dictionary, column_of
from features.style.tokens import (
    BASIS,
    TOKEN_COLUMNS,
    Codes,
    Symbols,
    character_table,
    finish,
    mix,
    tokenise,
)

BLOCK_CHARACTERS = 500_000

Wanted = tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]


@dataclass(frozen=True)
class Family:
    """One family of n-grams: `length` successive symbols of a stream."""

    name: str
    stream: int
    length: int


WORDS = Family("words", streams.WORDS, 1)
CASED_WORDS = Family("cased_words", streams.CASED_WORDS, 1)
WORD_PAIRS = Family("word_pairs", streams.CASED_WORDS, 2)
GRAMMAR = Family("grammar", streams.GRAMMAR, 2)
SHAPES = Family("shapes", streams.SHAPES, 1)
HABITS = Family("habits", streams.HABITS, 1)
CHARACTERS_3 = Family("characters_3", streams.CHARACTERS, 3)
CHARACTERS_4 = Family("characters_4", streams.CHARACTERS, 4)
MARKS = Family("marks", streams.MARKS, 3)
MARKS_5 = Family("marks_5", streams.MARKS, 5)
MEASURES = Family("measures", streams.MEASURES, 1)


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
    return count_all(texts, documents, (family,))[0]


def count_all(
    texts: pl.Series,
    documents: NDArray[np.int64],
    families: Sequence[Family],
    dictionary: Dictionary | None = None,
) -> list[csr_array]:
    """The counts (`count`) of several families, from one look at every text.

    With a dictionary only its buckets are counted, and have its columns.
    """
    wanted = dictionary or Dictionary.whole(len(families))
    counted = [count_block(*block, families, wanted) for block in blocks_of(texts, documents)]
    rows = len(np.unique(documents))
    return [
        _stacked([part[f] for part in counted], (rows, int(width)))
        for f, width in enumerate(wanted.widths)
    ]


def _stacked(parts: Sequence[csr_array], shape: tuple[int, int]) -> csr_array:
    empty = csr_array((0, shape[1]), dtype=np.float32)
    return csr_array(vstack([empty, *parts], format="csr"), shape=shape)


def blocks_of(
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
    symbols = streams.ROOM * longest + streams.BESIDES
    return np.zeros((longest + 1, TOKEN_COLUMNS), np.uint64), np.zeros(symbols, np.uint64)


def count_block(
    texts: pl.Series,
    documents: NDArray[np.int64],
    families: Sequence[Family],
    dictionary: Dictionary,
) -> list[csr_array]:
    """The counts of several families, on one core; of one text or more (see `count_all`)."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    starts = np.concatenate([[0], lengths.cumsum()])
    firsts = np.flatnonzero(np.diff(documents, prepend=documents[0] - 1))
    bounds = np.append(firsts, len(documents))
    known = (character_table(), streams.function_words())
    kinds = np.array([(family.stream, family.length) for family in families], np.int64)
    room = room_for(int(lengths.max()))
    buckets = (dictionary.bits, dictionary.before, dictionary.widths)
    counted = count_documents(codes, (starts, bounds), known, room, (kinds, *buckets))
    return [
        csr_array((counts, indices, indptr), shape=(len(firsts), int(width)))
        for (indptr, indices, counts), width in zip(counted, dictionary.widths, strict=True)
    ]


@compiled
def bucket_at(symbols: Symbols, start: int, length: int) -> int:
    """The bucket of the n-gram that begins at `start`."""
    state = BASIS
    for i in range(start, start + length):
        state = mix(state, symbols[i])
    return int(finish(state) >> np.uint64(64 - BUCKET_BITS))


@compiled
def needs_tokens(families: NDArray[np.int64]) -> bool:
    """Whether any of the families is counted over tokens."""
    plain = (families[:, 0] == streams.CHARACTERS) | (families[:, 0] == streams.MARKS)
    return not plain.all()


@compiled
def count_documents(
    codes: Codes,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    known: tuple[Codes, NDArray[np.bool_]],
    room: tuple[Symbols, Symbols],
    wanted: Wanted,
) -> list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]]:
    """Counts of documents as sparse rows, family by family.

    Args:
        codes: the texts, one after another.
        places: int64 (t + 1,), where each text begins, and (d + 1,), each document's first text.
        known: `character_table()` and `function_words()`.
        room: for tokens and symbols (`room_for`).
        wanted: int64 (f, 2), stream and length of the n-grams of each family, and the arrays of
            their `Dictionary`.
    """
    starts, bounds = places
    tokens, out = room
    families, bits, before, widths = wanted
    seen = np.zeros((len(families), widths.max()), np.int32)
    indptr = np.zeros((len(families), len(bounds)), np.int64)
    most = streams.ROOM * len(codes) + streams.BESIDES * len(starts)
    indices = [np.empty(most, np.int32) for _ in range(len(families))]
    counts = [np.empty(most, np.float32) for _ in range(len(families))]
    tokenised = needs_tokens(families)
    by_stream = np.argsort(families[:, 0], kind="mergesort")
    buckets = np.empty(len(out), np.uint64)
    for d in range(len(bounds) - 1):
        indptr[:, d + 1] = indptr[:, d]
        for t in range(bounds[d], bounds[d + 1]):
            text = codes[starts[t] : starts[t + 1]]
            found = tokens[: tokenise(text, known[0], tokens)] if tokenised else tokens[:0]
            n, written = 0, -1
            for f in by_stream:
                stream, length = families[f]
                if stream != written:
                    n, written = streams.write_stream(stream, text, found, known, out), stream
                m = write_buckets(out[:n], length, buckets)
                held = (seen[f], indices[f], indptr[f, d + 1])
                indptr[f, d + 1] = add_ngrams(buckets[:m], (bits[f], before[f]), held)
        for f in range(len(families)):
            part = slice(indptr[f, d], indptr[f, d + 1])
            take_counts(indices[f][part], seen[f], counts[f][part])
    return [
        (indptr[f], indices[f][: indptr[f, -1]].copy(), counts[f][: indptr[f, -1]].copy())
        for f in range(len(families))
    ]


@compiled
def take_counts(
    columns: NDArray[np.int32], seen: NDArray[np.int32], counts: NDArray[np.float32]
) -> None:
    """Take down how often each of a document's columns was seen, and forget it."""
    for i in range(len(columns)):
        counts[i] = seen[columns[i]]
        seen[columns[i]] = 0


@compiled
def write_buckets(symbols: Symbols, length: int, out: Symbols) -> int:
    """Write the buckets of the n-grams of a stream into `out`; how many there are.

    Symbol by symbol over all of them, which the processor does several at a time.
    """
    count = max(len(symbols) - length + 1, 0)
    for i in range(count):
        out[i] = mix(BASIS, symbols[i])
    for k in range(1, length):
        for i in range(count):
            out[i] = mix(out[i], symbols[i + k])
    for i in range(count):
        out[i] = finish(out[i]) >> np.uint64(64 - BUCKET_BITS)
    return count


@compiled
def add_ngrams(
    buckets: Symbols,
    dictionary: tuple[NDArray[np.uint64], NDArray[np.int32]],
    held: tuple[NDArray[np.int32], NDArray[np.int32], int],
) -> int:
    """Count the n-grams of a stream; columns new to the document go behind the filled ones.

    Args:
        buckets: of its n-grams (`write_buckets`).
        dictionary: the bits of the family's `Dictionary`, and what stands before them.
        held: how often each column was seen in the document, the columns filled in, and how many.
    """
    bits, before = dictionary
    seen, indices, filled = held
    for bucket in buckets:
        column = column_of(bucket, bits, before)
        if column >= 0:
            if seen[column] == 0:
                indices[filled] = column
                filled += 1
            seen[column] += 1
    return filled
