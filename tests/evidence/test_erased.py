"""Which texts mention what an erasure takes away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.erased import Mentions


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("agora:quillwhistle", True),
        ("looked for QUILLWHISTLE2 and friends", True),
        ("agora:bob | hansa:bob", False),
        ("ab | hansa:teapot", True),
        ("cab and abbey", False),
        ("about agora:ab, again", True),
        ("", False),
        (None, False),
    ],
)
def test_a_long_name_is_found_anywhere_a_short_one_by_itself(text, mentioned):
    assert Mentions(["quillwhistle", "ab", "agora:ab"])([text]) == [mentioned]


def test_a_letter_that_changes_at_the_end_of_a_word_is_one_letter():
    sigma = "\N{GREEK CAPITAL LETTER SIGMA}"
    assert Mentions([f"OIKO{sigma}"])([f"oiko{sigma}x", f"OIKO{sigma}"]) == [True, True]


def test_each_text_is_judged_by_itself():
    assert Mentions(["quill"])(["a quill", "a pan", "Quills"]) == [True, False, True]
    assert Mentions(["quill"])([]) == []
    assert Mentions([])(["a quill"]) == [False]


@given(st.text(min_size=4), st.text(), st.text())
@settings(max_examples=50, deadline=None)
def test_a_long_name_is_found_whatever_stands_around_it(name, before, after):
    if name.strip():
        assert Mentions([name])([f"{before}{name}{after}"]) == [True]
