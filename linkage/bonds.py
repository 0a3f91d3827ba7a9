"""What a run's links and people's decisions mean for the grouping of accounts."""

from math import log2

import numpy as np

from features.pairs import Pairs
from linkage.assessment import Assessment
from linkage.bands import COPIES, STRONG
from linkage.decided import Decided
from linkage.model import Thresholds
from linkage.personas import MUST_BITS, Bonds


def bonds_of(assessment: Assessment, decided: Decided, thresholds: Thresholds) -> Bonds:
    """Bits that hold accounts together or apart.

    A `same` link of band strong or proved counts with its bits; a pair that what cannot be copied
    speaks against with its negative bits; a `same` decision outweighs both. A lead counts nothing.
    """
    bits = assessment.scores.total_bits
    firm = assessment.judgement.band >= STRONG
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
