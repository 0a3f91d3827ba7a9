"""A benchmark through Splink 5: the same fields and blocking rules, its own comparisons."""

import numpy as np
import splink.comparison_library as cl
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.er.benchmarks import CODE, DATE, NAME, Benchmark

PROBABILITY = 0.95


def _comparison(field: str, kind: str) -> object:
    if kind == NAME:
        return cl.JaroWinklerAtThresholds(field, [0.92, 0.8]).configure(
            term_frequency_adjustments=True
        )
    if kind == DATE:
        return cl.DamerauLevenshteinAtThresholds(field, [1, 2])
    if kind == CODE:
        return cl.ExactMatch(field).configure(term_frequency_adjustments=True)
    return cl.JaroWinklerAtThresholds(field, [0.9, 0.75]).configure(term_frequency_adjustments=True)


def clusters(benchmark: Benchmark) -> tuple[NDArray[np.int64], int]:
    """The cluster of each record, and how many pairs were compared."""
    records = benchmark.records.with_row_index("unique_id")
    table = DuckDBAPI().register(records.to_arrow())
    rules = [block_on(*rule) for rule in benchmark.rules]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(field, kind) for field, kind in benchmark.fields.items()],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(table, settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(rules[:3], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=5e5, seed=0)
    for rule in rules:
        training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, PROBABILITY)
    rows = found.as_pyarrow_table().to_pydict()
    cluster = np.empty(records.height, np.int64)
    _, number = np.unique(np.array(rows["cluster_id"]).astype(str), return_inverse=True)
    cluster[np.array(rows["unique_id"], np.int64)] = number
    return cluster, predictions.as_pyarrow_table().num_rows
