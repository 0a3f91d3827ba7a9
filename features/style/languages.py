"""Is a text in the language whose style has been measured?

Function words are half of any English text and rare in others, and no list of languages has to be
kept: of the words of an account at least `KNOWN_MIN` in a hundred must be English function words.
"""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.compiled import compiled
from features.style import streams
from features.style.counts import blocks_of
from features.style.grounds import Documents
from features.style.measures import ASCII_MAX, WORD_BITS
from features.style.tokens import DIGIT, LOWER, UPPER, Codes, character_table, class_of, word_at

WORDS, KNOWN, LETTERS, FOREIGN = range(4)
"""What is added up of a text."""

KNOWN_MIN = 30
FOREIGN_MAX = 25
WORKERS = 2
SAMPLED_CHARACTERS = 20_000
"""So much of an account says which language it writes."""
SCRIPT_CHARACTERS = 1_000
"""So much of a text says in which script it is."""


def in_english(documents: Documents) -> NDArray[np.bool_]:
    """For each of n documents whether it is written in English."""
    tally = tallies_of(documents)
    known = 100 * tally[:, KNOWN] >= KNOWN_MIN * np.maximum(tally[:, WORDS], 1)
    latin = 100 * tally[:, FOREIGN] <= FOREIGN_MAX * np.maximum(tally[:, LETTERS], 1)
    return np.asarray(known & latin)


def tallies_of(documents: Documents) -> NDArray[np.int64]:
    """Words, function words, letters and foreign characters (n, 4) of the first texts."""
    lengths = documents.texts["text"].str.len_chars().to_numpy().astype(np.int64)
    before = lengths.cumsum() - lengths
    first = np.searchsorted(documents.document, documents.document)
    early = before - before[first] < SAMPLED_CHARACTERS
    texts = documents.texts["text"].filter(pl.Series(early)).str.slice(0, SAMPLED_CHARACTERS)
    found = np.zeros((len(documents.accounts), FOREIGN + 1), np.int64)
    with ThreadPoolExecutor(WORKERS) as threads:
        blocks = blocks_of(texts, documents.document[early])
        list(threads.map(lambda block: _add_block(block, found), blocks))
    return found


def _add_block(block: tuple[pl.Series, NDArray[np.int64]], found: NDArray[np.int64]) -> None:
    """Add up the tallies of whole documents: their texts, and the document of each."""
    texts, document = block
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.concatenate([[0], texts.str.len_chars().to_numpy().astype(np.int64).cumsum()])
    known = (character_table(), streams.function_words())
    add_tallies((codes, starts), document, known, found)


@compiled
def add_tallies(
    writing: tuple[Codes, NDArray[np.int64]],
    document: NDArray[np.int64],
    known: tuple[Codes, NDArray[np.bool_]],
    found: NDArray[np.int64],
) -> None:
    """Add up the tallies of texts by document.

    Args:
        writing: the texts, one after another, and where each begins, int64 (t + 1,).
        document: int64 (t,), of each text.
        known: `character_table()` and `function_words()`.
        found: int64 (n, 4), added to.
    """
    codes, starts = writing
    table, function_words = known
    for t in range(len(document)):
        text, row = codes[starts[t] : starts[t + 1]], document[t]
        words, said, place = 0, 0, 0
        while place < len(text):
            kind = class_of(text[place], table)
            if kind < LOWER or kind > DIGIT:
                place += 1
                continue
            place, plain, _, _ = word_at(text, place, table)
            words += 1
            said += function_words[plain >> WORD_BITS]
        found[row, WORDS] += words
        found[row, KNOWN] += said
        letters, foreign = 0, 0
        for code in text:
            kind = class_of(code, table)
            letters += (kind == LOWER) | (kind == UPPER)
            foreign += code > ASCII_MAX
        found[row, LETTERS] += letters
        found[row, FOREIGN] += foreign


def other_script(text: str) -> str | None:
    """What most letters of a text are called where that is not Latin (`Cyrillic`); else None."""
    script = "Latin" if text.isascii() else script_of(text[:SCRIPT_CHARACTERS])
    return None if script in ("", "Latin") else script


def script_of(text: str) -> str:
    """What most letters of a text are called (`Cyrillic`, `Latin`, …); empty without letters."""
    names = [unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha()]
    return max(sorted(set(names)), key=names.count).title() if names else ""
