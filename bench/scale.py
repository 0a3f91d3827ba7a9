"""How long does each stage take on an invented world, how much memory, and how does it grow?

    python bench/scale.py [ACCOUNTS ...]      (1000 and 10000 where nothing is said)
    python bench/scale.py --nights WORKSPACE  (one that is taken in already)
    python bench/scale.py --features WORKSPACE

60000 takes about 20 minutes on two idle cores, and 3 GB of disk while it runs.
Prints a Markdown table: seconds and peak memory of each stage at each size, and the exponent p of
the growth from 10,000 accounts to the largest size (time ~ accounts ** p; 1 is linear, 2 a square);
and how busy the machine was before and after.
With `--nights` the workspace is recomputed twice: without what earlier nights read, and with it.
With `--features` it is only read, met, compared and scored, as on a first night, and nothing is
written: seconds, processor seconds and peak memory of each stage.
"""

import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, ".")

from api.cli import run_alone
from api.commands.options import open_workspace
from evidence.archive import load_corpus
from evidence.recall import NoRecall
from evidence.rulings import Rulings
from features import assemble_features
from linkage.assessment import assess
from linkage.basis import basis_of
from linkage.candidates import gather
from linkage.model import load_model
from world.invention import LEAST_ACCOUNTS

SAMEHAND = (sys.executable, "-c", "from api.cli import main; main()")
HOUSE = Path(__file__).parent.parent
COMPARED_WITH = 10_000
FEATURE_WORK = ("read ", "meet ", "compare ", "score")
ALL_FEATURES = "**read, meet, compare**"


@dataclass(frozen=True)
class Stage:
    """How many things a stage made, in how many seconds, with which peak memory.

    `processor_s` are seconds of all cores, and of all processes that were started, where known:
    they say what a stage takes, whatever else the machine does.
    """

    count: int
    seconds: float
    memory_mb: int
    processor_s: float | None = None

    def __str__(self) -> str:
        worked = "" if self.processor_s is None else f" ({self.processor_s:.0f} of processor)"
        return f"{self.count:,} in {self.seconds:.1f} s{worked}, {self.memory_mb:,} MB"


def samehand(*command: object) -> tuple[str, float, int, float]:
    """Run a command in a process of its own: output, seconds, peak MB, processor seconds.

    The memory is that of the largest process: the command's own, or one that it started.
    """
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        words = [*SAMEHAND, *map(str, command)]
        process = subprocess.Popen(words, cwd=HOUSE, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, words)
        seconds = time.perf_counter() - start
        out.seek(0)
        return out.read(), seconds, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime


def measured(accounts: int) -> dict[str, Stage]:
    """By stage, for a world of that size."""
    with tempfile.TemporaryDirectory(prefix="samehand-scale-") as folder:
        world, workspace = Path(folder) / "world", Path(folder) / "workspace"
        _, *invented = samehand("world", "--out", world, "--accounts", accounts, "--seed", 1)
        return {"invent the world": Stage(accounts, *invented), **linked(world, workspace)}


def linked(world: Path, workspace: Path) -> dict[str, Stage]:
    """By stage, for taking a world into a new workspace and recomputing it."""
    said, *taken_in = samehand("intake", world / "delivery", "--workspace", workspace, "--json")
    rows = sum(file["rows_in"] for file in json.loads(said)["files"])
    return {"intake": Stage(rows, *taken_in), **recomputed(workspace)}


def recomputed(workspace: Path) -> dict[str, Stage]:
    """By stage, for one recomputation; what features do is added up as well."""
    said, *done = samehand("recompute", "--workspace", workspace, "--json")
    run = json.loads(said)
    stages = {s["name"]: Stage(s["count"], s["seconds"], s["memory_mb"]) for s in run["stages"]}
    names = list(stages)[: list(stages).index("score") + 1]
    work = [stages[name] for name in names if name.startswith(FEATURE_WORK)]
    seconds, memory_mb = sum(s.seconds for s in work), max(s.memory_mb for s in work)
    return {
        **stages,
        ALL_FEATURES: Stage(work[-1].count, seconds, memory_mb),
        "recompute in all": Stage(run["counts"]["links"], *done),
    }


def two_nights(workspace: Path) -> str:
    """A first and a second night on one workspace, side by side."""
    shutil.rmtree(open_workspace(workspace).cache, ignore_errors=True)
    first, second = recomputed(workspace), recomputed(workspace)
    lines = ["| stage | first night | second night |", "|---|---|---|"]
    lines += [f"| {stage} | {found} | {second.get(stage, '-')} |" for stage, found in first.items()]
    return "\n".join(lines)


class Stages:
    """Takes down each stage as it ends: what this process and those it waited for took."""

    def __init__(self) -> None:
        self.done: dict[str, Stage] = {}
        self._start, self._worked = time.perf_counter(), processor_s()

    def __call__(self, stage: str, count: int) -> None:
        """A stage ended."""
        now, worked = time.perf_counter(), processor_s()
        memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.done[stage] = Stage(count, now - self._start, memory_mb, worked - self._worked)
        self._start, self._worked = now, worked


def processor_s() -> float:
    """Seconds of all cores that this process has taken, and those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def features_alone(workspace: Path) -> str:
    """By stage, a first night up to the scores; what earlier nights read is not asked for."""
    stages, model = Stages(), load_model()
    corpus = replace(load_corpus(open_workspace(workspace)), recall=NoRecall())
    stages("load the corpus", corpus.texts.height)
    loaded = list(stages.done.values())
    basis = basis_of(corpus, assemble_features(model.fitted), Rulings.none(), stages)
    pairs = gather(basis.met).pairs
    assess(corpus.accounts, basis.readings, model.rules, pairs, stages)
    stages("score", len(pairs))
    work = list(stages.done.values())[len(loaded) :]
    seconds, worked = sum(s.seconds for s in work), sum(s.processor_s or 0 for s in work)
    stages.done[ALL_FEATURES] = Stage(len(pairs), seconds, work[-1].memory_mb, worked)
    lines = ["| stage | a first night |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {stage} |" for name, stage in stages.done.items())])


def table(results: dict[int, dict[str, Stage]]) -> str:
    """The stages of each size side by side, and how they grow."""
    largest = max(results)
    smaller = [size for size in results if size < largest]
    reference = COMPARED_WITH if COMPARED_WITH in smaller else max(smaller, default=largest)
    heads = [f"{size:,} accounts" for size in results]
    lines = [f"| stage | {' | '.join(heads)} | growth p |", "|---" * (len(heads) + 2) + "|"]
    for stage in results[largest]:
        cells = " | ".join(str(result.get(stage, "-")) for result in results.values())
        p = growth(results, stage, (reference, largest))
        lines.append(f"| {stage} | {cells} | {p} |")
    return "\n".join(lines)


def growth(results: dict[int, dict[str, Stage]], stage: str, sizes: tuple[int, int]) -> str:
    """The exponent of growth between two sizes; `-` where times are too short to say."""
    small, large = sizes
    if small == large or stage not in results[small] or results[small][stage].seconds < 0.05:
        return "-"
    ratio = results[large][stage].seconds / results[small][stage].seconds
    return f"{math.log(ratio) / math.log(large / small):.1f}"


def load() -> str:
    """How many processes wanted to run in the last minute, and how many may."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main(
    accounts: Annotated[list[int] | None, typer.Argument(min=LEAST_ACCOUNTS)] = None,
    nights: Path | None = None,
    features: Path | None = None,
) -> None:
    """Measure each size, or what is taken in already, and print the table."""
    print(load())
    if features is not None:
        print(features_alone(features))
    elif nights is not None:
        print(two_nights(nights))
    else:
        sizes = sorted(accounts or [1_000, COMPARED_WITH])
        print(table({size: measured(size) for size in sizes}))
    print(load())


if __name__ == "__main__":
    run_alone(main)
