"""A reading: one feature with what it surveyed and read from one corpus, ready to be asked."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.rulings import PUBLIC_VALUES
from features.feature import AnyFeature, Finding, Outcome
from features.pairs import Pairs
from linkage.public_values import share_only_public, values_shown, without_evidence_for

BLOCK_PAIRS = 65_536
"""How many pairs are compared at a time, so that memory does not grow with their number."""


@dataclass(frozen=True)
class Reading:
    """One feature over one corpus; `public` are the values that people ruled to link nobody."""

    feature: AnyFeature
    survey: Any
    traits: Any
    public: pl.DataFrame

    @cached_property
    def shown(self) -> pl.DataFrame:
        """Which account shows which value: kind, value, account, proved."""
        return values_shown(self.feature.shown(self.traits))

    def meet(self) -> Pairs:
        """Pairs that this feature alone would look at."""
        return self.feature.meet(self.traits, self.survey)

    def compare(self, pairs: Pairs) -> Outcome:
        """The outcome of n pairs, in blocks; what rests on public values alone is nothing."""
        blocks = [
            self._compare(pairs.take(slice(start, start + BLOCK_PAIRS)))
            for start in range(0, len(pairs), BLOCK_PAIRS)
        ]
        parts = [Outcome.nothing(0), *blocks]
        return Outcome(
            np.concatenate([part.level for part in parts]),
            np.concatenate([part.value for part in parts]),
            np.concatenate([part.count for part in parts]),
        )

    def explain(self, pair: tuple[int, int]) -> Finding:
        """The finding on one pair (left < right), for people."""
        finding = self.feature.explain(self.traits, self.survey, pair)
        if finding.level is None or not self._silenced(Pairs.of([pair[0]], [pair[1]])).any():
            return finding
        return Finding(None, f"only shared values that people ruled public ({finding.sentence})")

    def _compare(self, pairs: Pairs) -> Outcome:
        outcome = self.feature.compare(self.traits, self.survey, pairs)
        speaks = [level.speaks for level in self.feature.levels]
        return without_evidence_for(outcome, speaks, self._silenced(pairs))

    def _silenced(self, pairs: Pairs) -> NDArray[np.bool_]:
        if self.public.is_empty():
            return np.zeros(len(pairs), np.bool_)
        return share_only_public(pairs, self.shown, self.public)


def read(feature: AnyFeature, corpus: Corpus, public: pl.DataFrame | None = None) -> Reading:
    """Survey and read a corpus with one feature.

    Args:
        feature: the feature.
        corpus: the corpus.
        public: public values in force (see `evidence.rulings.PUBLIC_VALUES`); none by default.
    """
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    return Reading(feature, survey, traits, PUBLIC_VALUES.empty() if public is None else public)
