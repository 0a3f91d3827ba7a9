"""Quality of the proposals: precision, recall and F1 by band, and the outcome of each kind of pair.

Only accounts that the truth names are judged; of their pairs, those it does not list count as
different hands.
"""

from dataclasses import dataclass

import polars as pl

BANDS = ("lead", "strong", "proved")


@dataclass(frozen=True)
class BandFigure:
    """The `same` links of a band and all bands above it, against the truth."""

    band: str
    proposed_count: int
    true_count: int
    precision: float | None
    """None where nothing is proposed."""
    recall: float | None
    f1: float | None


def band_figures(links: pl.DataFrame, truth: pl.DataFrame) -> list[BandFigure]:
    """Figures by band, each with the bands above it.

    Args:
        links: a run's links (see `run_tables.LINKS`).
        truth: see `linkage.truth.read_truth`.
    """
    same = _unordered(truth.filter("same")).select("left", "right").unique()
    named = pl.concat([truth["left"], truth["right"]]).unique().implode()
    judged = _unordered(links.filter(verdict="same")).filter(
        pl.col("left").is_in(named) & pl.col("right").is_in(named)
    )
    return [_figure(band, judged, same) for band in BANDS]


def _figure(band: str, judged: pl.DataFrame, same: pl.DataFrame) -> BandFigure:
    proposed = judged.filter(pl.col("band").is_in(BANDS[BANDS.index(band) :]))
    hits = proposed.join(same, on=["left", "right"], how="semi").height
    precision = hits / proposed.height if proposed.height else None
    recall = hits / same.height if same.height else None
    f1 = 2 * hits / (proposed.height + same.height) if proposed.height + same.height else None
    return BandFigure(band, proposed.height, same.height, precision, recall, f1)


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
