"""Quality of the personas that a run proposes, on the accounts that a truth covers.

Accounts that the truth does not name, or that are not here, count nowhere: they are taken out of
the personas and out of the hands. An account that is left alone is a persona of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from linkage.bootstrap import Draws, Figure, Floats, Integers, Quality, ratio
from linkage.truth import Known


@dataclass(frozen=True)
class PersonaFigures:
    """Figures of personas against hands."""

    account_count: int
    """Accounts that are covered."""
    hand_count: int
    """Hands with two of them or more."""
    persona_count: int
    """Proposed personas with two of them or more."""
    b_cubed: Quality
    pairwise: Quality
    false_merge_share: Figure | None


def persona_figures(
    personas: Sequence[Sequence[str]], known: Known, draws: Draws
) -> PersonaFigures:
    """Compare proposed personas with hands.

    B-cubed (Bagga & Baldwin, MUC-7 1998; Amigó et al., Information Retrieval 2009): the precision
    of an account is the share of its persona that is of its hand, itself included; its recall the
    share of its hand that stands in its persona; both are averaged over accounts, which weigh as
    their entity does, and F is taken of the averages. Pairwise: over all pairs within a persona or
    a hand. False-merge share: of the proposed personas with two covered accounts or more, those
    that hold accounts of two hands (a merge that would have to be undone: Menestrina, Whang &
    Garcia-Molina, PVLDB 2010); a persona weighs as the mean of the entities in it.

    Args:
        personas: account ids of each; no account stands in two.
        known: what is known of some accounts.
        draws: of their entities.
    """
    covered = _covered(personas, known)
    several = covered.filter(pl.len().over("persona") > 1)
    return PersonaFigures(
        covered.height,
        covered.filter(pl.len().over("hand") > 1)["hand"].n_unique(),
        several["persona"].n_unique(),
        _b_cubed(covered, draws),
        _pairwise(covered, draws),
        _false_merges(several, draws),
    )


def _covered(personas: Sequence[Sequence[str]], known: Known) -> pl.DataFrame:
    """The accounts that count: account_id, hand, entity, persona (numbered; alone: below 0)."""
    rows = [(account, number) for number, group in enumerate(personas) for account in group]
    schema = {"account_id": pl.String, "persona": pl.Int64}
    members = pl.DataFrame(rows, schema=schema, orient="row")
    alone = -1 - pl.int_range(pl.len())
    return (
        known.accounts.filter("here")
        .join(members, on="account_id", how="left", maintain_order="left")
        .with_columns(pl.col("persona").fill_null(alone))
    )


def _b_cubed(covered: pl.DataFrame, draws: Draws) -> Quality:
    together = pl.len().over("persona", "hand")
    precision, recall = covered.select(
        together / pl.len().over("persona"), recall=together / pl.len().over("hand")
    )
    entity = covered["entity"].to_numpy()
    return Quality.of_shares(
        _mean(precision.to_numpy(), entity, draws), _mean(recall.to_numpy(), entity, draws)
    )


def _mean(value: Floats, entity: Integers, draws: Draws) -> Floats:
    place = np.zeros(len(value), np.int64)
    total, weight = (draws.sums(place, entity, v, 1)[0] for v in (value, np.ones(len(value))))
    return ratio(total, weight)


def _pairwise(covered: pl.DataFrame, draws: Draws) -> Quality:
    in_persona, in_hand = (_pairs_within(covered, group) for group in ("persona", "hand"))
    proposed, wanted = (_weigh(pairs, draws) for pairs in (in_persona, in_hand))
    both = in_persona.join(in_hand, on=["account_id", "account_id_right"], how="semi")
    return Quality.of_counts(_weigh(both, draws), proposed, wanted)


def _pairs_within(covered: pl.DataFrame, group: str) -> pl.DataFrame:
    sides = covered.select("account_id", "entity", group)
    return sides.join(sides, on=group).filter(pl.col("account_id") < pl.col("account_id_right"))


def _weigh(pairs: pl.DataFrame, draws: Draws) -> Floats:
    sides = (pairs["entity"].to_numpy(), pairs["entity_right"].to_numpy())
    place = np.zeros(pairs.height, np.int64)
    total: Floats = draws.pair_sums(place, sides, np.ones(pairs.height), 1)[0]
    return total


def _false_merges(several: pl.DataFrame, draws: Draws) -> Figure | None:
    merged = pl.col("hand").n_unique().over("persona") > 1
    entities = several.select("persona", "entity", false=merged).unique(maintain_order=True)
    shared = entities.with_columns(part=1 / pl.len().over("persona"))
    entity, part = shared["entity"].to_numpy(), shared["part"].to_numpy()
    place = shared["false"].to_numpy().astype(np.int64)
    right, false = draws.sums(place, entity, part, 2)
    return Figure.of(ratio(false, right + false))
