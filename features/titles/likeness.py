"""The score of two accounts' titles: families, formats and rare strings, held against all rivals.

The sum S is the mean of the standardised families, a share of the formats of amounts, and the
logarithm of the rare strings that both use. A half dual softmax then asks whether it could as well
be another: S + (2 S - log mean exp S over each side's market) / 2. It is the ratio to what the
accounts of the two markets score on average, so it does not grow with their number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.style.grounds import Documents
from features.style.vectors import Floats, Vectors
from features.titles.cosines import cosine_blocks, cosines_of, products_of
from features.titles.families import CHARACTERS_5, FamilyVectors, read_families
from features.titles.formats import format_vectors
from features.titles.markets import Markets
from features.titles.repeats import Repeats, read_repeats
from features.titles.standing import Standing, standing
from features.titles.strings import RareStrings, rare_strings, runs_in
from features.titles.weighting import Weighting

FORMAT_SHARE, STRING_SHARE = 0.3, 0.4
FORMAT_LIMITS = (-3.0, 8.0)
RIVAL_SHARE = 0.5
GRAINS = 2.0**40
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Likeness:
    """What was read of n accounts' titles.

    Attributes:
        documents: the accounts and their titles.
        markets: where they stand.
        families: their vectors, family by family.
        standings: one a family.
        formats: vectors of the forms of amounts, and what each dimension is called.
        format_standing: of these.
        strings: the rare strings.
        rivals: float64 (n, g), log mean exp of the sums S with the cohort of each market.
        repeats: the titles as words, for what stands in two accounts.
    """

    documents: Documents
    markets: Markets
    families: Sequence[FamilyVectors]
    standings: Sequence[Standing]
    formats: Vectors
    format_names: Sequence[str]
    format_standing: Standing
    strings: RareStrings
    rivals: NDArray[np.float64]
    repeats: Repeats

    def parts(self, left: Rows, right: Rows) -> dict[str, Floats]:
        """What each family (p,), the formats and the strings add to the sum S of p pairs."""
        rows, groups = (left, right), (self.markets.group[left], self.markets.group[right])
        share = np.float32(1 / len(self.families))
        parts = {
            family.name: share * at.scores(cosines_of(family.vectors, left, right), rows, groups)
            for family, at in zip(self.families, self.standings, strict=True)
        }
        formats = self.format_standing.scores(cosines_of(self.formats, left, right), rows, groups)
        shared = products_of(self.strings.alone, left, right)
        return {
            **parts,
            "ways to write amounts": _of_formats(formats),
            "strings nobody else uses": self.of_strings(shared, *groups),
        }

    def of_strings(
        self, shared: NDArray[np.float64] | Floats, home: NDArray[np.int32], away: NDArray[np.int32]
    ) -> Floats:
        """What so many shared rare strings add; the rarer among the two markets, the more."""
        sizes = self.markets.sizes
        rarity = np.log((sizes[home] + sizes[away]) / 2)
        return np.asarray(STRING_SHARE * np.log1p(shared * rarity), np.float32)

    def scores(self, left: Rows, right: Rows) -> Floats:
        """The score (p,) of p pairs of documents whose markets are known."""
        raw = np.add.reduce(list(self.parts(left, right).values())).astype(np.float64)
        usual = self.usual(raw, left, right)
        return np.asarray(raw + RIVAL_SHARE * (2 * raw - usual), np.float32)

    def rests(self, left: Rows, right: Rows) -> Floats:
        """How alike (p,) p pairs of documents are in titles that only one of both has.

        Runs of five characters, standardised; NaN where too little is left to one of them.
        """
        names = [family.name for family in self.families]
        at = self.standings[names.index(CHARACTERS_5.name)]
        groups = self.markets.group[left], self.markets.group[right]
        return at.scores(self.repeats.rests(left, right), (left, right), groups)

    def usual(self, raw: NDArray[np.float64], left: Rows, right: Rows) -> NDArray[np.float64]:
        """What both sides (p,) score on the other's market, added, given their own sums."""
        return self._among(raw, left, right) + self._among(raw, right, left)

    def _among(self, raw: NDArray[np.float64], mine: Rows, others: Rows) -> NDArray[np.float64]:
        """What one side scores on the other's market: log mean exp, the other's among it."""
        group = self.markets.group[others]
        usual = self.rivals[mine, group]
        size = self.markets.sizes[group].astype(np.float64)
        with_other = np.logaddexp(usual + np.log1p(-1 / size), raw - np.log(size))
        return np.asarray(np.where(self.markets.drawn[others], usual, with_other))


def read_likeness(
    documents: Documents,
    markets: Markets,
    described: pl.DataFrame,
    weightings: Mapping[str, Weighting],
) -> Likeness:
    """Read the titles of n accounts.

    Args:
        documents: the accounts and their titles.
        markets: where they stand.
        described: runs of words of descriptions: document, run.
        weightings: see `weighting`.
    """
    families = read_families(documents, weightings)
    formats, names = format_vectors(documents)
    titles = documents.texts.select("text").with_columns(document=documents.document)
    runs = pl.concat([runs_in(titles), described]).unique(maintain_order=True)
    read = Likeness(
        documents,
        markets,
        families,
        [standing(family.vectors, markets) for family in families],
        formats,
        names,
        standing(formats, markets, sparse=True),
        rare_strings(runs, markets.group),
        np.zeros((len(documents.accounts), markets.count)),
        read_repeats(documents),
    )
    if markets.count:
        read.rivals[:] = _rivals(read)
    return read


def _of_formats(scores: Floats) -> Floats:
    low, high = FORMAT_LIMITS
    return np.asarray(FORMAT_SHARE * np.clip(scores, low, high), np.float32)


def _rivals(read: Likeness) -> NDArray[np.float64]:
    """Log mean exp (n, g) of each document's sums with the cohort of each market."""
    markets = read.markets
    cohort_groups = markets.group[markets.cohort]
    parts = [np.empty((0, markets.count))]
    vectors = [*(family.vectors for family in read.families), read.formats]
    at = [*read.standings, read.format_standing]
    for blocks in zip(*(cosine_blocks(v, markets) for v in vectors), strict=True):
        start, first = blocks[0]
        mine = np.arange(start, start + len(first))[:, None]
        groups = markets.group[mine], cohort_groups[None]
        scored = [s.block_scores(c, start, markets) for s, (_, c) in zip(at, blocks, strict=True)]
        total = np.add.reduce(scored[:-1]) / np.float32(len(read.families))
        total += np.where(np.isinf(first), np.float32(0), _of_formats(scored[-1]))
        alone = read.strings.alone
        shared = (alone[mine[:, 0]] @ alone[markets.cohort].T).toarray()
        total += read.of_strings(shared, *groups)
        parts.append(_log_mean_exp(total.astype(np.float64), markets))
    return np.concatenate(parts)


def _log_mean_exp(total: NDArray[np.float64], markets: Markets) -> NDArray[np.float64]:
    """Log mean exp of each market's columns; added as integers, so that their order is nothing."""
    found = np.empty((len(total), markets.count))
    for group in range(markets.count):
        part = total[:, markets.bounds[group] : markets.bounds[group + 1]]
        there = np.maximum(np.isfinite(part).sum(axis=1), 1)
        top = part.max(axis=1)
        grains = np.rint(np.exp(part - top[:, None]) * GRAINS).astype(np.int64)
        found[:, group] = top + np.log(grains.sum(axis=1) / GRAINS / there)
    return found
