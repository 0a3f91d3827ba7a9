import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.handles.folding import fold, skeleton, skeleton_words

NAMES = st.lists(st.text(max_size=12), max_size=8)


def folded(handle: str) -> str:
    return fold(pl.Series("handle", [handle])).item()


@pytest.mark.parametrize(
    "shown",
    [
        "greentable",
        "GreenTable",
        "green_table",
        "Green Table",
        "Gr33n-T4bl3",
        "gréén täble",
        "\uff27\uff52\uff45\uff45ntable",
        "green\u200btable",
        "\u202egreentable\u202c",
        "gr\u0435\u0435nt\u0430ble",
        "green.t@ble",
    ],
)
def test_one_handle_written_in_many_ways_has_one_look_up_form(shown):
    assert folded(shown) == "greentable"


def test_a_handle_of_digits_alone_keeps_them():
    assert folded("1337") == "1337"
    assert folded("13-37") == "1337"


def test_a_handle_without_letters_or_digits_keeps_its_signs():
    assert folded("★★") == "★★"
    assert folded("★★") != folded("☂")


def test_a_masked_handle_stays_absent():
    assert fold(pl.Series("handle", [None, "Bob"], pl.String)).to_list() == [None, "bob"]


def test_the_column_keeps_its_name_and_may_be_empty():
    assert fold(pl.Series("handle", [], pl.String)).name == "handle"


@settings(max_examples=60)
@given(NAMES)
def test_folding_twice_is_folding_once(handles):
    once = fold(pl.Series("handle", handles, pl.String))
    assert fold(once).to_list() == once.to_list()


@settings(max_examples=40)
@given(NAMES)
def test_case_does_not_matter(handles):
    ascii_only = [handle.encode("ascii", "ignore").decode() for handle in handles]
    lower = fold(pl.Series("handle", [handle.lower() for handle in ascii_only], pl.String))
    upper = fold(pl.Series("handle", [handle.upper() for handle in ascii_only], pl.String))
    assert lower.to_list() == upper.to_list()


def test_a_one_may_stand_for_i_or_l():
    forms = skeleton(pl.Series("handle", ["P1LL0W", "pillow"]))
    assert forms[0] == forms[1]


def test_words_end_at_separators_capitals_and_trailing_numbers():
    words = skeleton_words(pl.Series("handle", ["GreenTable_2020", None, "the-oak", "☂"]))
    assert (
        words.rows()
        == [
            (0, "green"),
            (0, "table"),
            (0, "2020"),
            (2, "the"),
            (2, "oak"),
            (3, "☂"),
        ][: words.height]
    )
    assert words.height == 5
