"""Evidence as rows: what every feature found on each link, in bits and in words."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import AnyFeature, Citation, Finding, Highlight
from linkage import copying
from linkage.assessment import Assessment
from linkage.model import RELATIONS, Copying, Rulebook, Shrink, Weight
from linkage.proposals import named
from linkage.readings import Reading, Watch, unwatched
from linkage.run_tables import EVIDENCE
from linkage.scoring import BITS_DECIMALS
from linkage.without import COLUMNS as WITHOUT
from linkage.without import PairsSeen

LIST_COLUMNS: Mapping[str, pl.Struct] = {
    name: dtype.inner
    for name, dtype in EVIDENCE.schema.items()
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)
}
UNWEIGHTED = "structural: the model gives this level no bits here"


def evidence_of(
    assessment: Assessment,
    rows: NDArray[np.intp],
    link_ids: pl.Series,
    readings: Sequence[Reading],
    rules: Rulebook,
    watch: Watch = unwatched,
) -> pl.DataFrame:
    """What every feature found on m chosen pairs, gaps alike, see `run_tables.EVIDENCE`.

    Args:
        assessment: of all pairs.
        rows: int (m,), which of them.
        link_ids: ids (m,) of their links.
        readings: the features, in the order in which people see them.
        rules: the bits, for their sources.
        watch: told after each feature.
    """
    seen = PairsSeen.of(assessment, rows, [reading.feature for reading in readings], rules)
    parts = [EVIDENCE.empty()]
    for reading in readings:
        found = _of_feature(assessment, rows, reading, rules).with_columns(link_id=link_ids)
        parts.append(_in_order(found, seen.without(reading.feature)))
        watch(f"explain {reading.feature.name}", found.height)
    return pl.concat([*parts, _of_copying(seen, link_ids)])


def _in_order(found: pl.DataFrame, without: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([found, without], how="horizontal").select(EVIDENCE.schema.names())


def _of_copying(seen: PairsSeen, link_ids: pl.Series) -> pl.DataFrame:
    """What copying takes off, a row for each pair of which it takes something."""
    scores, rates = seen.scores, seen.rules.copying
    taken = np.flatnonzero(scores.copying_bits < 0)
    found = [
        {
            "link_id": link_ids[row],
            "feature": copying.NAME,
            "family": copying.NAME,
            "level": copying.LEVEL,
            "weight_bits": scores.copying_bits[row],
            "counted": True,
            "sentence": copying.sentence(scores.copyable_bits[row], scores.owner_bits[row]),
            "bits_source": "; ".join(_owner_sources(seen, row, rate)),
            "highlights": [],
            "citations": [],
            "not_validated": [],
        }
        for row in taken.tolist()
        for rate in [rates[RELATIONS[seen.relation[row]]]]
    ]
    columns = [name for name in EVIDENCE.schema if name not in WITHOUT]
    rows = pl.DataFrame(found, schema={name: EVIDENCE.schema[name] for name in columns})
    return _in_order(rows, seen.without_copying()[taken])


def _owner_sources(seen: PairsSeen, row: int, rate: Copying) -> Iterator[str]:
    """Where the odds of owners come from: the rate, and levels of the pair that change it."""
    yield rate.source.said
    for feature in seen.features:
        number = seen.scores.levels[feature.name][row]
        level = feature.levels[number - 1].name if number else ""
        worth = (rate.levels or {}).get(feature.name, {}).get(level)
        if worth is not None:
            yield f"{level} {worth.bits:+g} bits, {worth.source.said}"


def _of_feature(
    assessment: Assessment, rows: NDArray[np.intp], reading: Reading, rules: Rulebook
) -> pl.DataFrame:
    feature = reading.feature
    outcome = assessment.outcomes[feature.name]
    levels = outcome.level[rows]
    sides = assessment.pairs.left[rows].tolist(), assessment.pairs.right[rows].tolist()
    findings = [reading.explain(pair) for pair in zip(*sides, strict=True)]
    columns = [
        named("level", (None, *(level.name for level in feature.levels)), levels),
        pl.Series("weight_bits", assessment.scores.bits[feature.name][rows]).fill_nan(None),
        pl.Series("counted", assessment.scores.counted[feature.name][rows]),
        named("forgeable", (None, *(level.forgeable for level in feature.levels)), levels),
        pl.Series("value", outcome.value[rows].astype(np.float64))
        .round(BITS_DECIMALS)
        .fill_nan(None),
        pl.Series("count", outcome.count[rows]).cast(pl.Int64),
        pl.Series("sentence", [finding.sentence for finding in findings], pl.String),
        _sources(feature, levels, assessment.relation[rows], rules),
        _lists("highlights", [finding.highlights for finding in findings]),
        _lists("citations", [finding.citations for finding in findings]),
        _marks(findings, _beyond(feature, rules)[levels, assessment.relation[rows]]),
    ]
    return pl.DataFrame(columns).with_columns(
        feature=pl.lit(feature.name), family=pl.lit(feature.family)
    )


def _lists(column: str, values: Sequence[Sequence[Citation | Highlight]]) -> pl.Series:
    """A column of lists of records, put together flat: 30 times as fast as record by record."""
    dtype = LIST_COLUMNS[column]
    records = [record for some in values for record in some]
    fields = [field.name for field in dtype.fields]
    flat = {name: [getattr(record, name) for record in records] for name in fields}
    pieces = pl.DataFrame(flat, schema=dict.fromkeys(fields, pl.String)).to_struct(column)
    row = np.repeat(np.arange(len(values)), [len(some) for some in values])
    lists = pl.DataFrame({"row": row, column: pieces}).group_by("row", maintain_order=True).all()
    every = pl.DataFrame({"row": np.arange(len(values))})
    found = every.join(lists, on="row", how="left", maintain_order="left")[column]
    return found.fill_null(pl.Series([[]], dtype=pl.List(dtype)))


def _sources(
    feature: AnyFeature, levels: NDArray[np.int8], relation: NDArray[np.int8], rules: Rulebook
) -> pl.Series:
    """Where the bits of each pair's level come from; null without a level."""
    weights = rules.weights.get(feature.name, {})
    names: list[str | None] = [None] * len(RELATIONS)
    for level in feature.levels:
        for name in RELATIONS:
            weight = weights.get(level.name, {}).get(name)
            names.append(_said(weight, rules.shrinks.get(feature.family)))
    return named("bits_source", names, levels.astype(np.int64) * len(RELATIONS) + relation)


def _said(weight: Weight | None, shrink: Shrink | None) -> str:
    """Where bits come from; and where their family is shrunk, by how much, and why."""
    if weight is None:
        return UNWEIGHTED
    if shrink is None:
        return weight.source.said
    return f"{weight.source.said}; times {shrink.value:g} beside others ({shrink.source.said})"


def _beyond(feature: AnyFeature, rules: Rulebook) -> NDArray[np.object_]:
    """By level and relation, what pairs have that those which were measured had not, or None."""
    weights = rules.weights.get(feature.name, {})
    marks = np.full((len(feature.levels) + 1, len(RELATIONS)), None, np.object_)
    for number, level in enumerate(feature.levels, 1):
        for name, weight in weights.get(level.name, {}).items():
            marks[number, RELATIONS.index(name)] = weight.source.not_validated
    return marks


def _marks(findings: Sequence[Finding], beyond: NDArray[np.object_]) -> pl.Series:
    """What of each pair was not validated: its own texts, and where its level's bits come from."""
    marks = [
        [*finding.not_validated, *([] if mark is None else [mark])]
        for finding, mark in zip(findings, beyond.tolist(), strict=True)
    ]
    return pl.Series("not_validated", marks, pl.List(pl.String))
