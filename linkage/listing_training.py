"""Training on listings: the weights of titles, and what listing features are worth in bits.

Bits are measured on accounts of one handle (case folded) on two markets, the handle hidden in every
text: silver, for a handle may be an impostor's. The others are pairs of accounts on two markets;
who shows a same title under an unlike handle is neither. Where too few such handles are known, as
in an evaluation that leaves them out, accounts are cut in two and found again, which errs on the
side of many bits; what that cannot teach is worth nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.selection import keep_accounts
from features.feature import Fitted
from features.listing_text import ALIKE, COMPARED, REPEATED, TAKEN, ListingText
from features.product_mix import ProductMix
from features.shipping import Shipping
from features.style.counts import count
from features.titles.families import WEIGHED_FAMILIES
from features.titles.texts import cut_alike, titles_of
from features.titles.weighting import Weighting, fit_weighting, to_arrays
from linkage.calibration import Scored, cllr, fit_curve, min_cllr, shrunk
from linkage.listing_pairs import Known, halves_scored, known_pairs, scored, unlike_rests
from linkage.model import BitsSource, Curve, Model, Relation, Weight, applied
from linkage.ratios import Ratio

LISTING_FEATURES = frozenset({ListingText.name, Shipping.name, ProductMix.name})
ACCOUNTS_MIN = 100
SILVER_MIN = 20
PART_TITLES = 5
TEXT_LIMITS, SHIPPING_LIMITS, MIX_LIMITS = (-6.0, 10.0), (-3.0, 5.0), (-3.0, 3.0)
"""Floor and cap. Titles can be copied: at their cap they are no lead by themselves."""

TEXT_KNEE = 8.0
"""Where the scale of titles turns logarithmic. Of strangers who sell in one year some are alike in
any amount, being of one trade: from a score of 10 on more of it says little more. Of markets years
apart it does. Knees from 4 on cost the same on the pairs there are; this one keeps between both."""

ALIKE_CAP = 15.0
"""The cap where titles are alike that do not stand word for word in both: beyond a score of 18 are
13 of 76 pairs of one hand, and 1 of 865,470 of others."""

SAME_LIMITS = (-3.0, 3.0)
SILVER = "accounts of one handle on two markets, the handle hidden, against pairs of two markets"
BEYOND: Mapping[Relation, str] = {
    "same": "listings of one market, measured between two markets",
    "forum": "listings of a forum and its market, measured between two markets",
}
GUESSED = (
    "half of what it is worth across markets, as accounts of one market share its templates and "
    "customs; nothing known to be one hand there was measured"
)
HALVES = "titles of accounts cut in two by time, one half against every other"

Weights = Mapping[str, Mapping[Relation, Weight]]


@dataclass(frozen=True)
class ListingTraining:
    """What training makes: the fitted arrays, weights by feature and level, and what it saw."""

    fitted: Fitted
    weights: Mapping[str, Weights]
    trained_on: tuple[str, ...]


def train_listings(corpus: Corpus, members: NDArray[np.bool_]) -> ListingTraining | None:
    """Train on the listings of some accounts; None where fewer than `ACCOUNTS_MIN` have titles.

    Args:
        corpus: the corpus as assembled.
        members: bool (n accounts,), whose listings to use.
    """
    own = keep_accounts(corpus, members)
    titles = cut_alike(titles_of(own))
    if titles["account"].n_unique() < ACCOUNTS_MIN:
        return None
    weightings = weightings_of(titles)
    known = known_pairs(own, titles)
    if known.same.sum() >= SILVER_MIN:
        weights = _by_silver(own, known, weightings)
    else:
        weights = _by_halves(titles, own, weightings)
    sources = tuple(sorted(own.listings["source_id"].unique()))
    return ListingTraining(to_arrays(weightings), weights, sources)


def with_listings(model: Model, training: ListingTraining | None) -> Model:
    """The model with what was trained on listings; as it is where there was too little."""
    if training is None:
        return model
    fitted = {ListingText.name: training.fitted}
    return model.taught(training.weights, training.trained_on, fitted)


def weightings_of(titles: pl.DataFrame) -> dict[str, Weighting]:
    """The weights of the families that have some, from parts of `PART_TITLES` of an account."""
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("account")
    parts = titles.select("account", place=place // PART_TITLES).with_columns(
        fresh=(pl.struct("account", "place") != pl.struct("account", "place").shift(1))
    )
    part = parts["fresh"].fill_null(value=False).cast(pl.Int64).cum_sum().to_numpy()
    owner = parts["account"].to_numpy()[np.flatnonzero(np.diff(part, prepend=-1))]
    _, account = np.unique(owner, return_inverse=True)
    return {
        family.name: fit_weighting(count(titles["text"], part, family), account.astype(np.int64))
        for family in WEIGHED_FAMILIES
    }


def _by_silver(
    corpus: Corpus, known: Known, weightings: Mapping[str, Weighting]
) -> dict[str, Weights]:
    """Weights of all three features; of shipping what it adds to titles."""
    text, shipping, mix = (
        scored(feature, corpus, known)
        for feature in (ListingText(weightings), Shipping(), ProductMix())
    )
    of_text = fit_curve(text.there, TEXT_LIMITS, by_count=False, knee=TEXT_KNEE)
    alone = fit_curve(shipping.there, SHIPPING_LIMITS, by_count=False)
    given = shrunk(alone, shipping.beside(text))
    of_mix = fit_curve(mix.there, MIX_LIMITS, by_count=False)
    return {
        ListingText.name: {
            **_of_compared(of_text, text.there, SILVER),
            REPEATED: _of_repeated(unlike_rests(ListingText(weightings), corpus, known)),
        },
        Shipping.name: {
            "origins_compared": _weight(given, shipping.there, f"{SILVER}; as they add to titles")
        },
        ProductMix.name: {"products_compared": _weight(of_mix, mix.there, SILVER)},
    }


def _by_halves(
    titles: pl.DataFrame, corpus: Corpus, weightings: Mapping[str, Weighting]
) -> dict[str, Weights]:
    """The weight of titles alone, as an upper bound; the other features are worth nothing."""
    halves = halves_scored(titles, corpus.accounts, weightings)
    curve = fit_curve(halves, TEXT_LIMITS, by_count=False, knee=TEXT_KNEE)
    weights = _of_compared(curve, halves, HALVES)
    return {ListingText.name: weights, Shipping.name: {}, ProductMix.name: {}}


def _of_compared(curve: Curve, measured: Scored, text: str) -> Weights:
    """The weights of all levels at which titles are as alike as they are; only the cap differs."""
    weight = _weight(curve, measured, text)
    more = _weight(curve.model_copy(update={"cap_bits": ALIKE_CAP}), measured, text)
    return {COMPARED: weight, ALIKE: more, TAKEN: weight}


def _of_repeated(ratio: Ratio) -> Mapping[Relation, Weight]:
    """What repeated titles beside unlike ones are worth: the middle of what was measured.

    In one hand it is so rare that a count of 0 is likely, and says little more than its interval.
    """
    low, high = ratio.interval_bits
    measured = BitsSource(
        kind="measured",
        text=f"{SILVER}: titles that only one of both has were unlike in {ratio.same} of "
        f"{ratio.same_pairs} pairs of one hand that repeat others word for word, and in "
        f"{ratio.other:,} of {ratio.other_pairs:,} pairs of others",
        n=ratio.same_pairs,
        low=round(low, 2),
        high=round(high, 2),
    )
    bits = round(min((low + high) / 2, 0.0), 1)
    guessed = BitsSource(kind="elicited", text=GUESSED, low=bits, high=0.0)
    weak = applied(Weight(bits=round(bits / 2, 1), source=guessed), BEYOND)
    return {**weak, "across": Weight(bits=bits, source=measured)}


def _scaled(curve: Curve, share: float) -> Curve:
    return curve.model_copy(
        update={"intercept": curve.intercept * share, "value": curve.value * share}
    )


def _weight(curve: Curve, measured: Scored, text: str) -> Mapping[Relation, Weight]:
    bits = curve.bits(measured.value.astype(np.float32), measured.count.astype(np.int32))
    cost, least = cllr(bits, measured.same), min_cllr(bits, measured.same)
    text = f"{text}; Cllr {cost:.3f} bits, least possible {least:.3f}"
    source = BitsSource(kind="measured", text=text, n=int(measured.same.sum()))
    low, high = max(SAME_LIMITS[0], curve.floor_bits), min(SAME_LIMITS[1], curve.cap_bits)
    modest = _scaled(curve, 0.5).model_copy(update={"floor_bits": low, "cap_bits": high})
    guessed = BitsSource(kind="elicited", text=GUESSED, low=low, high=high)
    weak = applied(Weight(curve=modest, source=guessed), BEYOND)
    return {**weak, "across": Weight(curve=curve, source=source)}
