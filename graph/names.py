"""Handles that are spelled alike: three-letter pieces for the full-text index, and a ranking."""

from collections.abc import Sequence

import polars as pl
from rapidfuzz import fuzz

from features.handles.folding import fold

PIECE = 3
LONGEST = 64
"""So many letters of a handle are looked up; no engine is sent a query without bound."""
ALIKE = 60.0
"""Least similarity, in per cent, of folded handles that are called alike."""


def fold_all(handles: Sequence[str]) -> list[str]:
    """The look-up form of each handle."""
    return fold(pl.Series("handle", handles, pl.String)).to_list()


def grams(folded: str | None) -> str | None:
    """The three-letter pieces of a folded handle as words of a full-text index.

    Each is written as the hex digits of its letters, so that a full-text engine, whatever its
    rules for words, takes a piece for one word and nothing in it for an operator.
    """
    if folded is None:
        return None
    padded = f" {folded[:LONGEST]} "
    pieces = (padded[i : i + PIECE] for i in range(max(len(padded) - PIECE + 1, 1)))
    return " ".join(dict.fromkeys(piece.encode("utf-8").hex() for piece in pieces))


def likeness(folded: str, other: str) -> float:
    """How alike two folded handles are spelled, 0 to 100 (normalised insertions and deletions)."""
    return fuzz.ratio(folded, other)
