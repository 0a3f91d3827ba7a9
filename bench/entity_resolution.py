"""Do scorer and grouping hold on benchmarks of record linkage, beside Splink in the same run?

    python bench/entity_resolution.py FOLDER [--without-splink]

FOLDER holds the files that bench/er/benchmarks.py names. Splink is no dependency of Samehand:
`pip install 'splink>=5,<6'` beside it first.
"""

import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

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


def main() -> int:
    """Run both systems on every benchmark."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if not given:
        print("no folder of benchmarks was named: nothing measured")
        return 0
    if len(given) == 3:
        measure(given[1], Path(given[0]), int(given[2]))
        return 0
    systems = list(SYSTEMS)[: 1 if "--without-splink" in sys.argv else 2]
    print(f"{'':25}{HEADINGS}")
    codes = [
        subprocess.run([sys.executable, __file__, given[0], s, str(n)], check=False).returncode
        for n in range(4)
        for s in systems
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
