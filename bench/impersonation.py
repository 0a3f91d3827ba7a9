"""Are copycats told from owners, and who copied whom?

    python bench/impersonation.py [WORKSPACE TRUTH MODEL]

On a world with known truth, judged by a model (`default`, or a folder), or, where none is named, on
invented ones, of which one was scraped late, and one lost rows besides (1500 accounts each;
minutes): of the impostors of TRUTH how many stand in a persona with their victim, how many are
named `copies`, in how many of these it is said who copies, and how often that is right; beside it,
at the same thresholds, how many pairs of one hand are found, and how many are named `copies`, which
is wrong.
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

sys.path.insert(0, ".")

import polars as pl
import typer

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from bench.framed.outcomes import Concluded, conclude
from bench.scale import samehand
from evidence.workspace import Workspace
from linkage.impersonation import UNKNOWN
from linkage.model import Model, load_model
from linkage.model_store import ModelStore
from linkage.truth import read_truth
from world.invention import invent
from world.parameters import BASE, VARIANTS, Parameters

WORLDS: Mapping[str, Parameters] = {
    "base": BASE,
    "late_scrapes": VARIANTS["late_scrapes"],
    "scraped late, half lost": replace(VARIANTS["late_scrapes"], missed_row_share=0.5),
}
ACCOUNTS, SEED = 1_500, 7


def figures(run: Concluded, truth: pl.DataFrame) -> Mapping[str, tuple[int, int]]:
    """By what is asked, how many of how many.

    Args:
        run: what was concluded.
        truth: see `linkage.truth.read_truth`; the right account of an impostor's pair copies.
    """
    found = _found(run, truth)
    copies, same = pl.col("verdict") == "copies", pl.col("verdict") == "same"
    fakes, movers = found.filter(kind="impostor"), found.filter("same")
    named = fakes.filter(copies)
    stated = named.filter(pl.col("copier") != UNKNOWN)
    return {
        "copycats not in a persona with their victim": _of(fakes, ~pl.col("together")),
        "copycats named `copies`": _of(fakes, copies),
        "copycats proposed as the same hand": _of(fakes, same),
        "of those named: said who copies": _of(named, pl.col("copier") != UNKNOWN),
        "of those said: right": _of(stated, pl.col("copier") == pl.col("newer")),
        "movers found (lead and above)": _of(movers, same),
        "movers in one persona": _of(movers, pl.col("together")),
        "movers named `copies`": _of(movers, copies),
    }


def _found(run: Concluded, truth: pl.DataFrame) -> pl.DataFrame:
    """The truth with what the run says of each pair, and whether one persona holds both."""
    persona = run.members.rename({"persona_id": "persona"})
    pairs = truth.select(
        "same",
        "kind",
        newer="right",
        left=pl.min_horizontal("left", "right"),
        right=pl.max_horizontal("left", "right"),
    )
    return (
        pairs.join(
            run.links.select("left", "right", "verdict", "copier"), on=["left", "right"], how="left"
        )
        .join(persona.rename({"account_id": "left"}), on="left", how="left")
        .join(persona.rename({"account_id": "right"}), on="right", how="left", suffix="_right")
        .with_columns(
            pl.col("verdict").fill_null("none"),
            together=(pl.col("persona") == pl.col("persona_right")).fill_null(value=False),
        )
    )


def _of(rows: pl.DataFrame, chosen: pl.Expr) -> tuple[int, int]:
    return rows.filter(chosen).height, rows.height


def invented() -> None:
    """Invent worlds, take them in, and print the figures of each."""
    for name, parameters in WORLDS.items():
        with tempfile.TemporaryDirectory(prefix="samehand-copycats-") as folder:
            world, workspace = Path(folder) / "world", Path(folder) / "workspace"
            invent(world, ACCOUNTS, SEED, parameters)
            samehand("intake", world / "delivery", "--workspace", workspace)
            print(f"\n{name}\n")
            measure(Workspace(workspace), world / "truth.csv", load_model())


def measure(workspace: Workspace, truth_file: Path, model: Model) -> None:
    """Print the figures of one world."""
    corpus = taken_in(workspace)
    here = corpus.accounts["account_id"].implode()
    truth = read_truth(truth_file).filter(pl.col("left").is_in(here), pl.col("right").is_in(here))
    [run] = conclude(corpus, [model])
    print("| | | of |\n|---|---|---|")
    for asked, (count, of) in figures(run, truth).items():
        print(f"| {asked} | {count} ({count / max(of, 1):.0%}) | {of} |")


def main(world: Annotated[tuple[Path, Path, str] | None, typer.Argument()] = None) -> None:
    """Print the figures of one world (WORKSPACE TRUTH MODEL), or of invented ones."""
    if world is None:
        invented()
        return
    place = open_workspace(world[0])
    measure(place, world[1], ModelStore(place.models).load(world[2]))


if __name__ == "__main__":
    run_alone(main)
