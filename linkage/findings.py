"""Evidence as rows: what every feature found on each link, in bits and in words."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import AnyFeature, Citation, Highlight
from linkage import copying
from linkage.assessment import Assessment
from linkage.model import RELATIONS, Rulebook
from linkage.proposals import named
from linkage.readings import Reading, Watch, unwatched
from linkage.run_tables import EVIDENCE
from linkage.scoring import BITS_DECIMALS

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
    parts = [EVIDENCE.empty()]
    for reading in readings:
        found = _of_feature(assessment, rows, reading, rules).with_columns(link_id=link_ids)
        parts.append(found.select(EVIDENCE.schema.names()))
        watch(f"explain {reading.feature.name}", found.height)
    return pl.concat([*parts, _of_copying(assessment, rows, link_ids, rules)])


def _of_copying(
    assessment: Assessment, rows: NDArray[np.intp], link_ids: pl.Series, rules: Rulebook
) -> pl.DataFrame:
    """What copying takes off, a row for each pair of which it takes something."""
    scores = assessment.scores
    found = [
        {
            "link_id": link_id,
            "feature": copying.NAME,
            "family": copying.NAME,
            "level": copying.LEVEL,
            "weight_bits": scores.copying_bits[row],
            "counted": True,
            "sentence": copying.sentence(scores.copyable_bits[row], rate),
            "bits_source": f"{rate.source.kind}: {rate.source.text}",
            "highlights": [],
            "citations": [],
        }
        for row, link_id in zip(rows, link_ids, strict=True)
        if scores.copying_bits[row] < 0
        for rate in [rules.copying[RELATIONS[assessment.relation[row]]]]
    ]
    return pl.DataFrame(found, schema=EVIDENCE.schema)


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
            names.append(f"{weight.source.kind}: {weight.source.text}" if weight else UNWEIGHTED)
    return named("bits_source", names, levels.astype(np.int64) * len(RELATIONS) + relation)
