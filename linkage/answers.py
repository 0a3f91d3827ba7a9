"""What a measurement found, put together from scored tasks and from what a run would propose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.splitting import whole_ids
from linkage.ablation import FeatureFigures
from linkage.band_figures import BandFigure, band_figures, outcomes_by_kind
from linkage.bootstrap import Draws
from linkage.candidate_members import groups_with_candidates
from linkage.evaluation import ScoredTask
from linkage.persona_figures import PersonaFigures, persona_figures
from linkage.pipeline import Linked
from linkage.ranking import RankingFigures, ScoredTrial, figures, joined
from linkage.reliability import Reliability, reliability
from linkage.truth import Known

ENOUGH_PAIRS = 5
"""Of market pairs with so many pairs of one hand, figures are pooled by themselves as well."""


@dataclass(frozen=True)
class Answer:
    """Figures by task and over all; where a truth was given, those of links and personas too."""

    by_task: Mapping[str, RankingFigures]
    pooled: RankingFigures | None
    pooled_enough: RankingFigures | None
    """Over the market pairs with `ENOUGH_PAIRS`; None where these are all, or none."""
    scored: Sequence[ScoredTask]
    corpus: Corpus
    """Whose rows `scored` names."""
    entity_count: int
    """How many entities the intervals draw from."""
    bands: Sequence[BandFigure] = ()
    kinds: pl.DataFrame | None = None
    personas: PersonaFigures | None = None
    personas_with_leads: PersonaFigures | None = None
    """As if every candidate were a member, see `linkage.candidate_members`."""
    reliability: Reliability | None = None
    training_account_counts: Sequence[int] = ()
    """With folds: how many accounts each refitted model was fitted on."""
    truth_pair_count: int = 0
    absent_pair_count: int = 0
    """Pairs of the truth that name an account which is not here."""
    by_feature: Mapping[str, FeatureFigures] = field(default_factory=dict)
    """Each feature alone, and all but it; empty where that was not asked for."""

    @cached_property
    def scores(self) -> pl.DataFrame:
        """Every scored pair with the bits of each feature; the left side asked, or is early."""
        tables = [_score_table(self.corpus, task) for task in self.scored]
        return pl.concat(tables) if tables else pl.DataFrame()


def answer_of(
    corpus: Corpus,
    scored: Sequence[ScoredTask],
    entity: NDArray[np.int64],
    draws: Draws,
    name: str | None = None,
) -> Answer:
    """Figures of scored tasks: one row for all of them under one name, or a row a market pair.

    Args:
        corpus: whose rows the tasks name.
        scored: the tasks.
        entity: (accounts,), the number of each account's entity among those drawn.
        draws: of these entities.
        name: of the one row.
    """
    rows: dict[str, list[ScoredTrial]] = {}
    for number, task in enumerate(scored):
        row = name or " / ".join(sorted(task.task.markets))
        rows.setdefault(row, []).append(task.trial(number * corpus.account_count, entity))
    trials = {row: joined(parts) for row, parts in rows.items()}
    by_task = {row: figures([trial], draws) for row, trial in trials.items()}
    larger = [row for row in trials if by_task[row].partner_count >= ENOUGH_PAIRS]

    def pooled(names: Sequence[str]) -> RankingFigures:
        alone = by_task[names[0]]
        return alone if len(names) == 1 else figures([trials[name] for name in names], draws)

    return Answer(
        by_task,
        pooled(list(trials)) if trials else None,
        pooled(larger) if 0 < len(larger) < len(trials) else None,
        scored,
        corpus,
        len(draws.weights),
    )


def judged_run(
    answer: Answer, linked: Linked, truth: pl.DataFrame, known: Known, draws: Draws
) -> Answer:
    """The answer with the figures of the links and personas that a run proposes.

    Args:
        answer: the rankings.
        linked: the run.
        truth: see `linkage.truth.read_truth`.
        known: the same, put together.
        draws: of the entities of `known`.
    """
    links = linked.tables["links"]
    groups = groups_with_candidates(links, linked.personas)
    absent = known.accounts.filter(~pl.col("here"))["account_id"].implode()
    missing = truth.filter(pl.col("left").is_in(absent) | pl.col("right").is_in(absent))
    return replace(
        answer,
        bands=band_figures(links, known, draws),
        kinds=outcomes_by_kind(links, truth),
        personas=persona_figures(linked.personas, known, draws),
        personas_with_leads=persona_figures(groups, known, draws),
        reliability=reliability(links, known, draws),
        truth_pair_count=truth.height,
        absent_pair_count=missing.height,
    )


def _score_table(corpus: Corpus, scored: ScoredTask) -> pl.DataFrame:
    market = corpus.accounts["market"]
    shown = whole_ids(corpus).str.splitn(":", 2).struct.field("field_1")
    left, right = pl.Series(scored.left), pl.Series(scored.right)
    return pl.DataFrame(
        {
            "left_market": market.gather(left),
            "left_handle": shown.gather(left),
            "right_market": market.gather(right),
            "right_handle": shown.gather(right),
            "total_bits": scored.scores.total_bits,
            "copying_bits": scored.scores.copying_bits,
            **{f"{name}_bits": bits for name, bits in scored.scores.bits.items()},
        }
    ).with_columns(pl.selectors.ends_with("_bits").fill_nan(None))
