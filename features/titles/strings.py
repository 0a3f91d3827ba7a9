"""Rare strings: runs of words that one account alone uses on its market.

Where an account of each of two markets uses the same one, and nobody else on either, that is what
a hand takes along. Two accounts of one market share none by definition.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

WORDS = r"[\p{L}\p{N}']+"
RUN, DESCRIBED_RUN = 4, 7
"""Words in a run of a title, and of a description (shingles: Broder 1997)."""

BLOCK_CHARACTERS = 4_000_000
SAMPLED = 8
"""Of the runs of descriptions one in so many counts, so that one copied text is not a multitude."""


@dataclass(frozen=True)
class RareStrings:
    """Which runs of words each of n accounts uses that nobody else on its market does.

    Attributes:
        alone: float32 (n, r), 1 where the account is the only one of its market.
        names: the r runs.
    """

    alone: csr_array
    names: pl.Series


def runs_in(texts: pl.DataFrame, words: int = RUN) -> pl.DataFrame:
    """The distinct runs of words of each document: document, run (lower case).

    Args:
        texts: with columns document (ascending) and text.
        words: how many make a run.
    """
    return pl.concat([no_runs(), *(_runs(block, words) for block in _blocks(texts))])


def _blocks(texts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The texts of whole documents, some `BLOCK_CHARACTERS` at a time.

    A run begins at every word, so that the runs of all texts are many times as large as these.
    """
    if texts.height == 0:
        return
    ends = texts["text"].str.len_chars().cast(pl.Int64).cum_sum().to_numpy()
    document = texts["document"].to_numpy()
    firsts = np.flatnonzero(np.diff(document, prepend=document[0] - 1))
    number = ends[firsts] // BLOCK_CHARACTERS
    cuts = firsts[np.flatnonzero(np.diff(number, prepend=number[0] - 1))]
    for start, end in zip(cuts, [*cuts[1:], texts.height], strict=True):
        yield texts[int(start) : int(end)]


def _runs(texts: pl.DataFrame, words: int) -> pl.DataFrame:
    listed = texts.select(
        pl.col("document").cast(pl.Int64),
        word=pl.col("text").str.to_lowercase().str.extract_all(WORDS),
    ).with_columns(count=pl.col("word").list.len())
    long = listed.filter(pl.col("count") >= words).with_row_index("number").explode("word")
    places = pl.int_range(pl.len()).over("number")
    after = [pl.col("word").shift(-step) for step in range(words)]
    return (
        long.with_columns(run=pl.concat_str(after, separator=" "), place=places)
        .filter(pl.col("place") + words <= pl.col("count"))
        .select("document", "run")
        .unique(maintain_order=True)
    )


def described_runs(texts: pl.DataFrame) -> pl.DataFrame:
    """A sample of the runs of words of descriptions, the same wherever they stand."""
    sampled = pl.col("run").str.len_bytes() % SAMPLED == 0
    blocks = (_runs(block, DESCRIBED_RUN).filter(sampled) for block in _blocks(texts))
    return pl.concat([no_runs(), *blocks])


def rare_strings(runs: pl.DataFrame, group: NDArray[np.int32]) -> RareStrings:
    """The runs that one account of a market uses alone, and another account too.

    Args:
        runs: see `runs_in`.
        group: int32 (n,), the market of each document.
    """
    groups = pl.DataFrame({"group": group}).with_row_index("document")
    known = runs.with_columns(pl.col("document").cast(pl.UInt32)).join(groups, on="document")
    alone = known.filter(pl.len().over("run", "group") == 1, pl.len().over("run") > 1)
    names = alone["run"].unique().sort()
    place = pl.DataFrame({"run": names}).with_row_index("column")
    cells = alone.join(place, on="run", how="left")
    ones = np.ones(cells.height, np.float32)
    at = (cells["document"].to_numpy(), cells["column"].to_numpy())
    found = csr_array((ones, at), shape=(len(group), len(names)))
    found.sum_duplicates()
    found.sort_indices()
    return RareStrings(found, names)


def no_runs() -> pl.DataFrame:
    """No run of any document."""
    return pl.DataFrame(schema={"document": pl.Int64, "run": pl.String})
