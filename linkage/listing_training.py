"""Training on listings: the weights of titles, and what likeness of titles is worth in bits.

Bits are measured on accounts whose titles are cut in two and found again. No truth is needed, so
none that an evaluation uses enters. The halves of one account are more alike than two accounts of
one hand, while false pairs are what they are elsewhere: the bits err on the careful side, and false
pairs with many bits stay as rare as they claim to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.selection import keep_accounts
from features.feature import Fitted
from features.listing_text import ListingText
from features.style.counts import count
from features.style.grounds import Documents, GroundTrait
from features.style.texts import titles_of, without_copied_lines
from features.titles.families import TITLES_MIN, WEIGHTED_FAMILIES, survey_titles, title_families
from features.titles.weighting import Weighting, fit_weighting, to_arrays
from linkage.calibration import Scored, cllr, fit_curve, min_cllr
from linkage.model import RELATIONS, BitsSource, Curve, Model, Relation, Weight

LIMITS = (-6.0, 13.0)
ACCOUNTS_MIN, ACCOUNTS_MAX = 100, 600
PART_TITLES = 5
MEASURED = (
    "titles of listings cut in two by time, an account against every other; no truth across "
    "markets was used"
)


@dataclass(frozen=True)
class ListingTraining:
    """What training makes: the fitted arrays, the weights by level, and the sources it saw."""

    fitted: Fitted
    weights: Mapping[str, Mapping[Relation, Weight]]
    trained_on: tuple[str, ...]


def train_listings(corpus: Corpus, members: NDArray[np.bool_]) -> ListingTraining | None:
    """Train on the titles of some accounts; None where fewer than `ACCOUNTS_MIN` have enough.

    Args:
        corpus: the corpus as assembled.
        members: bool (n accounts,), whose listings to use.
    """
    titles = titles_of(keep_accounts(corpus, members))
    halves = Documents.of(_halves(titles), TITLES_MIN, 1)
    first, second = _partners(halves)
    if len(first) < ACCOUNTS_MIN:
        return None
    weightings = _weightings(titles)
    scored = _scored(halves, (first, second), weightings)
    curve = fit_curve(scored, LIMITS, by_count=False)
    weights = {"titles_compared": _weight(curve, scored)}
    return ListingTraining(
        to_arrays(weightings), weights, tuple(sorted(titles["source_id"].unique()))
    )


def with_listings(model: Model, training: ListingTraining | None) -> Model:
    """The model with what was trained on listings; as it is where there was too little."""
    if training is None:
        return model
    weights = {**model.rules.weights, ListingText.name: training.weights}
    sources = tuple(sorted({*model.rules.trained_on, *training.trained_on}))
    rules = model.rules.model_copy(update={"weights": weights, "trained_on": sources})
    return replace(model, rules=rules, fitted={**model.fitted, ListingText.name: training.fitted})


def _weightings(titles: pl.DataFrame) -> dict[str, Weighting]:
    """The weights of the families that have some, from parts of `PART_TITLES` of an account."""
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("account")
    part_key = pl.struct("account", place // PART_TITLES).rank("dense").cast(pl.Int64) - 1
    owner = titles.select(part=part_key, account="account").unique().sort("part")
    part = titles.select(part_key).to_series().to_numpy()
    _, account = np.unique(owner["account"].to_numpy(), return_inverse=True)
    return {
        family.name: fit_weighting(count(titles["text"], part, family), account.astype(np.int64))
        for family in WEIGHTED_FAMILIES
    }


def _scored(
    halves: Documents,
    partners: tuple[NDArray[np.intp], NDArray[np.intp]],
    weightings: Mapping[str, Weighting],
) -> Scored:
    """First halves of accounts' titles scored against second halves."""
    trait = GroundTrait(halves, title_families(halves, survey_titles(halves), weightings))
    chosen = np.unique(np.linspace(0, len(partners[0]) - 1, ACCOUNTS_MAX).astype(np.intp))
    first, second = partners[0][chosen], partners[1][chosen]
    left, right = np.divmod(np.arange(len(first) ** 2), len(first))
    value = trait.scores(first[left], second[right]).astype(np.float64)
    amount = np.minimum(halves.characters[first[left]], halves.characters[second[right]])
    return Scored(value, amount, left == right)


def _halves(titles: pl.DataFrame) -> pl.DataFrame:
    """Each account's titles as two accounts: 2a and 2a + 1, in order of time."""
    place, count = pl.int_range(pl.len()).over("account"), pl.len().over("account")
    late = (place >= count // 2).cast(pl.UInt32)
    halves = titles.with_columns(account=pl.col("account") * 2 + late)
    own = without_copied_lines(halves)
    return own.filter(pl.col("text").str.len_chars() > 0).sort("account", maintain_order=True)


def _partners(halves: Documents) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The documents of which both halves are there."""
    both = np.isin(halves.accounts ^ 1, halves.accounts)
    rows = np.flatnonzero(both)
    return rows[::2], rows[1::2]


def _weight(curve: Curve, scored: Scored) -> Mapping[Relation, Weight]:
    bits = curve.bits(scored.value.astype(np.float32), scored.count.astype(np.int32))
    least = min_cllr(bits, scored.same)
    text = f"{MEASURED}; Cllr {cllr(bits, scored.same):.3f} bits, least possible {least:.3f}"
    source = BitsSource(kind="measured", text=text, n=int(scored.same.sum()))
    return dict.fromkeys(RELATIONS, Weight(curve=curve, source=source))
