"""Decisions as a run uses them: the last ruling on each pair, by rows of the corpus."""

from dataclasses import dataclass

import polars as pl

from features.pairs import Pairs


@dataclass(frozen=True)
class Decided:
    """Pairs that people ruled on and whose accounts the corpus holds."""

    same: Pairs
    different: Pairs


def last_rulings(decisions: pl.DataFrame) -> pl.DataFrame:
    """The ruling in force on each pair: columns left, right (left < right as text) and ruling."""
    sides = (pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right"))
    return (
        decisions.select(left=sides[0], right=sides[1], ruling="ruling")
        .unique(["left", "right"], keep="last", maintain_order=True)
        .sort("left", "right")
    )


def decided(decisions: pl.DataFrame, accounts: pl.DataFrame) -> Decided:
    """The rulings in force, by rows of `accounts`; `unsure` rules nothing.

    Args:
        decisions: in the order they were made, see `evidence.rulings.DECISIONS`.
        accounts: the corpus's accounts.
    """
    row = accounts.select("account_id").with_row_index("row")
    ruled = (
        last_rulings(decisions)
        .join(row.rename({"account_id": "left", "row": "left_row"}), on="left")
        .join(row.rename({"account_id": "right", "row": "right_row"}), on="right")
    )

    def pairs(ruling: str) -> Pairs:
        chosen = ruled.filter(pl.col("ruling") == ruling)
        return Pairs.of(chosen["left_row"].to_numpy(), chosen["right_row"].to_numpy())

    return Decided(pairs("same"), pairs("different"))
