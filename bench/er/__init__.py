"""The scorer and the grouping on benchmarks of record linkage that are no market data."""
