"""Habits that are amounts: how long, how often, how many; each as the octave of a ratio.

A text says one thing of each of these (how many commas to a word, say), in octaves, so that the
counts over an account's texts are the distribution of its habit. No word is looked at.
"""

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style.tokens import (
    APOSTROPHE,
    BASIS,
    BREAK,
    DIGIT,
    FROM,
    GAP,
    KIND,
    LOWER,
    MARK,
    OTHER,
    PLAIN,
    TO,
    UPPER,
    WORD,
    Codes,
    Symbols,
    class_of,
    finish,
    mix,
)

OCTAVES = 12
FIRST_MEASURE = 1000
WORD_BITS = np.uint64(46)
LONG_WORD, SHORT_WORD = 8, 2

(LETTERS, UPPERS, DIGITS, FOREIGN, WORDS, CAPITALISED, SHOUTED, LONG, SHORT, NUMBERED) = range(10)
(APOSTROPHES, KNOWN, LINES, BLANKS, GAPS, MARKS, UNSPACED) = range(10, 17)
(SENTENCES, LOWER_STARTS, RUNS) = range(17, 20)
FIRST_MARK = 20
"""What is added up over a text before ratios are taken."""

NAMED_MARKS = np.frombuffer(".,!?-:;/()\"'&$%*".encode("utf-32-le"), np.uint32)
"""Marks that are counted one by one."""

TALLIES = FIRST_MARK + len(NAMED_MARKS)
OTHER_MARK = TALLIES
ASCII_MAX = 126
FULL_STOP, EXCLAMATION, QUESTION = 46, 33, 63

TALLY_OF_MARK = np.full(ASCII_MAX + 1, OTHER_MARK)
"""Where each mark of ASCII is counted; those without a name behind everything else."""
TALLY_OF_MARK[NAMED_MARKS] = np.arange(FIRST_MARK, TALLIES)

RATIOS = np.array(
    [
        *((which, LETTERS) for which in (UPPERS, DIGITS, FOREIGN, WORDS)),
        *((which, WORDS) for which in range(CAPITALISED, LINES)),
        *((which, WORDS) for which in (GAPS, MARKS, *range(FIRST_MARK, TALLIES))),
        (LOWER_STARTS, SENTENCES),
        (UNSPACED, MARKS),
        (RUNS, MARKS),
        (BLANKS, LINES),
    ]
)
"""Which tally is measured by which."""

SIZES = np.array([LETTERS, WORDS, LINES, SENTENCES])
"""Tallies that are measured by themselves."""

MEASURES = len(SIZES) + len(RATIOS)


@compiled
def octave(part: int, whole: int) -> int:
    """How often `part` doubles before it reaches `whole`, from 1; 0 where there is no part."""
    if part == 0:
        return 0
    doubled, octaves = part, 1
    while doubled < whole and octaves < OCTAVES:
        doubled, octaves = 2 * doubled, octaves + 1
    return octaves


@compiled
def tally_characters(codes: Codes, table: Codes, tally: NDArray[np.int64]) -> None:
    """Add up letters, digits and the marks that have names."""
    letters, uppers, digits, foreign = 0, 0, 0, 0
    for code in codes:
        kind = class_of(code, table)
        letters += (kind == LOWER) | (kind == UPPER)
        uppers += kind == UPPER
        digits += kind == DIGIT
        foreign += code > ASCII_MAX
        if kind == OTHER and code <= ASCII_MAX:
            tally[TALLY_OF_MARK[code]] += 1
    tally[LETTERS] += letters
    tally[UPPERS] += uppers
    tally[DIGITS] += digits
    tally[FOREIGN] += foreign


@compiled
def tally_word(
    codes: Codes, place: tuple[int, int], table: Codes, tally: NDArray[np.int64]
) -> None:
    """Add up what can be said of one word, which stands from there to there."""
    start, end = place
    uppers, digits, apostrophes = 0, 0, 0
    for i in range(start, end):
        kind = class_of(codes[i], table)
        uppers += kind == UPPER
        digits += kind == DIGIT
        apostrophes += codes[i] == APOSTROPHE
    tally[APOSTROPHES] += apostrophes
    tally[WORDS] += 1
    tally[CAPITALISED] += class_of(codes[start], table) == UPPER
    tally[SHOUTED] += (uppers > 1) & (uppers == end - start)
    tally[LONG] += end - start >= LONG_WORD
    tally[SHORT] += end - start <= SHORT_WORD
    tally[NUMBERED] += digits > 0


@compiled
def tally_mark(codes: Codes, start: int, end: int, table: Codes, tally: NDArray[np.int64]) -> bool:
    """Add up one run of a mark; whether it ends a sentence."""
    tally[MARKS] += 1
    tally[RUNS] += end - start > 1
    if end < len(codes):
        kind = class_of(codes[end], table)
        tally[UNSPACED] += (kind == LOWER) | (kind == UPPER)
    return codes[start] in (FULL_STOP, EXCLAMATION, QUESTION)


@compiled
def tally_tokens(
    codes: Codes, tokens: Symbols, table: Codes, known: NDArray[np.bool_], tally: NDArray[np.int64]
) -> None:
    """Add up words, marks, sentences, lines and gaps."""
    fresh = True
    for t in range(len(tokens)):
        start, end, kind = int(tokens[t, FROM]), int(tokens[t, TO]), tokens[t, KIND]
        if kind == WORD:
            tally_word(codes, (start, end), table, tally)
            tally[KNOWN] += known[tokens[t, PLAIN] >> WORD_BITS]
            tally[SENTENCES] += fresh
            tally[LOWER_STARTS] += fresh and class_of(codes[start], table) == LOWER
            fresh = False
        elif kind == MARK:
            fresh |= tally_mark(codes, start, end, table, tally)
        elif kind == BREAK:
            tally[LINES] += 1
            tally[BLANKS] += end - start > 1
        elif kind == GAP:
            tally[GAPS] += 1


@compiled
def tallied(
    codes: Codes, tokens: Symbols, table: Codes, known: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """What is to be measured of one text, added up (`TALLIES`,)."""
    tally = np.zeros(TALLIES + 1, np.int64)
    tally_characters(codes, table, tally)
    tally_tokens(codes, tokens, table, known, tally)
    return tally[:TALLIES]


@compiled
def measure_stream(
    codes: Codes, tokens: Symbols, table: Codes, known: NDArray[np.bool_], out: Symbols
) -> int:
    """One symbol for each measure of a text: which it is, and its octave."""
    tally = tallied(codes, tokens, table, known)
    count = 0
    for which in SIZES:
        out[count] = measure(count, octave(1, tally[which] + 1))
        count += 1
    for i in range(len(RATIOS)):
        out[count] = measure(count, octave(tally[RATIOS[i, 0]], max(tally[RATIOS[i, 1]], 1)))
        count += 1
    return count


@compiled
def measure(number: int, octaves: int) -> np.uint64:
    """One measure as a symbol."""
    return finish(mix(mix(BASIS, np.uint64(FIRST_MEASURE + number)), np.uint64(octaves)))
