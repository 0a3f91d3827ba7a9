"""The pieces that stand behind a counted n-gram are looked up in the text."""

from collections import Counter
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.style import streams
from features.style.buckets import BUCKETS
from features.style.counts import (
    CASED_WORDS,
    CHARACTERS_3,
    CHARACTERS_4,
    WORD_PAIRS,
    WORDS,
    Family,
    bucket_at,
    count,
    room_for,
)
from features.style.pieces import Writing, pieces_of
from features.style.tokens import FROM, TO, character_table, tokenise
from tests.hands import Hand

ALL = np.arange(BUCKETS)
FAMILIES = (WORDS, CASED_WORDS, WORD_PAIRS, CHARACTERS_3, CHARACTERS_4)


def spelled(family: Family, *texts: str) -> list[str]:
    return [piece for _, piece in pieces_of(Writing.of(texts), family, ALL)]


def codes_of(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def plainly(texts: list[str], family: Family, wanted: np.ndarray) -> dict[tuple[int, str], int]:
    """The same text by text and piece by piece."""
    found: Counter[tuple[int, str]] = Counter()
    for text in texts:
        tokens, out = room_for(len(text))
        known = (character_table(), streams.function_words())
        tokenised = tokens[: tokenise(codes_of(text), known[0], tokens)]
        symbols = streams.write_stream(family.stream, codes_of(text), tokenised, known, out)
        places = [(i, i + 1) for i in range(len(text))]
        if family.stream != streams.CHARACTERS:
            places = [(int(t[FROM]), int(t[TO])) for t in tokenised]
        for i in range(1, symbols - family.length):
            bucket = bucket_at(out, i, family.length)
            if bucket in wanted:
                start, end = places[i - 1][0], places[i + family.length - 2][1]
                found[bucket, text[start:end]] += 1
    return dict(found)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_posts_have_the_pieces_that_a_plain_search_finds(family):
    rng = np.random.default_rng(4)
    posts = [Hand(n % 3).post(rng) for n in range(9)]
    wanted = np.flatnonzero(count(pl.Series(posts[:2]), np.array([0, 1]), family).toarray()[0])
    found = pieces_of(Writing.of(posts), family, wanted)
    assert len(found) > 10
    assert list(found.items()) == list(plainly(posts, family, wanted).items())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=25), max_size=4), st.sampled_from(FAMILIES), st.integers(2, 5))
def test_any_text_has_the_pieces_that_a_plain_search_finds(texts, family, every):
    wanted = ALL[::every]
    found = pieces_of(Writing.of(texts), family, wanted)
    assert list(found.items()) == list(plainly(texts, family, wanted).items())


def test_pieces_name_what_stands_in_the_text():
    assert spelled(WORDS, "don't  stop!!") == ["don't", "  ", "stop", "!!"]
    assert spelled(CHARACTERS_3, "abcd") == ["abc", "bcd"]
    assert spelled(WORD_PAIRS, "a b c") == ["a b", "b c"]


def test_no_piece_reaches_from_one_text_into_the_next():
    assert spelled(CHARACTERS_3, "abc", "def") == ["abc", "def"]
    assert spelled(WORD_PAIRS, "a b", "c d") == ["a b", "c d"]


def test_pieces_have_the_buckets_that_were_counted():
    row = count(pl.Series(["one two one"]), np.array([0]), WORDS).toarray()[0]
    found = pieces_of(Writing.of(["one two", "one"]), WORDS, ALL)
    assert {piece: times for (_, piece), times in found.items()} == {"one": 2, "two": 1}
    assert all(row[bucket] == times for (bucket, _), times in found.items())


def test_each_spelling_of_a_word_is_a_piece_of_its_own():
    assert list(pieces_of(Writing.of(["Tea tea TEA tea"]), WORDS, ALL).values()) == [1, 2, 1]


def test_only_wanted_pieces_are_named():
    ((bucket, _),) = pieces_of(Writing.of(["two"]), WORDS, ALL)
    assert pieces_of(Writing.of(["one two one"]), WORDS, np.array([bucket])) == {(bucket, "two"): 1}


def test_no_texts_have_no_pieces():
    assert pieces_of(Writing.of([]), WORDS, ALL) == {}


def test_each_of_many_spellings_of_a_word_is_counted():
    words = ["".join(w) for w in product(*((c, c.upper()) for c in "teapot"))] * 2
    found = pieces_of(Writing.of([" ".join(words)]), WORDS, ALL)
    assert found == {(bucket, word): 2 for bucket, word in found}
    assert len(found) == 64
