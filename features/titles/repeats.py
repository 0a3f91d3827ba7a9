"""Titles that stand word for word with another account, and how alike the rest of the titles is.

Who copies an account's listings makes its titles stand twice, and goes on naming his own goods in
his own way; who moves takes titles along and goes on naming new goods as before. So where titles
are repeated, the others tell: the rests of both accounts are compared by their runs of five
characters, held against what the two accounts score with each other's market (see `standing`).

A title that anybody else had before is nobody's own way of naming things either: it is no part of
a rest. Else who copies one account of a hand would look like its other accounts of himself.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.style.grounds import Documents
from features.style.vectors import Floats, row_squares
from features.titles.cosines import products_of
from features.titles.counting import count
from features.titles.families import CHARACTERS_5, rarity_of
from features.titles.shared import STOCK, as_words

RESTS_MIN = 2
"""Fewer titles beside the repeated ones are no way of naming."""

BLOCK = 4096
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Repeats:
    """The titles of n accounts as words.

    Attributes:
        titles: float32 (n, t), 1 where an account has a title, word for word.
        own: float32 (n, t), 1 where no other account, whichever, had it before.
        lines: float32 (t, l), 1 where a title is of a line: the same words in any amount.
        counts: float32 (t, k), the k runs of five characters that there are, in each title.
        rarity: float32 (k,), what a run weighs.
    """

    titles: csr_array
    own: csr_array
    lines: csr_array
    counts: csr_array
    rarity: Floats

    def shared(self, left: Rows, right: Rows) -> NDArray[np.int64]:
        """How many titles (p,) both documents of p pairs have."""
        return products_of(self.titles, left, right).astype(np.int64)

    def taken(self, left: Rows, right: Rows) -> NDArray[np.bool_]:
        """Whether (p,) a title stands in both of p pairs, or either has one from somebody else."""
        borrows = np.diff(self.own.indptr) < np.diff(self.titles.indptr)
        return np.asarray((self.shared(left, right) > 0) | borrows[left] | borrows[right])

    def rests(self, left: Rows, right: Rows) -> Floats:
        """Cosines (p,) of what p pairs of documents name besides what is in both or borrowed.

        Where a title stands word for word in both, whole lines are left out that stand in both:
        what is seen of a shop may hold one amount of the line that was copied, and of the copies
        another. NaN where fewer than `RESTS_MIN` titles are left to one of them.
        """
        parts = [np.empty(0, np.float32)]
        for start in range(0, len(left), BLOCK):
            chosen = slice(start, start + BLOCK)
            parts.append(self._rests(left[chosen], right[chosen]))
        return np.concatenate(parts)

    def _rests(self, left: Rows, right: Rows) -> Floats:
        both = self._of_both(left, right)
        rests = [
            csr_array(side - side.multiply(both)) for side in (self.own[left], self.own[right])
        ]
        for rest in rests:
            rest.eliminate_zeros()
        enough = np.minimum(*(np.diff(rest.indptr) for rest in rests)) >= RESTS_MIN
        vectors = self._vectors([rest[np.flatnonzero(enough)] for rest in rests])
        lengths = np.sqrt(np.multiply(*(row_squares(rows) for rows in vectors)))
        products = np.asarray(vectors[0].multiply(vectors[1]).sum(axis=1), np.float64)
        found = np.full(len(left), np.nan, np.float32)
        found[enough] = products / np.where(lengths > 0, lengths, 1.0)
        return found

    def _of_both(self, left: Rows, right: Rows) -> csr_array:
        """Float32 (p, t): 1 for each title of a line of both, in pairs that share a title."""
        rows = np.flatnonzero(self.shared(left, right))
        lines = [csr_array(self.titles[side[rows]] @ self.lines) for side in (left, right)]
        both = csr_array(lines[0].multiply(lines[1]).sign()) @ self.lines.T
        ones, size = np.ones(len(rows), np.float32), (len(left), len(rows))
        return csr_array(csr_array((ones, (rows, np.arange(len(rows)))), shape=size) @ both)

    def _vectors(self, rests: list[csr_array]) -> list[csr_array]:
        """The vectors of rests, over the runs that stand in any of them."""
        used = np.unique(np.concatenate([rest.indices for rest in rests]))
        counts = self.counts[used]
        runs, place = np.unique(counts.indices, return_inverse=True)
        near = csr_array((counts.data, place, counts.indptr), shape=(len(used), len(runs)))
        found = []
        for rest in rests:
            titles = (rest.data, np.searchsorted(used, rest.indices), rest.indptr)
            rows = csr_array(csr_array(titles, shape=(rest.shape[0], len(used))) @ near)
            rows.data = np.log1p(rows.data) * self.rarity[runs[rows.indices]]
            rows.sort_indices()
            found.append(rows)
        return found


def read_repeats(documents: Documents) -> Repeats:
    """Read the titles of n accounts; case, marks and spaces do not make another title."""
    words = documents.texts.select(
        document=pl.Series(documents.document),
        title=as_words(pl.col("text")),
        text="text",
        seen_at=documents.texts["seen_at"],
    )
    alike = words.unique(["document", "title"], keep="first", maintain_order=True)
    names = alike.unique("title", keep="first").sort("title").with_row_index("column")
    cells = alike.join(names.select("title", "column"), on="title", how="left")
    at = (cells["document"].to_numpy(), cells["column"].to_numpy())
    ones = np.ones(len(cells), np.float32)
    titles = csr_array((ones, at), shape=(len(documents.accounts), len(names)))
    titles.sort_indices()
    counts = count(names["text"], np.arange(len(names)), CHARACTERS_5)
    rarity = rarity_of(csr_array(titles @ counts))
    used = np.bincount(counts.indices, minlength=counts.shape[1]) > 0
    place = (np.cumsum(used) - 1)[counts.indices]
    counts = csr_array((counts.data, place, counts.indptr), shape=(len(names), int(used.sum())))
    own = csr_array(titles - _borrowed(words, names, titles.shape))
    own.eliminate_zeros()
    return Repeats(titles, own, _lines(names["title"]), counts, rarity[used])


def _borrowed(words: pl.DataFrame, names: pl.DataFrame, size: tuple[int, int]) -> csr_array:
    """Float32 (n, t), 1 where an account has a title that it is not known to have had first."""
    shown = words.group_by("document", "title").agg(pl.col("seen_at").min())
    rank = pl.col("seen_at").rank("max").over("title")
    first = (rank == 1).fill_null(value=False) & pl.col("seen_at").is_not_null().all().over("title")
    several = pl.len().over("title").is_between(2, STOCK)
    cells = shown.filter(several & ~first).join(names.select("title", "column"), on="title")
    at = (cells["document"].to_numpy(), cells["column"].to_numpy())
    return csr_array((np.ones(len(cells), np.float32), at), shape=size)


def _lines(titles: pl.Series) -> csr_array:
    """The line of each of t titles, float32 (t, l) of ones: its words without numbers."""
    words = titles.str.replace_all(r"\p{N}+", "").str.replace_all(" +", " ").str.strip_chars()
    line = words.set(words == "", None).fill_null(titles).rank("dense").to_numpy().astype(np.int64)
    at, size = (np.arange(len(line)), line - 1), (len(line), int(line.max(initial=0)))
    return csr_array((np.ones(len(line), np.float32), at), shape=size)
