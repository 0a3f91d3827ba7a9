"""Entities: accounts that any label ties together, for folds and for intervals.

Nothing may be fitted on one account of an entity and judged on another, and a bootstrap draws
entities whole. A tie is a reason not to trust two accounts to be independent; it is no truth.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from linkage.decided import last_rulings


def tied(account_ids: pl.Series, pairs: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Connected components: `account_id` (ascending) and `group` (numbered by first account).

    Args:
        account_ids: accounts that may stand alone.
        pairs: columns left and right; they may name further accounts.
    """
    sides = [pair[side] for pair in pairs for side in ("left", "right")]
    named = [series.cast(pl.String).rename("account_id") for series in (account_ids, *sides)]
    ids = pl.concat(named).unique().sort()
    number = dict(zip(ids.to_list(), range(len(ids)), strict=True))
    left, right = (
        np.array([number[name] for pair in pairs for name in pair[side]], np.int64)
        for side in ("left", "right")
    )
    ties = csr_matrix((np.ones(len(left)), (left, right)), shape=(len(ids), len(ids)))
    _, label = connected_components(ties, directed=False)
    return pl.DataFrame([ids, pl.Series("group", np.asarray(label, np.int64))])


def entities_of(
    accounts: pl.DataFrame, truth: pl.DataFrame | None, decisions: pl.DataFrame
) -> pl.DataFrame:
    """The entity of every account that is here or that a label names: `account_id`, `entity`.

    An entity is a connected component of all labels there are: pairs that the truth says are one
    hand, pairs that people ruled to be, and equal handles, in any case and on any market.

    Args:
        accounts: `account_id` and `handle` of the corpus as assembled, not masked.
        truth: see `linkage.truth.read_truth`; None where there is none.
        decisions: in the order they were made, see `evidence.rulings.DECISIONS`.
    """
    labels = [last_rulings(decisions).filter(ruling="same").select("left", "right")]
    ids = [accounts["account_id"]]
    if truth is not None:
        labels.append(truth.filter("same").select("left", "right"))
        ids += [truth["left"].rename("account_id"), truth["right"].rename("account_id")]
    everyone = tied(pl.concat(ids), labels)["account_id"]
    same_handle = _same_handles(everyone, accounts)
    return tied(everyone, [*labels, same_handle]).rename({"group": "entity"})


def _same_handles(account_ids: pl.Series, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each account with the first one of its handle: left, right."""
    in_id = pl.col("account_id").str.splitn(":", 2).struct.field("field_1")
    return (
        account_ids.to_frame()
        .join(accounts.select("account_id", "handle"), on="account_id", how="left")
        .with_columns(pl.col("handle").fill_null(in_id).str.to_lowercase())
        .filter(pl.col("handle").is_not_null())
        .select(left="account_id", right=pl.col("account_id").min().over("handle"))
    )
