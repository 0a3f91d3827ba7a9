"""Accounts with a single title, and whether another account shows it word for word."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.feature import Citation, Finding, Highlight
from features.titles.cosines import products_of
from features.titles.shared import numbered, shown_titles


@dataclass(frozen=True)
class OnlyTitles:
    """The titles that are all that some account shows, wherever they stand.

    Attributes:
        rows: account, number of the title, text, source_id, place, row_id.
        alone: bool (n,), which accounts show one title and no other.
        shown: float32 (n, t), which accounts show these titles, see `shown_titles`.
    """

    rows: pl.DataFrame
    alone: NDArray[np.bool_]
    shown: csr_array

    def taken(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Of which of p pairs one account shows nothing but a title of the other, bool (p,)."""
        rows = left.astype(np.intp), right.astype(np.intp)
        shared = products_of(self.shown, *rows) > 0
        return np.asarray(shared & (self.alone[left] | self.alone[right]))

    def finding(self, level: str, pair: tuple[int, int]) -> Finding:
        """That the one title stands in both accounts of a pair that is `taken`, and where."""
        left, right = (self.rows.filter(pl.col("account") == account) for account in pair)
        both = left.join(right, on="number", maintain_order="left")
        [(_, _, mine, *here, _, theirs, source, place, row), *_] = both.rows()
        return Finding(
            level,
            "the only title of one stands word for word with the other",
            (Highlight("left", mine), Highlight("right", theirs)),
            (Citation(*here), Citation(source, place, row)),
        )


def only_titles(titles: pl.DataFrame, count: int) -> OnlyTitles:
    """Those among the titles of n accounts; see `features.titles.texts.titles_of`."""
    worded = titles.with_columns(number=numbered(titles["text"])).filter(pl.col("number") >= 0)
    shown = worded.select("account", "number", "text", "source_id", "place", "row_id").unique(
        ["account", "number"], keep="first", maintain_order=True
    )
    alone = np.bincount(shown["account"].to_numpy(), minlength=count) == 1
    only = shown["number"].filter(alone[shown["account"].to_numpy()])
    rows = shown.filter(pl.col("number").is_in(only.unique().implode()))
    account, number = (rows[name].cast(pl.Int64).to_numpy() for name in ("account", "number"))
    return OnlyTitles(rows, alone, shown_titles(account, number, count))
