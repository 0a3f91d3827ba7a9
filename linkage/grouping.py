"""From scored pairs and rulings to personas, what they were grouped by, and how well they hold."""

from dataclasses import dataclass

import polars as pl

from evidence.rulings import Rulings
from linkage.assessment import Assessment
from linkage.bonds import bond_table, for_review, holds_of, join_bits, own_keys
from linkage.crews import possible_crews
from linkage.decided import decided
from linkage.model import Thresholds
from linkage.persona_health import health_of, persona_of
from linkage.personas import group


@dataclass(frozen=True)
class Grouping:
    """The personas of a run.

    Attributes:
        personas: account ids of each, ascending; their ids are the ledger's to give.
        bonds: what they were grouped by, see `run_tables.BONDS`.
        health: of each, in their order: `run_tables.PERSONAS` without the id.
    """

    personas: list[list[str]]
    bonds: pl.DataFrame
    health: pl.DataFrame


def group_accounts(
    assessment: Assessment,
    rulings: Rulings,
    thresholds: Thresholds,
    accounts: pl.DataFrame,
    shown: pl.DataFrame,
) -> Grouping:
    """Group accounts into personas.

    Args:
        assessment: of all pairs that were compared.
        rulings: decisions and public values in force.
        thresholds: the model's.
        accounts: see `run_tables.RUN_ACCOUNTS`.
        shown: see `run_tables.SHOWN`.
    """
    ids, needed = accounts["account_id"], join_bits(thresholds)
    keys = own_keys(shown, rulings.public_values)
    decisions = decided(rulings.decisions, accounts)
    holds = holds_of(assessment, decisions, thresholds, for_review(keys, accounts))
    groups = group(accounts.height, holds.bonds, holds.walls, needed)
    crews = possible_crews(assessment, persona_of(groups, len(ids)), ids, keys, thresholds)
    return Grouping(
        [ids.gather(rows).to_list() for rows in groups],
        bond_table(holds, ids, needed),
        health_of(groups, holds, ids, needed, crews),
    )
