"""Titles that stand word for word with two accounts: who copies a listing copies all of it.

Where it ships from and how much of what is sold come along with it, so that they tell no more of
the hand than the title does.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.titles.cosines import products_of
from features.titles.texts import TITLE_CHARACTERS

STOCK = 5
"""A title that more than so many show is a stock phrase, and nobody's to be copied."""


def as_words(title: pl.Expr) -> pl.Expr:
    """A title without what makes no other title: case, marks, spaces, what a market cuts off."""
    cut = title.str.slice(0, TITLE_CHARACTERS).str.to_lowercase()
    return cut.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def numbered(titles: pl.Series) -> NDArray[np.int64]:
    """A number (n,) for each title, the same for the same words; -1 for one without any."""
    words = pl.DataFrame({"title": titles}).select(title=as_words(pl.col("title")))["title"]
    known = words.set(words == "", None)
    return known.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1


def shown_titles(row: NDArray[np.int64], title: NDArray[np.int64], count: int) -> csr_array:
    """Which of n rows show which titles that are no stock phrases: float32 (n, t) of ones.

    Args:
        row: where a title is shown.
        title: its number, see `numbered`.
        count: n.
    """
    cells = np.unique(np.stack([row, title])[:, title >= 0], axis=1)
    rare = np.bincount(cells[1])[cells[1]] <= STOCK
    cells = cells[:, rare]
    size = (count, int(title.max(initial=-1)) + 1)
    shown = csr_array((np.ones(cells.shape[1], np.float32), (cells[0], cells[1])), shape=size)
    shown.sort_indices()
    return shown


def in_common(
    shown: csr_array, left: NDArray[np.intp], right: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The titles that both of p pairs of rows show: (pair, title), k times."""
    pairs = np.flatnonzero(products_of(shown, left, right) > 0)
    both = shown[left[pairs]].multiply(shown[right[pairs]]).tocoo()
    return pairs[both.row], np.asarray(both.col, np.intp)
