"""A text as tokens: words, runs of a punctuation mark, line ends, wide gaps; each as hashes.

Compiled, single-threaded and without fast-math: equal texts give equal tokens on every machine.
Hashes are FNV-1a over code points, finished with splitmix64.
"""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled

Codes = NDArray[np.uint32]
Symbols = NDArray[np.uint64]

OTHER, LOWER, UPPER, DIGIT, NEWLINE, SPACE = range(6)
"""Classes of character, in such an order that those of words, and those of gaps, are neighbours."""

KIND, PLAIN, CASED, SHAPE, SPACED, FROM, TO = range(7)
"""What is kept of a token: its kind, three hashes, whether white space stands before it, and
where it stands."""

TOKEN_COLUMNS = 7

WORD, MARK, BREAK, GAP = range(1, 5)
"""Kinds of token: a word, a run of one punctuation mark, a run of line ends, two or more spaces."""

TABLE_SIZE = 0x10000
BASIS = np.uint64(0xCBF29CE484222325)
LONGEST_RUN = 4
LONGEST_SHAPE = 12
APOSTROPHE, CURLY_APOSTROPHE = 0x27, 0x2019


@cache
def character_table() -> NDArray[np.uint32]:
    """Class and lower-case form (2, `TABLE_SIZE`) of every code point of the basic plane."""
    rows = [(_class_of(chr(code)), _lower_of(code)) for code in range(TABLE_SIZE)]
    return np.array(rows, np.uint32).T.copy()


def _class_of(character: str) -> int:
    if character == "\n":
        return NEWLINE
    if character.isspace():
        return SPACE
    category = unicodedata.category(character)
    by_category = {"Lu": UPPER, "Lt": UPPER, "Nd": DIGIT}
    return by_category.get(category, LOWER if category[0] in "LM" else OTHER)


def _lower_of(code: int) -> int:
    lower = chr(code).lower()
    return ord(lower) if len(lower) == 1 else code


@compiled
def mix(state: np.uint64, symbol: np.uint64) -> np.uint64:
    """The hash `state` after one more symbol."""
    return (state ^ symbol) * np.uint64(0x100000001B3)


@compiled
def finish(state: np.uint64) -> np.uint64:
    """The hash spread over all 64 bits."""
    h = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


@compiled
def class_of(code: np.uint32, table: Codes) -> int:
    """The class of one character."""
    return int(table[0, code]) if code < TABLE_SIZE else OTHER


@compiled
def word_at(codes: Codes, start: int, table: Codes) -> tuple[int, np.uint64, np.uint64, np.uint64]:
    """Where the word that begins at `start` ends, and its hashes.

    A word goes on with letters, digits, and an apostrophe before one of these. It is hashed in
    lower case, as written (digits as 0), and by its shape and length.
    """
    plain, cased, shape, last = BASIS, BASIS, BASIS, OTHER
    size, end = len(codes), start
    code, kind = codes[start], class_of(codes[start], table)
    while True:
        lower = table[1, code] if code < TABLE_SIZE else code
        plain = mix(plain, np.uint64(48 if kind == DIGIT else lower))
        cased = mix(cased, np.uint64(48 if kind == DIGIT else code))
        shape = mix(shape, np.uint64(kind)) if kind != last else shape
        last, end = kind, end + 1
        if end == size:
            break
        code = codes[end]
        kind = class_of(code, table)
        if kind < LOWER or kind > DIGIT:
            if (code != APOSTROPHE and code != CURLY_APOSTROPHE) or end + 1 == size:
                break
            after = class_of(codes[end + 1], table)
            if after < LOWER or after > DIGIT:
                break
    length = np.uint64(min(end - start, LONGEST_SHAPE))
    return end, finish(plain), finish(cased), finish(mix(shape, length))


@compiled
def run_end(codes: Codes, start: int, table: Codes) -> int:
    """Where the run of white space, of line ends, or of one mark that begins at `start` ends."""
    first, end, size = codes[start], start + 1, len(codes)
    kind = class_of(first, table)
    if kind >= NEWLINE:
        while end < size and class_of(codes[end], table) == kind:
            end += 1
    else:
        while end < size and codes[end] == first:
            end += 1
    return end


@compiled
def run_of(code: np.uint32, length: int, kind: int) -> np.uint64:
    """The hash of a run of one mark or of line ends, up to `LONGEST_RUN` of them; or of a gap."""
    if kind == SPACE:
        return finish(mix(mix(BASIS, np.uint64(32)), np.uint64(0)))
    return finish(mix(mix(BASIS, np.uint64(code)), np.uint64(min(length, LONGEST_RUN))))


@compiled
def tokenise(codes: Codes, table: Codes, tokens: Symbols) -> int:
    """Write the tokens of n characters into `tokens` (n or more, `TOKEN_COLUMNS`); how many.

    Few and large steps: in compiled code a call that hands over an array costs more than a step.
    """
    count, start, spaced = 0, 0, 0
    while start < len(codes):
        kind = class_of(codes[start], table)
        if kind >= LOWER and kind <= DIGIT:
            end, plain, cased, shape = word_at(codes, start, table)
            token = WORD
        else:
            end = run_end(codes, start, table)
            if kind == SPACE and end - start == 1:
                spaced, start = 1, end
                continue
            plain = run_of(codes[start], end - start, kind)
            cased, shape = plain, plain
            token = BREAK if kind == NEWLINE else GAP if kind == SPACE else MARK
        tokens[count, KIND], tokens[count, SPACED] = token, spaced
        tokens[count, PLAIN], tokens[count, CASED], tokens[count, SHAPE] = plain, cased, shape
        tokens[count, FROM], tokens[count, TO] = start, end
        spaced = 1 if kind >= NEWLINE else 0
        count, start = count + 1, end
    return count
