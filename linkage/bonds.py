"""What a run's links and people's decisions mean for the grouping of accounts."""

from math import log2

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.pairs import Pairs
from linkage.assessment import Assessment
from linkage.bands import COPIES, STRONG
from linkage.decided import Decided
from linkage.model import Thresholds
from linkage.personas import MUST_BITS, Bonds

SEVERAL_KEYS = 2


def for_review(
    shown: pl.DataFrame, public_values: pl.DataFrame, accounts: pl.DataFrame
) -> NDArray[np.bool_]:
    """Which of n accounts show several foreign keys, bool (n,): keys that others proved to hold.

    Args:
        shown: see `run_tables.SHOWN`.
        public_values: in force; they are nobody's.
        accounts: see `run_tables.RUN_ACCOUNTS`.
    """
    keys = shown.filter(pl.col("kind") == "key").join(
        public_values, on=["kind", "value"], how="anti"
    )
    held = keys.filter("proved")["value"].unique().implode()
    foreign = keys.filter(~pl.col("proved") & pl.col("value").is_in(held))
    counts = foreign.group_by("account_id").agg(keys=pl.col("value").n_unique())
    several = counts.filter(pl.col("keys") >= SEVERAL_KEYS)["account_id"]
    return accounts["account_id"].is_in(several.implode()).to_numpy()


def bonds_of(
    assessment: Assessment,
    decided: Decided,
    thresholds: Thresholds,
    in_review: NDArray[np.bool_],
) -> Bonds:
    """Bits that hold accounts together or apart.

    A `same` link of band strong or proved counts with its bits, unless one side is `in_review`
    (bool, an account each, see `for_review`); a pair that what cannot be copied speaks against with
    its negative bits; a `same` decision outweighs both. A lead counts nothing.
    """
    bits = assessment.scores.total_bits
    waiting = in_review[assessment.pairs.left] | in_review[assessment.pairs.right]
    firm = (assessment.judgement.band >= STRONG) & ~waiting
    against = assessment.standing.hard_against_bits <= -thresholds.copies_against_bits
    speaks = firm | (against & (bits < 0))
    pairs = assessment.pairs.take(speaks)
    keys = np.union1d(pairs.keys, decided.same.keys)
    bond_bits = np.zeros(len(keys))
    bond_bits[np.searchsorted(keys, pairs.keys)] = bits[speaks]
    bond_bits[np.searchsorted(keys, decided.same.keys)] = MUST_BITS
    return Bonds(Pairs.from_keys(keys), bond_bits)


def walls_of(assessment: Assessment, decided: Decided) -> Pairs:
    """Pairs that may not stand in one persona: ruled different, or one copies the other.

    A person who rules two accounts the same overrules the machine's `copies`.
    """
    copies = assessment.pairs.take(assessment.judgement.verdict == COPIES)
    copies_keys = np.setdiff1d(copies.keys, decided.same.keys)
    return Pairs.from_keys(np.union1d(copies_keys, decided.different.keys))


def join_bits(thresholds: Thresholds) -> float:
    """Mean bits from which on two groups are one: the odds a strong link needs."""
    return log2(thresholds.strong_probability / (1 - thresholds.strong_probability))
