"""What chance alone would propose, counted on decoys."""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.pairs import Pairs, keys_of
from linkage.assessment import Assessment, assess
from linkage.bands import SAME_HAND
from linkage.candidates import Candidates
from linkage.decoys import DecoyReading, Decoys, decoys_of, meetings
from linkage.model import Rulebook
from linkage.q_values import Chance, Floats, wrong_shares
from linkage.readings import Reading, Watch
from linkage.strata import strata_of

FEW_CANDIDATES = 50_000
"""Up to so many every account is the model of a decoy; comparing them takes seconds."""
ACCOUNTS_PER_DECOY = 10
"""With more candidates one account in so many is: a fifth of the work of comparing, or so."""
BLOCK_PAIRS = 262_144
"""Decoy pairs that are compared and judged at a time, so that memory does not grow with them."""


def chance_of(
    corpus: Corpus,
    run: tuple[Candidates, Assessment],
    readings: Sequence[Reading],
    rules: Rulebook,
    watch: Watch,
) -> Chance:
    """Count by decoys what chance would propose.

    Args:
        corpus: what is known, n accounts.
        run: the candidates of the run, and what became of them.
        readings: the features over that corpus.
        rules: the bits and thresholds.
        watch: told how many pairs of account and decoy there were.
    """
    (candidates, assessment), accounts = run, corpus.accounts
    families = tuple(dict.fromkeys(reading.feature.family for reading in readings))
    step = 1 if len(candidates.pairs) <= FEW_CANDIDATES else ACCOUNTS_PER_DECOY
    same = assessment.pairs.take(assessment.judgement.verdict == SAME_HAND)
    decoys = decoys_of(accounts["account_id"], strata_of(corpus), families, step)
    decoys = decoys.take(~_donors_are_linked(decoys, same))
    asked = [DecoyReading(reading, decoys) for reading in readings]
    met = meetings(decoys, candidates, {r.feature.name: r.feature.family for r in readings})
    both = pl.concat([accounts, accounts[decoys.model]])
    bits, links = [np.empty(0)], [np.empty(0)]
    for start in range(0, len(met), BLOCK_PAIRS):
        found = assess(both, asked, rules, met.take(slice(start, start + BLOCK_PAIRS)))
        proposed = found.judgement.verdict == SAME_HAND
        bits.append(found.scores.total_bits[proposed])
        links.append(_by_chance(found.pairs.take(proposed), decoys, assessment))
    watch("compare decoys", len(met))
    scale = accounts.height / max(len(decoys.model), 1) / 2
    return Chance(np.concatenate(bits), scale * np.concatenate(links))


def _by_chance(pairs: Pairs, decoys: Decoys, assessment: Assessment) -> Floats:
    """How likely n accounts are like every donor of their decoys by chance alone, (n,)."""
    by_chance, _ = wrong_shares(assessment.scores)
    known = np.append(assessment.pairs.keys, np.uint64(np.iinfo(np.uint64).max))
    likely = np.append(by_chance, 1.0)
    product = np.ones(len(pairs))
    for family in decoys.donors:
        keys = keys_of(*decoys.given(pairs, family))
        place = np.searchsorted(known, keys)
        product *= np.where(known[place] == keys, likely[place], 1.0)
    return product


def _donors_are_linked(decoys: Decoys, same: Pairs) -> NDArray[np.bool_]:
    """Which decoys (d,) have two donors that are proposed as one hand."""
    linked = [
        np.isin(keys_of(left, right), same.keys)
        for left, right in combinations(decoys.donors.values(), 2)
    ]
    return reduce(np.logical_or, linked, np.zeros(len(decoys.model), np.bool_))
