"""Training of the writing style: the fit, and what its scores are worth in bits.

Everything is made of the texts of the given accounts, and the bits are measured on authors that
the fit has not seen: they are dealt into folds, each is cut in two by time, and the halves of a
fold are scored by a fit on the others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.selection import keep_accounts
from features.feature import Fitted
from features.style.posts import to_arrays
from features.style.texts import posts_of, prose_of
from features.writing_style import WritingStyle
from linkage.calibration import Scored, cllr, fit_curve, min_cllr
from linkage.listing_training import LISTING_FEATURES, train_listings, with_listings
from linkage.model import RELATIONS, BitsSource, Curve, Model, Relation, Weight, applied
from linkage.post_training import FOLDS, PER_SIDE, cross_scored, fit_posts, gather
from linkage.prose_training import fit_prose, prose_quality, scored_prose

LIMITS = (-6.0, 13.0)
"""Bits that no curve goes beyond: with some 100,000 false pairs more is not established."""

Weights = Mapping[str, Mapping[Relation, Weight]]


@dataclass(frozen=True)
class StyleTraining:
    """What training makes: the fitted arrays, the weights by level, and the sources it saw."""

    fitted: Fitted
    weights: Weights
    trained_on: tuple[str, ...]


def train_style(corpus: Corpus, members: NDArray[np.bool_], seed: int = 0) -> StyleTraining:
    """Train on the texts of some accounts.

    Equal texts and an equal seed give equal bytes on any number of cores.

    Args:
        corpus: the corpus as assembled, not cut by time.
        members: bool (n accounts,), whose posts to use.
        seed: deals the authors into folds and draws the mixtures of the cohort.

    Raises:
        RefusedInput: too few authors have enough posts; the message says how many are needed.
    """
    own = keep_accounts(corpus, members)
    material = gather(posts_of(own))
    by_posts = cross_scored(material, seed)
    fit = fit_posts(material, np.unique(material.author), seed)
    weights = {"posts_compared": _of_posts(by_posts)}
    grounds = ["post"]
    by_prose = scored_prose(prose_of(own), fit)
    if by_prose is not None:
        weights["descriptions_compared"] = _of_prose(by_prose)
        grounds += ["profile", "description"]
    used = own.texts.filter(pl.col("ground").is_in(grounds))["source_id"]
    return StyleTraining(to_arrays(fit), weights, tuple(sorted(used.unique())))


def refit(
    model: Model, corpus: Corpus, members: NDArray[np.bool_], only: Collection[str] | None = None
) -> Model:
    """The model with everything that is fitted made anew from some accounts of a corpus.

    Args:
        model: gives all that is not fitted; a level that these accounts cannot teach keeps its
            weight.
        corpus: the corpus as assembled, not cut by time.
        members: bool (n accounts,), the accounts to fit on.
        only: names of the features that are asked; None is all.
    """
    if only is None or WritingStyle.name in only:
        model = with_style(model, train_style(corpus, members))
    if only is None or not LISTING_FEATURES.isdisjoint(only):
        model = with_listings(model, train_listings(corpus, members))
    return model


def with_style(model: Model, training: StyleTraining) -> Model:
    """The model with another writing style."""
    before = model.rules.weights.get(WritingStyle.name, {})
    weights = {WritingStyle.name: {**before, **training.weights}}
    return model.taught(weights, training.trained_on, {WritingStyle.name: training.fitted})


POSTS_MEASURED = (
    f"posts of forum authors cut in two by time, {PER_SIDE[0]} to {PER_SIDE[-1]} posts a side, "
    f"{FOLDS} folds by author, every early side against every late one"
)

PROSE_MEASURED = (
    "profiles and descriptions of accounts cut in two, a half against every other account's; no "
    "truth across markets was used; an upper bound, kept within limits"
)


POSTS_BEYOND: Mapping[Relation, str] = {
    "across": "posts of two places, measured within one forum",
    "forum": "posts of a forum and its market, measured within one forum",
}
PROSE_BEYOND: Mapping[Relation, str] = dict.fromkeys(
    RELATIONS, "profiles and descriptions of two accounts, measured on halves of one"
)


def _of_posts(scored: Scored) -> Mapping[Relation, Weight]:
    curve = fit_curve(scored, LIMITS)
    bits = curve.bits(scored.value.astype(np.float32), scored.count.astype(np.int32))
    cost, least = cllr(bits, scored.same), min_cllr(bits, scored.same)
    quality = f"Cllr {cost:.3f} bits, least possible {least:.3f}"
    return _weight(curve, scored, f"{POSTS_MEASURED}; {quality}", POSTS_BEYOND)


def _of_prose(scored: Scored) -> Mapping[Relation, Weight]:
    text = f"{PROSE_MEASURED}; {prose_quality(scored)}"
    return _weight(fit_prose(scored), scored, text, PROSE_BEYOND)


def _weight(
    curve: Curve, scored: Scored, text: str, beyond: Mapping[Relation, str]
) -> Mapping[Relation, Weight]:
    source = BitsSource(kind="measured", text=text, n=int(scored.same.sum()))
    return applied(Weight(curve=curve, source=source), beyond)
