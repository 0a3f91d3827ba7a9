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
"""Classes of character."""

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
def is_worded(code: np.uint32, table: Codes) -> bool:
    """Whether the character is a letter or a digit."""
    found = class_of(code, table)
    return found in (LOWER, UPPER, DIGIT)


@compiled
def in_word(codes: Codes, place: int, table: Codes) -> bool:
    """Whether a word goes on there: with a letter, a digit, or an apostrophe before one."""
    if is_worded(codes[place], table):
        return True
    if codes[place] not in (APOSTROPHE, CURLY_APOSTROPHE):
        return False
    return place + 1 < len(codes) and is_worded(codes[place + 1], table)


@compiled
def same_run(first: np.uint32, code: np.uint32, kind: int, table: Codes) -> bool:
    """Whether a character continues a run of white space, line ends, or one mark."""
    return class_of(code, table) == kind if kind in (NEWLINE, SPACE) else code == first


@compiled
def run_end(codes: Codes, start: int, table: Codes) -> int:
    """Where the token that begins at `start` ends."""
    end = start + 1
    if is_worded(codes[start], table):
        while end < len(codes) and in_word(codes, end, table):
            end += 1
        return end
    kind = class_of(codes[start], table)
    while end < len(codes) and same_run(codes[start], codes[end], kind, table):
        end += 1
    return end


@compiled
def fill_word(codes: Codes, table: Codes, token: Symbols) -> None:
    """Hash a word: in lower case, as written (digits as 0), and by its shape and length."""
    plain, cased, shape, last = BASIS, BASIS, BASIS, OTHER
    for code in codes:
        kind = class_of(code, table)
        digit = kind == DIGIT
        lower = table[1, code] if code < TABLE_SIZE else code
        plain = mix(plain, np.uint64(48 if digit else lower))
        cased = mix(cased, np.uint64(48 if digit else code))
        if kind != last:
            shape = mix(shape, np.uint64(kind))
        last = kind
    token[KIND], token[PLAIN], token[CASED] = WORD, finish(plain), finish(cased)
    token[SHAPE] = finish(mix(shape, np.uint64(min(len(codes), LONGEST_SHAPE))))


@compiled
def fill_run(code: np.uint32, length: int, kind: int, token: Symbols) -> None:
    """Hash a run of one mark or of line ends, up to `LONGEST_RUN` of them; or a wide gap."""
    token[KIND] = BREAK if kind == NEWLINE else GAP if kind == SPACE else MARK
    long = min(length, LONGEST_RUN) if kind != SPACE else 0
    token[PLAIN] = finish(
        mix(mix(BASIS, np.uint64(code if kind != SPACE else 32)), np.uint64(long))
    )
    token[CASED], token[SHAPE] = token[PLAIN], token[PLAIN]


@compiled
def tokenise(codes: Codes, table: Codes, tokens: Symbols) -> int:
    """Write the tokens of n characters into `tokens` (n or more, `TOKEN_COLUMNS`); how many."""
    count, start, spaced = 0, 0, 0
    while start < len(codes):
        end = run_end(codes, start, table)
        kind = class_of(codes[start], table)
        if kind == SPACE and end - start == 1:
            spaced, start = 1, end
            continue
        if is_worded(codes[start], table):
            fill_word(codes[start:end], table, tokens[count])
        else:
            fill_run(codes[start], end - start, kind, tokens[count])
        tokens[count, SPACED], tokens[count, FROM], tokens[count, TO] = spaced, start, end
        spaced = 1 if kind in (SPACE, NEWLINE) else 0
        count, start = count + 1, end
    return count
