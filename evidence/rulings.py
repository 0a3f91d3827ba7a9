"""What people ruled, as a run takes it in."""

from dataclasses import dataclass

import polars as pl

from evidence.records import UTC_TIME, Column, Table

DECISIONS = Table(
    "decisions",
    "rulings on pairs, in the order they were made; the last one of a pair counts",
    (
        Column("left", pl.String, "account_id"),
        Column("right", pl.String, "account_id"),
        Column("ruling", pl.String, "same, different or unsure"),
        Column("person", pl.String, "who ruled"),
        Column("reason", pl.String, "why"),
        Column("decided_at", UTC_TIME, "when"),
        Column("beside_left", pl.List(pl.String), "account_ids that stood in its persona then"),
        Column("beside_right", pl.List(pl.String), "the same of the right account"),
    ),
)
PUBLIC_VALUES = Table(
    "public_values",
    "values that link nobody, in force",
    (
        Column("kind", pl.String, "key, wallet, contact, photo or phrase"),
        Column("value", pl.String, "the value, normalised as the feature shows it"),
        Column("reason", pl.String, "why it is public"),
    ),
)


@dataclass(frozen=True)
class Rulings:
    """Decisions and public values in force, from the ledger."""

    decisions: pl.DataFrame
    public_values: pl.DataFrame

    @classmethod
    def none(cls) -> "Rulings":
        """Nobody has ruled anything yet."""
        return cls(DECISIONS.empty(), PUBLIC_VALUES.empty())
