"""Public values: what people ruled to be everybody's links nobody (escrow wallet, staff key)."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import Outcome, Shown
from features.pairs import Pairs


def values_shown(shown: Shown | None) -> pl.DataFrame:
    """What accounts show as a table: kind, value, account (UInt32), proved."""
    schema = pl.Schema(
        {"kind": pl.String, "value": pl.String, "account": pl.UInt32, "proved": pl.Boolean}
    )
    if shown is None:
        return pl.DataFrame(schema=schema)
    columns = {
        "kind": [shown.kind] * len(shown.value),
        "value": shown.value,
        "account": shown.account,
        "proved": shown.proved,
    }
    return pl.DataFrame(columns, schema=schema)


def share_only_public(pairs: Pairs, shown: pl.DataFrame, public: pl.DataFrame) -> NDArray[np.bool_]:
    """Pairs that share values, every one of them public: bool (n,).

    Args:
        pairs: n pairs.
        shown: what accounts show, see `values_shown`.
        public: the rulings' public values, with `kind` and `value`.
    """
    ruled = public.select("kind", "value", public=pl.lit(True)).unique()
    marked = shown.join(ruled, on=["kind", "value"], how="left").with_columns(
        pl.col("public").fill_null(False)
    )
    if not marked["public"].any():
        return np.zeros(len(pairs), np.bool_)
    sides = pl.DataFrame({"left": pairs.left, "right": pairs.right}).with_row_index("pair")
    values = marked.select("account", "kind", "value", "public").unique()
    touched = values.filter("public")["account"].unique().to_list()
    shared = (
        sides.filter(pl.col("left").is_in(touched) & pl.col("right").is_in(touched))
        .join(values, left_on="left", right_on="account")
        .join(
            values.drop("public"),
            left_on=["right", "kind", "value"],
            right_on=["account", "kind", "value"],
        )
        .group_by("pair")
        .agg(pl.col("public").all())
    )
    silenced = np.zeros(len(pairs), np.bool_)
    silenced[shared.filter("public")["pair"].to_numpy()] = True
    return silenced


def without_evidence_for(
    outcome: Outcome, levels: Sequence[str], silenced: NDArray[np.bool_]
) -> Outcome:
    """The outcome with every level that speaks for one hand taken from the silenced pairs.

    Args:
        outcome: of n pairs.
        levels: for each of the feature's levels, whether it speaks `for` or `against`.
        silenced: bool (n,).
    """
    speaks_for = np.array([False, *(speaks == "for" for speaks in levels)])
    gone = silenced & speaks_for[outcome.level]
    nothing = Outcome.nothing(len(gone))
    return Outcome(
        np.where(gone, nothing.level, outcome.level),
        np.where(gone, nothing.value, outcome.value),
        np.where(gone, nothing.count, outcome.count),
    )
