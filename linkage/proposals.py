"""Proposed links as rows, and their flows between markets."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.assessment import Assessment
from linkage.bands import BANDS, VERDICTS
from linkage.impersonation import copier, first_bearers
from linkage.model import RELATIONS
from linkage.q_values import Chance, q_values
from linkage.run_tables import FLOWS, LINKS


def link_id(*account_ids: str) -> str:
    """The id of the link between accounts: a digest of their ids, 16 hex digits.

    A handle may hold a line end; it is escaped, so that no two pairs are written alike.
    """
    lines = (name.replace("\\", r"\\").replace("\n", r"\n") for name in account_ids)
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def links_of(
    assessment: Assessment, rows: NDArray[np.intp], accounts: pl.DataFrame
) -> pl.DataFrame:
    """Chosen pairs as links, see `run_tables.LINKS`, without q-values.

    The verdict of one not proposed is null.

    Args:
        assessment: of all pairs.
        rows: which of them, ascending.
        accounts: see `run_tables.RUN_ACCOUNTS`.
    """
    scores, judgement = assessment.scores, assessment.judgement
    frame = pl.DataFrame(
        [
            *_sides(assessment, rows, accounts),
            pl.Series("alike_handles", assessment.standing.alike_handles[rows]),
            named("relation", RELATIONS, assessment.relation[rows]),
            named("verdict", (None, *VERDICTS), judgement.verdict[rows]),
            named("band", (None, *BANDS), judgement.band[rows]),
            pl.Series("possible_framing", judgement.possible_framing[rows], pl.Boolean),
            pl.Series("prior_bits", scores.prior_bits[rows]),
            pl.Series("bits", scores.total_bits[rows]),
            pl.Series("probability", scores.probability[rows]),
        ]
    )
    copies = pl.col("verdict") == "copies"
    ids = [link_id(*pair) for pair in frame.select("left", "right").iter_rows()]
    return frame.with_columns(
        pl.Series("link_id", ids, pl.String),
        pl.lit(None, pl.Float64).alias("q_value"),
        copier=pl.when(copies).then(copier("left", "right")),
        queue_bucket=pl.when(copies).then(pl.lit("copies")).otherwise("band"),
    ).select(LINKS.schema.names())


def _sides(
    assessment: Assessment, rows: NDArray[np.intp], accounts: pl.DataFrame
) -> list[pl.Series]:
    """The columns of either account that `impersonation.copier` asks for."""
    asked = accounts.select(
        pl.col("account_id").alias(""),
        pl.col("first_seen_at").alias("_seen"),
        pl.col("not_before_at").alias("_not_before"),
        first_bearers(accounts).alias("_is_first"),
    )
    sides = {"left": assessment.pairs.left[rows], "right": assessment.pairs.right[rows]}
    return [
        column.alias(f"{side}{column.name}")
        for side, chosen in sides.items()
        for column in asked[chosen].get_columns()
    ]


def with_q_values(
    links: pl.DataFrame, assessment: Assessment, rows: NDArray[np.intp], chance: Chance
) -> pl.DataFrame:
    """The links of all proposed pairs with their q-values, see `linkage.q_values`.

    Args:
        links: as `links_of` gives them.
        assessment: of all pairs.
        rows: which of them the links are of.
        chance: what chance would propose.
    """
    same = (links["verdict"] == "same").to_numpy()
    found = np.full(links.height, np.nan)
    found[same] = q_values(assessment.scores.take(rows[same]), chance)
    return links.with_columns(pl.Series("q_value", found).fill_nan(None))


def named(column: str, names: Sequence[str | None], codes: NDArray[np.integer]) -> pl.Series:
    """A column of names from n codes."""
    return pl.Series(column, names, pl.String).gather(codes.astype(np.uint32))


def flows_of(links: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """How many `same` links lead from one market to another, see `run_tables.FLOWS`.

    A link leads from the market of the account seen first; where that is unknown or a tie, from the
    market first in the alphabet.
    """
    sides = accounts.select("account_id", "market", "first_seen_at")
    moved = (
        links.filter(pl.col("verdict") == "same")
        .join(sides, left_on="left", right_on="account_id")
        .join(sides, left_on="right", right_on="account_id")
        .filter(pl.col("market") != pl.col("market_right"))
    )
    other_first = pl.col("first_seen_at_right") < pl.col("first_seen_at")
    unknown = other_first.is_null() | (pl.col("first_seen_at_right") == pl.col("first_seen_at"))
    swap = pl.when(unknown).then(pl.col("market_right") < pl.col("market")).otherwise(other_first)
    return (
        moved.group_by(
            market_from=pl.when(swap).then("market_right").otherwise("market"),
            market_to=pl.when(swap).then("market").otherwise("market_right"),
        )
        .agg(count=pl.len().cast(pl.Int64))
        .select(FLOWS.schema.names())
        .sort("market_from", "market_to")
    )
