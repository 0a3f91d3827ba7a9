"""What people ruled, as a run takes it in."""

from dataclasses import dataclass

import polars as pl

from evidence.records import UTC_TIME

DECISION_COLUMNS = pl.Schema(
    {
        "left": pl.String,
        "right": pl.String,
        "ruling": pl.String,
        "person": pl.String,
        "reason": pl.String,
        "decided_at": UTC_TIME,
    }
)
"""`left` and `right` are account ids; `ruling` is same, different or unsure; the last row of a pair
counts."""

PUBLIC_VALUE_COLUMNS = pl.Schema({"kind": pl.String, "value": pl.String, "reason": pl.String})
"""A key, wallet, contact, photo or phrase that links nobody."""


@dataclass(frozen=True)
class Rulings:
    """Decisions and public values in force, from the ledger."""

    decisions: pl.DataFrame
    public_values: pl.DataFrame

    @classmethod
    def none(cls) -> "Rulings":
        """Nobody has ruled anything yet."""
        return cls(pl.DataFrame(schema=DECISION_COLUMNS), pl.DataFrame(schema=PUBLIC_VALUE_COLUMNS))
