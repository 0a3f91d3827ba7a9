"""A field of a record as a feature: how alike its values are, and how rare what both have."""

from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from bench.er.benchmarks import CODE, DATE, NAME
from features.feature import Finding, Level, Outcome
from features.neighbours import pairs_sharing
from features.pairs import Pairs

RARE, COMMON = 5, 50
"""Up to so many records bear a value that is rare, or not common."""
BLOCK = 2_000

LEVELS = (
    Level("same_rare", "one value, borne by few records", "free"),
    Level("same_some", "one value, borne by some", "free"),
    Level("same_common", "one value, borne by many", "free"),
    Level("close", "values but for a slip alike", "free"),
    Level("alike", "values with much in common", "free"),
    Level("unlike", "values with little in common", "free", speaks="against"),
)
CLOSE, ALIKE, UNLIKE = 4, 5, 6
LIMITS = {NAME: (0.92, 0.8), DATE: (0.9, 0.8)}
OTHER_LIMITS = (0.85, 0.65)


class Field:
    """Do two records agree in a field? Says what `linkage.scoring` asks of a feature.

    Blind spot: relatives share surnames, neighbours addresses.
    """

    levels: ClassVar[tuple[Level, ...]] = LEVELS

    def __init__(self, name: str, kind: str) -> None:
        self.name = self.family = name
        self.kind = kind

    def compare(self, records: pl.DataFrame, pairs: Pairs) -> Outcome:
        """The outcome of n pairs of records."""
        values = records[self.name]
        code = values.rank("dense").fill_null(0).to_numpy().astype(np.int64)
        holders = np.bincount(code)
        left, right = code[pairs.left], code[pairs.right]
        share = np.where(holders[left] <= RARE, 1, np.where(holders[left] <= COMMON, 2, 3))
        level = np.where(left == right, share, 0)
        unlike = np.flatnonzero((left != right) & (left > 0) & (right > 0))
        level[unlike] = self._likeness(values, pairs.take(unlike))
        level[(left == 0) | (right == 0)] = 0
        nothing = Outcome.nothing(len(pairs))
        return Outcome(level.astype(np.int8), nothing.value, nothing.count)

    def _likeness(self, values: pl.Series, pairs: Pairs) -> NDArray[np.int64]:
        if self.kind == CODE:
            return np.full(len(pairs), UNLIKE)
        scorer = JaroWinkler if self.kind == NAME else DamerauLevenshtein
        texts = values.to_numpy()
        score = process.cpdist(
            texts[pairs.left], texts[pairs.right], scorer=scorer.normalized_similarity, workers=-1
        )
        close, alike = LIMITS.get(self.kind, OTHER_LIMITS)
        return np.select([score >= close, score >= alike], [CLOSE, ALIKE], UNLIKE)

    def explain(self, traits: Any, survey: Any, pair: tuple[int, int]) -> Finding:
        """Which values stand beside each other."""
        del survey
        one, other = (traits[self.name][row] for row in pair)
        return Finding(None, f"{self.name}: {one} and {other}")


def meet(records: pl.DataFrame, rule: tuple[str, ...]) -> Pairs:
    """Records that agree on every field of a rule."""
    rows = records.select(rule).with_row_index("row").drop_nulls()
    if rows.is_empty():
        return Pairs.none()
    key = rows.select(pl.struct(rule).hash(seed=0)).to_series().to_numpy()
    return pairs_sharing(key, rows["row"].to_numpy().astype(np.int64), BLOCK)
