"""What a pair would be without one of its findings: added up and judged anew.

That is no subtraction: where a finding goes, another of its family may take its place, copying
takes off less, and what lifted the pair to its band, or spoke for `copies`, may be gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import AnyFeature
from linkage.assessment import Assessment, judged
from linkage.bands import BANDS, VERDICTS
from linkage.model import Copying, Relation, Rulebook
from linkage.proposals import named
from linkage.scoring import Scores, add_up

COLUMNS = ("without_bits", "without_verdict", "without_band")


@dataclass(frozen=True)
class PairsSeen:
    """m pairs that people see, what they were scored with, and the rules.

    Attributes:
        scores: of the m pairs.
        relation: int8 (m,).
        features: all that were asked.
        rules: the bits and thresholds.
    """

    scores: Scores
    relation: NDArray[np.int8]
    features: Sequence[AnyFeature]
    rules: Rulebook

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        rows: NDArray[np.intp],
        features: Sequence[AnyFeature],
        rules: Rulebook,
    ) -> "PairsSeen":
        """Chosen rows of an assessment."""
        return cls(assessment.scores.take(rows), assessment.relation[rows], features, rules)

    def without(self, feature: AnyFeature) -> pl.DataFrame:
        """`COLUMNS` (m rows), as if the feature had found nothing; null where it does not count."""
        others = [other for other in self.features if other is not feature]
        counted = pl.Series(self.scores.counted[feature.name])
        found = self._concluded(others, self.rules.copying)
        return found.select(pl.when(counted).then(name).alias(name) for name in COLUMNS)

    def without_copying(self) -> pl.DataFrame:
        """`COLUMNS` (m rows), as if nobody ever copied."""
        nobody = {
            name: rate.model_copy(update={"owners_per_copier": inf})
            for name, rate in self.rules.copying.items()
        }
        return self._concluded(self.features, nobody)

    def _concluded(
        self, features: Sequence[AnyFeature], copying: Mapping[Relation, Copying]
    ) -> pl.DataFrame:
        had = self.scores
        scores = add_up(had.prior_bits, self.relation, had.levels, had.bits, features, copying)
        _, judgement = judged(scores, features, self.rules)
        columns = (
            pl.Series("without_bits", scores.total_bits),
            named("without_verdict", (None, *VERDICTS), judgement.verdict),
            named("without_band", (None, *BANDS), judgement.band),
        )
        return pl.DataFrame(columns)
