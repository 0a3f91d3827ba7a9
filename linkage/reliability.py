"""Are proposals as often right as they say? Stated against true share, by bin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from linkage.bootstrap import Draws, Figure, Floats, Integers, ratio
from linkage.truth import Known

BIN_LINKS = 30
"""A bin holds at least so many links, where there are so many."""
BINS_MAX = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Links of about one stated probability."""

    link_count: int
    stated: Figure | None
    """Mean of their probabilities."""
    true_share: Figure | None
    """Share of them that is of one hand."""
    gap: Figure | None
    """Stated minus true: above 0 they promise too much."""


@dataclass(frozen=True)
class Reliability:
    """All judged `same` links, and bins of them by rising probability."""

    overall: ReliabilityBin
    bins: Sequence[ReliabilityBin]
    weighted_error: float | None
    """How far stated and true share of a link's bin are apart, averaged over links."""

    @property
    def is_thin(self) -> bool:
        """Whether there are too few links for a full bin."""
        return self.overall.link_count < BIN_LINKS


def reliability(links: pl.DataFrame, known: Known, draws: Draws) -> Reliability:
    """Compare probabilities with the truth (a reliability diagram: Murphy & Winkler 1977).

    The bins hold equally many links, `BIN_LINKS` or more: at most `BINS_MAX` of them, and a single
    one where there are fewer links than that.

    Args:
        links: a run's links (see `run_tables.LINKS`).
        known: what is known of some accounts.
        draws: of their entities.
    """
    judged = known.judged(links).sort("probability", "left", "right")
    count = max(1, min(BINS_MAX, judged.height // BIN_LINKS))
    parts = np.array_split(np.arange(judged.height), count)
    place = np.repeat(np.arange(count), [len(part) for part in parts])
    stated, true, weight = (
        _sums(judged, place, value, (draws, count))
        for value in (judged["probability"], judged["true"], pl.Series(np.ones(judged.height)))
    )
    bins = [
        _bin(len(part), stated[number], true[number], weight[number])
        for number, part in enumerate(parts)
    ]
    overall = _bin(judged.height, stated.sum(axis=0), true.sum(axis=0), weight.sum(axis=0))
    return Reliability(overall, bins, _weighted_error(bins))


def _sums(
    judged: pl.DataFrame, place: Integers, value: pl.Series, over: tuple[Draws, int]
) -> Floats:
    draws, count = over
    sides = (judged["left_entity"].to_numpy(), judged["right_entity"].to_numpy())
    return draws.pair_sums(place, sides, value.cast(pl.Float64).to_numpy(), count)


def _weighted_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015)."""
    off = [(part.link_count, abs(part.gap.value)) for part in bins if part.gap is not None]
    count = sum(links for links, _ in off)
    return sum(links * gap for links, gap in off) / count if count else None


def _bin(link_count: int, stated: Floats, true: Floats, weight: Floats) -> ReliabilityBin:
    return ReliabilityBin(
        link_count,
        Figure.of(ratio(stated, weight)),
        Figure.of(ratio(true, weight)),
        Figure.of(ratio(stated - true, weight)),
    )
