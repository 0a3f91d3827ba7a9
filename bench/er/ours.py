"""A benchmark through the house's own scorer and grouping."""

import numpy as np
from numpy.typing import NDArray

from bench.er.benchmarks import Benchmark
from bench.er.fields import Field, meet
from bench.er.learning import learn, rulebook, shares
from features.pairs import Pairs
from linkage.personas import Bonds, group
from linkage.scoring import score_pairs

RANDOM_PAIRS = 500_000
JOIN_BITS = 0.05
"""Groups join while the odds between them are better than even."""


def clusters(benchmark: Benchmark) -> tuple[NDArray[np.int64], int]:
    """The cluster of each record, and how many pairs were compared."""
    records = benchmark.records
    fields = [Field(name, kind) for name, kind in benchmark.fields.items()]
    chance = _random_pairs(records.height)
    u = {field.name: shares(field.compare(records, chance)) for field in fields}
    met = [meet(records, rule) for rule in benchmark.rules]
    pairs = Pairs.from_keys(np.unique(np.concatenate([part.keys for part in met])))
    outcomes = {field.name: field.compare(records, pairs) for field in fields}
    learned = []
    for rule, part in zip(benchmark.rules, met, strict=True):
        if len(part):
            rows = np.searchsorted(pairs.keys, part.keys)
            there = {
                name: type(o)(o.level[rows], o.value[rows], o.count[rows])
                for name, o in outcomes.items()
            }
            learned.append(learn(there, u, rule))
    true_pairs = max(part.true_pairs for part in learned)
    share = true_pairs / (records.height * (records.height - 1) / 2)
    rules = rulebook(fields, learned, u, share)
    scores = score_pairs(pairs, np.zeros(len(pairs), np.int8), outcomes, fields, rules)
    personas = group(records.height, Bonds(pairs, scores.total_bits), Pairs.none(), JOIN_BITS)
    cluster = np.arange(records.height)
    for members in personas:
        cluster[members] = members[0]
    return cluster, len(pairs)


def _random_pairs(count: int) -> Pairs:
    rng = np.random.default_rng(0)
    return Pairs.of(rng.integers(0, count, RANDOM_PAIRS), rng.integers(0, count, RANDOM_PAIRS))
