import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.style.buckets import Dictionary
from features.style.counts import (
    CHARACTERS_3,
    GRAMMAR,
    HABITS,
    MARKS,
    SHAPES,
    WORD_PAIRS,
    WORDS,
    Family,
    count,
    count_all,
)

FAMILIES = (WORDS, WORD_PAIRS, CHARACTERS_3, MARKS, HABITS, GRAMMAR, SHAPES)


def counted(family: Family, *texts: str) -> np.ndarray:
    return count(pl.Series(texts, dtype=pl.String), np.arange(len(texts)), family).toarray()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.sampled_from(FAMILIES))
def test_a_document_counts_what_its_texts_count(texts, family):
    together = count(pl.Series(texts), np.zeros(len(texts), np.int64), family).toarray()
    assert np.array_equal(together.sum(axis=0), counted(family, *texts).sum(axis=0))


@pytest.mark.parametrize(
    "text", ["Grüße und Küsse", "Привет, мир!", "价格 很好", "a\U0001d4b3b 🙂🙂", ""]
)
def test_any_script_is_counted(text):
    assert counted(WORDS, text).sum() >= 2


def test_words_are_told_apart_without_regard_to_case():
    same, other = (
        counted(WORDS, "Parcels arrive", "parcels ARRIVE", "parcels arrived")[:2],
        counted(WORDS, "parcels arrived"),
    )
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], other[0])


@pytest.mark.parametrize(
    ("left", "right"), [("Send it, now!", "Take me, low!"), ("ABC 12 d", "XYZ 987 e")]
)
def test_marks_see_punctuation_and_case_but_no_words(left, right):
    rows = counted(MARKS, left, right)
    assert np.array_equal(rows[0], rows[1])


def test_grammar_sees_function_words_but_no_content():
    rows = counted(
        GRAMMAR, "the red parcel is on a ship", "the box is on a table", "a box on the sea"
    )
    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[1], rows[2])


def test_habits_see_how_texts_begin():
    rows = counted(HABITS, "Well, yes", "well, yes")
    assert not np.array_equal(rows[0], rows[1])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.sets(st.integers(0, 40)))
def test_with_a_dictionary_only_its_buckets_are_counted(texts, chosen):
    documents = np.arange(len(texts))
    (whole,) = count_all(pl.Series(texts), documents, [CHARACTERS_3])
    columns = np.unique([*whole.indices[: len(chosen)], *chosen])
    dictionary = Dictionary.of([columns.astype(np.int64)])
    (known,) = count_all(pl.Series(texts), documents, [CHARACTERS_3], dictionary)
    wanted = whole[:, columns]
    for one, other in ((known.data, wanted.data), (known.indices, wanted.indices)):
        assert one.tolist() == other.tolist()


def test_no_texts_are_no_documents():
    assert count(pl.Series([], dtype=pl.String), np.array([], np.int64), WORDS).shape[0] == 0
