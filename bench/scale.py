"""How long does each stage take on an invented world, and how does it grow?

    python bench/scale.py [ACCOUNTS ...]      (1000 and 10000 where nothing is said)

Prints a Markdown table: seconds and peak memory of each stage at each size, and the exponent p of
the growth between the two largest (time ~ accounts ** p; 1 is linear, 2 is a square).
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMEHAND = (sys.executable, "-c", "from api.cli import main; main()")
HOUSE = Path(__file__).parent.parent


def samehand(*command: object) -> str:
    """Run a command in a process of its own; what it printed."""
    words = [*SAMEHAND, *map(str, command)]
    return subprocess.run(words, check=True, cwd=HOUSE, capture_output=True, text=True).stdout


def measured(accounts: int, folder: Path) -> dict[str, tuple[int, float, int]]:
    """By stage: things made, seconds, peak memory of the process in MB."""
    world, workspace = folder / "world", folder / "workspace"
    start = time.perf_counter()
    samehand("world", "--out", world, "--accounts", accounts, "--seed", 1)
    invented = time.perf_counter()
    report = samehand("intake", world / "delivery", "--workspace", workspace, "--json")
    taken_in = time.perf_counter()
    rows = sum(file["rows_in"] for file in json.loads(report)["files"])
    run = json.loads(samehand("recompute", "--workspace", workspace, "--json"))
    done = time.perf_counter()
    stages = {s["name"]: (s["count"], s["seconds"], s["memory_mb"]) for s in run["stages"]}
    return {
        "invent the world": (accounts, invented - start, 0),
        "intake": (rows, taken_in - invented, 0),
        **stages,
        "recompute in all": (run["counts"]["links"], done - taken_in, 0),
    }


def main() -> None:
    """Measure each size, print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [1000, 10000]
    results = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="samehand-scale-") as folder:
            results.append(measured(size, Path(folder)))
    print("| stage |" + "".join(f" {n:,} accounts |" for n in sizes) + " growth p |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for stage in results[-1]:
        cells = [f" {r[stage][0]:,} in {r[stage][1]:.1f} s{memory(r[stage][2])} |" for r in results]
        print(f"| {stage} |{''.join(cells)} {growth(sizes, results, stage)} |")


def memory(megabytes: int) -> str:
    """Peak memory, where the stage knows it."""
    return f", {megabytes:,} MB" if megabytes else ""


def growth(sizes: list[int], results: list[dict[str, tuple[int, float, int]]], stage: str) -> str:
    """The exponent of growth between the two largest sizes; `-` where times are too short."""
    if len(sizes) < 2 or results[-2][stage][1] < 0.05:
        return "-"
    ratio = results[-1][stage][1] / results[-2][stage][1]
    return f"{math.log(ratio) / math.log(sizes[-1] / sizes[-2]):.1f}"


if __name__ == "__main__":
    main()
