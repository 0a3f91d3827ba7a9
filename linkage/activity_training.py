"""Training of the activity: what like hours are worth, on authors cut in two by time."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.splitting import TimeSplit, split_by_time, whole_ids
from features.activity import ALIKE_NATS, UNLIKE_NATS, Activity
from features.pairs import Pairs
from linkage.calibration import Scored, cllr, fit_curve, min_cllr
from linkage.model import RELATIONS, BitsSource, Curve, Model, Relation, Weight, applied
from linkage.ratios import Ratio

PER_SIDE = (15, 25, 40, 1_000_000)
"""Posts a side on which bits are measured: some 13, 17 and 23 distinct hours, and all there are."""
AUTHORS_MIN = 60
LIMITS = (-3.0, 4.0)
"""Bits that no curve goes beyond: halves that follow each other share a season and a way of life,
which accounts on two markets need not."""
UNLIKE_BITS = -2.0
"""For the same reason."""
BEYOND: Mapping[Relation, str] = {
    "across": "hours in two places, measured within one forum",
    "forum": "hours on a forum and its market, measured within one forum",
}
MEASURED = (
    "hours of the day (UTC) in which forum authors posted, cut in two by time, 15 posts a side to "
    "all there are, every early side against every late one"
)

Weights = Mapping[str, Mapping[Relation, Weight]]


@dataclass(frozen=True)
class ActivityTraining:
    """What training makes: the weights by level, of how many authors, and the sources it saw."""

    weights: Weights
    author_count: int
    trained_on: tuple[str, ...]


def train_activity(corpus: Corpus, model: Model) -> ActivityTraining:
    """Measure what like and unlike hours are worth.

    Args:
        corpus: as assembled, not cut by time.
        model: gives the bits of `takes_over`, which no forum teaches.

    Raises:
        RefusedInput: too few authors have posts enough with a time of day.
    """
    parts = [_scored(split_by_time(corpus, TimeSplit(n, 2, 0))) for n in PER_SIDE]
    authors = [int(part.same.sum()) for part in parts]
    if min(authors) < AUTHORS_MIN:
        raise RefusedInput(
            f"only {min(authors)} authors have enough posts with a time of day in both halves of "
            f"their time; training needs {AUTHORS_MIN}: add forum posts"
        )
    scored, count = Scored.joined(parts), max(authors)
    curve, text = _alike(scored)
    source = BitsSource(kind="measured", text=text, n=count)
    before = model.rules.weights[Activity.name]
    alike = applied(Weight(curve=curve, source=source), BEYOND)
    both = {r: _raised(curve, before["takes_over"][r], alike[r].source) for r in RELATIONS}
    unlike = {**before["hours_unlike"], "same": _unlike(parts[-1])}
    made = {"hours_alike": alike, "hours_alike_and_takes_over": both, "hours_unlike": unlike}
    used = tuple(sorted(corpus.posts["source_id"].unique()))
    return ActivityTraining({**before, **made}, count, used)


def with_activity(model: Model, training: ActivityTraining) -> Model:
    """The model with other weights of the activity."""
    return model.taught({Activity.name: training.weights}, training.trained_on)


def _alike(scored: Scored) -> tuple[Curve, str]:
    """The curve of hours that are alike, and how it was measured.

    It is fitted within the level, and raised by what reaching the level says.
    """
    level = scored.value >= ALIKE_NATS
    reached = Ratio.of(level, scored.same)
    within = Scored(scored.value[level], scored.count[level], scored.same[level])
    curve = _plus(fit_curve(within, LIMITS), reached.bits)
    bits = np.zeros(len(level))
    bits[level] = curve.bits(within.value.astype(np.float32), within.count.astype(np.int32))
    text = (
        f"{MEASURED}; {reached.same} of {reached.same_pairs} of one hand and {reached.other} of "
        f"{reached.other_pairs} others are alike; with 0 bits for all others Cllr "
        f"{cllr(bits, scored.same):.3f} bits, least possible {min_cllr(bits, scored.same):.3f}"
    )
    return curve, text


def _plus(curve: Curve, bits: float) -> Curve:
    return curve.model_copy(update={"intercept": round(curve.intercept + bits * log(2), 6)})


def _raised(curve: Curve, takes_over: Weight, source: BitsSource) -> Weight:
    bits = takes_over.bits or 0.0
    raised = _plus(curve, bits).model_copy(update={"cap_bits": curve.cap_bits + bits})
    said = f"{source.text}; with {bits:g} bits for who takes over ({takes_over.source.kind})"
    return Weight(curve=raised, source=source.model_copy(update={"text": said}))


def _unlike(scored: Scored) -> Weight:
    ratio = Ratio.of(scored.value <= UNLIKE_NATS, scored.same)
    least, most = ratio.interval_bits
    text = (
        f"{MEASURED}; {ratio.same} of {ratio.same_pairs} of one hand and {ratio.other} of "
        f"{ratio.other_pairs} others are so unlike, {ratio.bits:.1f} bits; held at {UNLIKE_BITS:g}"
        ", since accounts may be years apart"
    )
    source = BitsSource(
        kind="measured", text=text, n=ratio.same_pairs, low=round(least, 2), high=round(most, 2)
    )
    return Weight(bits=max(round(ratio.bits, 1), UNLIKE_BITS), source=source)


def _scored(halves: Corpus) -> Scored:
    feature = Activity()
    traits = feature.read(halves, None)
    early = (halves.accounts["side"] == "early").to_numpy()
    there = traits.profiles.count > 0
    left, right = np.flatnonzero(early & there), np.flatnonzero(~early & there)
    pairs = Pairs.of(np.repeat(left, len(right)), np.tile(right, len(left)))
    outcome = feature.compare(traits, None, pairs)
    whole = whole_ids(halves).rank("dense").to_numpy()
    same = whole[pairs.left] == whole[pairs.right]
    return Scored(outcome.value.astype(np.float64), outcome.count.astype(np.int64), same)
