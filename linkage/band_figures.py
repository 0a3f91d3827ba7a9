"""Quality of the proposals: by band, and the outcome of each kind of pair.

Only links between two accounts that the truth names are judged; see `linkage.truth.Known`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from linkage.bands import BANDS
from linkage.bootstrap import Draws, Figure, Floats, Quality
from linkage.truth import Known


@dataclass(frozen=True)
class BandFigure:
    """The `same` links of a band and all bands above it, against the truth."""

    band: str
    proposed_count: int
    """Links that are judged."""
    true_count: int
    """Pairs of one hand, also those of accounts that are not here."""
    precision: Figure | None
    """None where nothing is proposed."""
    recall: Figure | None
    f_half: Figure | None
    """F0.5: precision weighs double."""
    f1: Figure | None

    @property
    def name(self) -> str:
        """The band and those above it, in words."""
        return self.band if self.band == BANDS[-1] else f"{self.band} and above"


def band_figures(links: pl.DataFrame, known: Known, draws: Draws) -> list[BandFigure]:
    """Figures by band, each with the bands above it.

    Args:
        links: a run's links (see `run_tables.LINKS`).
        known: what is known of some accounts.
        draws: of their entities.
    """
    judged = known.judged(links)
    entity = known.same_pairs["entity"].to_numpy()
    wanted = draws.sums(np.zeros_like(entity), entity, np.ones(len(entity)), 1)[0]
    return [_figure(band, judged, wanted, draws) for band in BANDS]


def _figure(band: str, judged: pl.DataFrame, wanted: Floats, draws: Draws) -> BandFigure:
    proposed = judged.filter(pl.col("band").is_in(BANDS[BANDS.index(band) :]))
    sides = (proposed["left_entity"].to_numpy(), proposed["right_entity"].to_numpy())
    true = proposed["true"].to_numpy().astype(np.int64)
    misses, hits = draws.pair_sums(true, sides, np.ones(len(true)), 2)
    found = Quality.of_counts(hits, misses + hits, wanted)
    quality = (found.precision, found.recall, found.f_half, found.f1)
    return BandFigure(band, proposed.height, round(float(wanted[0])), *quality)


def outcomes_by_kind(links: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """For each kind of pair in the truth: same, how many, and how many of each outcome.

    Outcomes are the bands of `same` links, `copies`, and `no link`.
    """
    outcome = pl.when(verdict="same").then("band").otherwise("verdict").alias("outcome")
    found = _unordered(links).select("left", "right", outcome)
    return (
        _unordered(truth)
        .join(found, on=["left", "right"], how="left")
        .with_columns(pl.col("outcome").fill_null("no link"))
        .group_by("kind", "same", "outcome")
        .len("count")
        .sort("kind", "same", "outcome", nulls_last=True)
    )


def _unordered(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(
        left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right")
    )
