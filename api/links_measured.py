"""What a training of links found, for a terminal."""

import polars as pl
import typer

from api.commands.published import print_rows
from linkage.bootstrap import Figure
from linkage.link_training import SAME_MIN, FamilyShrink, LinkTraining

NOTE = (
    "Cost: Cllr, 0 perfect, 1 what bits cost that say nothing; of rulings the mean log loss in "
    "bits, the prior counted. Held out: each pair judged by what was fitted without its fold."
)


def print_training(training: LinkTraining) -> None:
    """Print the factor of each family, and what all of them save on held-out pairs."""
    families = [
        {
            "family": found.family,
            "one hand": found.same_count,
            "two": found.other_count,
            "factor": _figure(found.factor),
            "so": _so(found),
        }
        for found in training.families
    ]
    costs = [
        {
            "held-out pairs": cost.name,
            "one hand": cost.same_count,
            "two": cost.other_count,
            "cost": _figure(cost.before),
            "shrunk": _figure(cost.after),
            "saved": _figure(cost.gain),
        }
        for cost in training.costs
    ]
    for rows in (families, costs):
        print_rows(pl.DataFrame(rows), as_csv=False, as_json=False)
        typer.echo()
    typer.echo(NOTE)


def _so(found: FamilyShrink) -> str:
    if found.factor is None:
        return f"stays: fewer than {SAME_MIN} entities show it on both sides"
    if found.shrunk:
        return f"counts {found.factor.value:.2f}"
    return "stays 1: the interval holds 1"


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]"
