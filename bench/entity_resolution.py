"""Do scorer and grouping hold on benchmarks of record linkage, beside Splink in the same run?

    python bench/entity_resolution.py FOLDER [--without-splink]

FOLDER holds the files that bench/er/benchmarks.py names. Splink is no dependency of Samehand:
`pip install 'splink>=5,<6'` beside it first.
"""

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import typer

sys.path.insert(0, ".")

from bench.er.benchmarks import load
from bench.er.figures import figures

SYSTEMS = {"samehand": "bench.er.ours", "splink": "bench.er.peer"}
HEADINGS = "pairs P/R/F1          B-cubed P/R/F1"


def measure(system: str, folder: Path, number: int) -> None:
    """Print the figures of one system on one benchmark; alone in its process, for its memory."""
    benchmark = load(folder)[number]
    grouped = import_module(SYSTEMS[system]).clusters
    start = time.perf_counter()
    cluster, pairs = grouped(benchmark)
    took = time.perf_counter() - start
    found = figures(cluster, benchmark.entity)
    numbers = "   ".join(
        " ".join(f"{value:.3f}" for value in part) for part in (found.pairs, found.b_cubed)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{benchmark.name:15}{system:10}{numbers}   {pairs:>10,} pairs {took:6.1f} s "
        f"{peak:6,.0f} MB",
        flush=True,
    )


def main(folder: Path, without_splink: bool = False) -> None:
    """Run both systems on every benchmark."""
    print(f"{'':25}{HEADINGS}")
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
        for number in range(4):
            for system in list(SYSTEMS)[: 1 if without_splink else 2]:
                alone.submit(measure, system, folder, number).result()


if __name__ == "__main__":
    typer.run(main)
