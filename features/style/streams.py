"""A text as streams of symbols, each seeing another side of its style.

Character and word n-grams are counted over them; GRAMMAR and SHAPES hide what a text is about
(text distortion: Stamatatos, EACL 2017); MARKS keeps the punctuation and folds all else (Sapkota
et al., NAACL 2015, found it the least bound to a topic).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style.measures import MEASURES as MEASURE_COUNT
from features.style.measures import WORD_BITS, measure_stream
from features.style.tokens import (
    BASIS,
    BREAK,
    CASED,
    DIGIT,
    KIND,
    LOWER,
    MARK,
    PLAIN,
    SHAPE,
    SPACED,
    TOKEN_COLUMNS,
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
from features.style.words import FUNCTION_WORDS

CHARACTERS, MARKS, WORDS, CASED_WORDS, GRAMMAR, SHAPES, HABITS, MEASURES = range(8)
"""The streams."""

START, END, CONTENT = np.uint64(0x110000), np.uint64(0x110001), np.uint64(0x110002)
"""Symbols that no text contains: its two edges, and a run of content words."""

ROOM = 4
"""A stream has at most so many symbols a character, and `BESIDES` besides."""

BESIDES = MEASURE_COUNT + ROOM


@cache
def function_words() -> NDArray[np.bool_]:
    """For the top 18 bits of a word's hash, whether a function word has them."""
    codes = np.frombuffer(FUNCTION_WORDS.encode("utf-32-le"), np.uint32)
    tokens = np.zeros((len(codes), TOKEN_COLUMNS), np.uint64)
    found = tokens[: tokenise(codes, character_table(), tokens)]
    known = np.zeros(1 << 18, np.bool_)
    known[found[:, PLAIN] >> WORD_BITS] = True
    return known


@compiled
def character_stream(codes: Codes, table: Codes, out: Symbols) -> int:
    """The characters between two edges, digits as 0."""
    out[0] = START
    for i, code in enumerate(codes):
        out[i + 1] = 48 if class_of(code, table) == DIGIT else code
    out[len(codes) + 1] = END
    return len(codes) + 2


@compiled
def mark_stream(codes: Codes, table: Codes, out: Symbols) -> int:
    """Lower-case runs as `a`, a capital as `A`, runs of capitals as `B`, numbers as 0."""
    out[0], count, last = START, 1, -1
    for code in codes:
        kind = class_of(code, table)
        if kind == last and kind == UPPER:
            out[count - 1] = 66
        elif kind != last or (kind != LOWER and kind != DIGIT):
            folded = 97 if kind == LOWER else 65 if kind == UPPER else 48
            out[count] = folded if kind >= LOWER and kind <= DIGIT else code
            count += 1
        last = kind
    out[count] = END
    return count + 1


@compiled
def word_stream(tokens: Symbols, column: int, out: Symbols) -> int:
    """One hash of every token, between two edges."""
    out[0] = START
    for i in range(len(tokens)):
        out[i + 1] = tokens[i, column]
    out[len(tokens) + 1] = END
    return len(tokens) + 2


@compiled
def grammar_stream(tokens: Symbols, known: NDArray[np.bool_], out: Symbols) -> int:
    """Function words and marks as they are, a run of other words as `CONTENT`."""
    out[0], count = START, 1
    for i in range(len(tokens)):
        content = tokens[i, KIND] == WORD and not known[tokens[i, PLAIN] >> WORD_BITS]
        if content and out[count - 1] == CONTENT:
            continue
        out[count] = CONTENT if content else tokens[i, PLAIN]
        count += 1
    out[count] = END
    return count + 1


@compiled
def shape_stream(tokens: Symbols, known: NDArray[np.bool_], out: Symbols) -> int:
    """Function words and marks as written, other words as their shape and length."""
    for i in range(len(tokens)):
        content = tokens[i, KIND] == WORD and not known[tokens[i, PLAIN] >> WORD_BITS]
        out[i] = tokens[i, SHAPE] if content else tokens[i, CASED]
    return len(tokens)


@compiled
def habit(kind: int, first: np.uint64, second: np.uint64) -> np.uint64:
    """One habit as a symbol."""
    return finish(mix(mix(mix(BASIS, np.uint64(kind)), first), second))


@compiled
def habit_stream(tokens: Symbols, out: Symbols) -> int:
    """How texts and lines begin and end, and what follows a mark."""
    n = len(tokens)
    if n == 0:
        return 0
    second, before = min(1, n - 1), max(n - 2, 0)
    out[0] = habit(0, tokens[0, CASED], START)
    out[1] = habit(1, tokens[0, CASED], tokens[second, CASED])
    out[2] = habit(2, tokens[n - 1, CASED], END)
    out[3] = habit(3, tokens[before, CASED], tokens[n - 1, CASED])
    count = 4
    for i in range(1, n):
        kind, last = tokens[i, KIND], tokens[i - 1, KIND]
        if last == BREAK:
            out[count] = habit(4, tokens[i, CASED], tokens[i - 1, PLAIN])
            count += 1
        if kind == BREAK:
            out[count] = habit(5, tokens[i - 1, CASED], tokens[i, PLAIN])
            count += 1
        if last == MARK:
            follows = tokens[i, SHAPE] if kind == WORD else tokens[i, PLAIN]
            out[count] = habit(6 + int(tokens[i, SPACED]), tokens[i - 1, PLAIN], follows)
            count += 1
    return count


@compiled
def write_stream(
    stream: int,
    codes: Codes,
    tokens: Symbols,
    known: tuple[Codes, NDArray[np.bool_]],
    out: Symbols,
) -> int:
    """Write one stream of a text into `out`; returns its length.

    Args:
        stream: CHARACTERS … MEASURES.
        codes: uint32 (n,), the text.
        tokens: uint64 (t, `TOKEN_COLUMNS`), its tokens (`tokenise`); CHARACTERS and MARKS need
            none.
        known: `character_table()` and `function_words()`.
        out: uint64 (`ROOM` * n + `BESIDES` or more,).
    """
    table, words = known
    if stream == CHARACTERS:
        return character_stream(codes, table, out)
    if stream == MARKS:
        return mark_stream(codes, table, out)
    if stream == MEASURES:
        return measure_stream(codes, tokens, table, words, out)
    return token_stream(stream, tokens, words, out)


@compiled
def token_stream(stream: int, tokens: Symbols, words: NDArray[np.bool_], out: Symbols) -> int:
    """Write one of the streams that are made of tokens alone."""
    if stream == GRAMMAR:
        return grammar_stream(tokens, words, out)
    if stream == SHAPES:
        return shape_stream(tokens, words, out)
    if stream == HABITS:
        return habit_stream(tokens, out)
    return word_stream(tokens, PLAIN if stream == WORDS else CASED, out)
