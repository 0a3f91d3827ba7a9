"""Two models on one corpus: which links one proposes and the other does not, and why.

Nothing is kept: no run, no persona. Every pair that either model would look at is scored by both;
a pair that a model's own features do not bring together is no link of that model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.public_texts import without_public
from evidence.rulings import Rulings
from features import assemble_features
from features.feature import AnyFeature, Fitted
from features.pairs import Pairs
from linkage.assessment import Assessment, weigh
from linkage.bands import BANDS, COPIES, SAME_HAND
from linkage.candidates import gather
from linkage.copying import NAME as COPYING
from linkage.model import Model
from linkage.readings import Reading, Watch, read, unwatched
from linkage.relations import relations_of
from linkage.scoring import BITS_DECIMALS

PRIOR = "prior"
NOT_PROPOSED, COPIES_CODE = 0, len(BANDS) + 1
STANDINGS = (None, *BANDS, "copies")
"""How a pair stands with a model: not proposed, in a band, or as a copy."""
CHANGES = ("lost", "gained", "changed")
COMPARED = pl.Schema(
    {
        "change": pl.String,
        "left": pl.String,
        "right": pl.String,
        "before": pl.String,
        "after": pl.String,
        "bits_before": pl.Float64,
        "bits_after": pl.Float64,
        "why": pl.String,
    }
)


@dataclass(frozen=True)
class Judge:
    """A model and the features with its fitted parts."""

    model: Model
    features: Sequence[AnyFeature]

    @classmethod
    def of(cls, model: Model) -> "Judge":
        """The model with the features there are."""
        return cls(model, assemble_features(model.fitted))


@dataclass(frozen=True)
class Comparison:
    """What two models propose on one corpus.

    Attributes:
        counts: by standing before and after, how many pairs: before, after, pairs.
        rows: the pairs that stand otherwise, `COMPARED`: lost, gained, then changed; those that
            differ by most bits first.
    """

    counts: pl.DataFrame
    rows: pl.DataFrame


def compare_models(
    corpus: Corpus, rulings: Rulings, before: Judge, after: Judge, watch: Watch = unwatched
) -> Comparison:
    """Score every pair that either model would look at by both, and say what differs.

    Args:
        corpus: what is known.
        rulings: public values link nobody, as in a run; decisions propose nothing.
        before: one model.
        after: the other.
        watch: told after each stage.
    """
    judges = before, after
    readings = _readings(corpus, rulings, judges, watch)
    distinct = {id(reading): reading for some in readings for reading in some}
    met = {number: reading.meet() for number, reading in distinct.items()}
    brought = [gather({r.feature.name: met[id(r)] for r in some}).pairs.keys for some in readings]
    pairs = Pairs.from_keys(np.union1d(*brought))
    watch("meet", len(pairs))
    outcomes = {number: reading.compare(pairs) for number, reading in distinct.items()}
    watch("compare", len(pairs))
    relation = relations_of(corpus.accounts, pairs)

    def weighed(judge: Judge, some: Sequence[Reading]) -> Assessment:
        by_name = {reading.feature.name: outcomes[id(reading)] for reading in some}
        return weigh(pairs, relation, by_name, judge.features, judge.model.rules)

    found = list(map(weighed, judges, readings))
    stands = [
        np.where(np.isin(pairs.keys, own), _standing(one), NOT_PROPOSED)
        for own, one in zip(brought, found, strict=True)
    ]
    same_limits = before.model.rules.thresholds == after.model.rules.thresholds
    otherwise = "one model alone brings them together" if same_limits else "other thresholds"
    return Comparison(_counts(*stands), _rows(corpus, found, stands, otherwise))


def _readings(
    corpus: Corpus, rulings: Rulings, judges: Sequence[Judge], watch: Watch
) -> list[list[Reading]]:
    """A reading by each feature for each judge; one that both have fitted alike is read once."""
    corpus = without_public(corpus, rulings.public_values)
    first = []
    for feature in judges[0].features:
        first.append(read(feature, corpus, rulings.public_values))
        watch(f"read {feature.name}", corpus.account_count)
    known = {reading.feature.name: reading for reading in first}
    fitted = [judge.model.fitted for judge in judges]
    second = [
        known[feature.name]
        if feature.name in known and _equal(*(some.get(feature.name) for some in fitted))
        else read(feature, corpus, rulings.public_values)
        for feature in judges[1].features
    ]
    return [first, second]


def _equal(one: Fitted | None, other: Fitted | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def _standing(assessment: Assessment) -> NDArray[np.int8]:
    """How n pairs stand, as places in `STANDINGS`."""
    judgement = assessment.judgement
    chosen = [judgement.verdict == SAME_HAND, judgement.verdict == COPIES]
    return np.select(chosen, [judgement.band, np.int8(COPIES_CODE)], np.int8(NOT_PROPOSED))


def _counts(before: NDArray[np.int8], after: NDArray[np.int8]) -> pl.DataFrame:
    proposed = (before != NOT_PROPOSED) | (after != NOT_PROPOSED)
    frame = pl.DataFrame({"before": before[proposed], "after": after[proposed]})
    counted = frame.group_by("before", "after").agg(pairs=pl.len()).sort("before", "after")
    return counted.with_columns(_worded("before"), _worded("after"))


def _worded(column: str) -> pl.Expr:
    names = dict(enumerate(STANDINGS))
    return pl.col(column).replace_strict(names, return_dtype=pl.String).fill_null("not proposed")


def _rows(
    corpus: Corpus,
    found: Sequence[Assessment],
    stands: Sequence[NDArray[np.int8]],
    otherwise: str,
) -> pl.DataFrame:
    rows = np.flatnonzero(stands[0] != stands[1])
    names = corpus.accounts["account_id"]
    pairs = found[0].pairs.take(rows)
    bits = [one.scores.total_bits[rows] for one in found]
    was, now = (stand[rows] for stand in stands)
    change = np.select([now == NOT_PROPOSED, was == NOT_PROPOSED], [0, 1], 2)
    frame = pl.DataFrame(
        {
            "change": change,
            "left": names.gather(pairs.left),
            "right": names.gather(pairs.right),
            "before": was,
            "after": now,
            "bits_before": bits[0],
            "bits_after": bits[1],
            "why": _reasons(found, rows, otherwise),
        },
        schema_overrides={"why": pl.String},
    )
    moved = (pl.col("bits_after") - pl.col("bits_before")).abs()
    return (
        frame.sort("change", moved, "left", "right", descending=[False, True, False, False])
        .with_columns(
            pl.col("change").replace_strict(dict(enumerate(CHANGES)), return_dtype=pl.String),
            _worded("before"),
            _worded("after"),
        )
        .cast(COMPARED)
    )


def _reasons(found: Sequence[Assessment], rows: NDArray[np.intp], otherwise: str) -> list[str]:
    """For each of m pairs the terms whose bits differ, the largest difference first."""
    terms = [_terms(one, rows) for one in found]
    names = list(dict.fromkeys([*terms[0], *terms[1]]))
    nothing = np.zeros(len(rows))
    was, now = (np.array([some.get(name, nothing) for name in names]) for some in terms)
    differ = np.round(now - was, BITS_DECIMALS)
    order = np.argsort(-np.abs(differ), axis=0, kind="stable")

    def reason(place: int) -> str:
        moved = [k for k in order[:, place] if differ[k, place]]
        said = [f"{names[k]} {was[k, place]:+.1f} -> {now[k, place]:+.1f}" for k in moved]
        return "; ".join(said) or otherwise

    return [reason(place) for place in range(len(rows))]


def _terms(assessment: Assessment, rows: NDArray[np.intp]) -> Mapping[str, NDArray[np.float64]]:
    """The prior, each feature's counted bits and those of copying, by name (m,)."""
    scores = assessment.scores
    counted = {
        name: np.where(scores.counted[name][rows], np.nan_to_num(bits[rows]), 0.0)
        for name, bits in scores.bits.items()
    }
    return {PRIOR: scores.prior_bits[rows], **counted, COPYING: scores.copying_bits[rows]}
