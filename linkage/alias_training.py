"""What like handles are worth: how often chance makes them, and what is judged of one hand.

Different hands: random pairs of real folded handles. A few of them are one hand after all, so what
is counted is the most that chance can be, and what it allows is the most that bits may be. One
hand is judged from the migration literature: pairs known to be one hand are known by their handle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from features.alias import Alias
from features.pairs import Pairs
from linkage.alias_judgement import JUDGED, ON_ONE_MARKET, Judged
from linkage.model import BitsSource, Model, Relation, Weight
from linkage.ratios import interval
from linkage.relations import SAME, relations_of

PAIRS_MOST = 8_000_000
PAIRS_LEAST = 100_000
BLOCK_PAIRS = 1 << 18

Weights = Mapping[str, Mapping[Relation, Weight]]


@dataclass(frozen=True)
class Chance:
    """How often random pairs of handles come out on each level.

    Attributes:
        across: pairs by level, of two markets.
        across_pairs: how many pairs there were.
        same: pairs by level, of one market.
        same_pairs: how many pairs there were.
        trained_on: SHA-256 of the sources of the handles (key blocks come with no new ones).
    """

    across: Mapping[str, int]
    across_pairs: int
    same: Mapping[str, int]
    same_pairs: int
    trained_on: tuple[str, ...]


def count_chance(corpus: Corpus, seed: int = 0) -> Chance:
    """Count the levels of random pairs of accounts: all pairs, or `PAIRS_MOST` of them.

    Raises:
        RefusedInput: there are too few pairs of accounts of two markets.
    """
    feature = Alias()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    pairs = _random_pairs(corpus.account_count, seed)
    blocks = (pairs.take(slice(at, at + BLOCK_PAIRS)) for at in range(0, len(pairs), BLOCK_PAIRS))
    found = [feature.compare(traits, survey, block).level for block in blocks]
    level = np.concatenate([np.empty(0, np.int8), *found])
    here = relations_of(corpus.accounts, pairs) == SAME
    known = level > 0
    if (known & ~here).sum() < PAIRS_LEAST:
        raise RefusedInput(
            f"only {(known & ~here).sum():,} pairs of handles of two markets; measuring chance "
            f"needs {PAIRS_LEAST:,}: add accounts of other markets"
        )
    told = corpus.texts.filter(pl.col("ground") != "key")["source_id"].unique().sort().to_list()
    return Chance(
        _counts(level[known & ~here]),
        int((known & ~here).sum()),
        _counts(level[known & here]),
        int((known & here).sum()),
        tuple(told),
    )


def weights_of(chance: Chance) -> Weights:
    """The weights of every level: what is judged, and no more than chance allows."""
    return {
        level.name: {
            "across": _across(level.name, chance, ""),
            "forum": _across(level.name, chance, "; on a forum and its market as on two markets"),
            "same": _on_one_market(level.name, chance),
        }
        for level in Alias.levels
    }


def with_alias(model: Model, chance: Chance) -> Model:
    """The model with other weights of the handles."""
    return model.taught({Alias.name: weights_of(chance)}, chance.trained_on)


def allowed_bits(share: float, count: int, pairs: int) -> float:
    """Bits of a level with this share among pairs of one hand, if all that is seen is chance."""
    return log2(share / interval(count, pairs)[1])


def _random_pairs(accounts: int, seed: int) -> Pairs:
    if accounts * (accounts - 1) // 2 <= PAIRS_MOST:
        return Pairs.of(*np.triu_indices(accounts, 1))
    rng = np.random.default_rng(seed)
    return Pairs.of(*rng.integers(0, accounts, (2, PAIRS_MOST)))


def _counts(level: NDArray[np.int8]) -> Mapping[str, int]:
    counts = np.bincount(level, minlength=len(Alias.levels) + 1)[1:]
    return dict(zip((known.name for known in Alias.levels), counts.tolist(), strict=True))


def _across(level: str, chance: Chance, added: str) -> Weight:
    judged, count = JUDGED[level], chance.across[level]
    low, high = interval(count, chance.across_pairs)
    allowed = allowed_bits(judged.share, count, chance.across_pairs)
    bits = round(min(judged.bits, allowed), 1)
    text = (
        f"{judged.why}; two hands, measured: {count:,} of {chance.across_pairs:,} pairs of "
        f"handles of two markets, all counted as chance (95 % interval {low * 1e6:.2f} to "
        f"{high * 1e6:.2f} in a million); one hand, judged: {judged.share:.3g}; together no more "
        f"than {allowed:.1f} bits{added}"
    )
    return _elicited(bits, judged, text, chance.across_pairs)


def _on_one_market(level: str, chance: Chance) -> Weight:
    judged = ON_ONE_MARKET[level]
    if judged.bits == 0:
        return Weight(bits=0.0, source=BitsSource(kind="structural", text=judged.why))
    count = chance.same[level]
    text = f"{judged.why}; measured: {count:,} of {chance.same_pairs:,} pairs of one market"
    return _elicited(judged.bits, judged, text, chance.same_pairs)


def _elicited(bits: float, judged: Judged, text: str, pairs: int) -> Weight:
    low, high = bits - judged.range_bits, bits + judged.range_bits
    source = BitsSource(kind="elicited", text=text, n=pairs, low=round(low, 1), high=round(high, 1))
    return Weight(bits=bits, source=source)
