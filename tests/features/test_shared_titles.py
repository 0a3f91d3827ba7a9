import numpy as np
import polars as pl

from features.titles.shared import STOCK, in_common, numbered, shown_titles


def shown(*titles_of: tuple[str, ...]):
    rows = [row for row, titles in enumerate(titles_of) for _ in titles]
    titles = numbered(
        pl.Series([title for titles in titles_of for title in titles], dtype=pl.String)
    )
    return shown_titles(np.array(rows, np.int64), titles, len(titles_of))


def pairs_with_a_title(found, *pairs: tuple[int, int]) -> list[int]:
    left, right = (np.array(side, np.intp) for side in zip(*pairs, strict=True))
    return in_common(found, left, right)[0].tolist()


def test_case_marks_and_spaces_make_no_other_title():
    found = shown(("Brass  Kettle!",), ("brass kettle",), ("brass kettles",))
    assert pairs_with_a_title(found, (0, 1), (0, 2)) == [0]


def test_what_a_market_cuts_off_makes_no_other_title():
    long = "a kettle of hammered brass with a spout, made to last"
    assert pairs_with_a_title(shown((long,), (long[:50],)), (0, 1)) == [0]


def test_a_title_that_many_show_is_nobodys():
    assert pairs_with_a_title(shown(*[("a kettle",)] * STOCK), (0, 1)) == [0]
    assert pairs_with_a_title(shown(*[("a kettle",)] * (STOCK + 1)), (0, 1)) == []


def test_a_title_without_letters_and_digits_is_none():
    assert pairs_with_a_title(shown(("***",), ("!!!",)), (0, 1)) == []


def test_two_titles_in_common_are_told_one_by_one():
    found = shown(("kettle", "spoon", "anvil"), ("anvil", "kettle"))
    assert pairs_with_a_title(found, (0, 1)) == [0, 0]
