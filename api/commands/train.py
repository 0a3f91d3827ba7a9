"""`samehand train`: what is fitted of a model, made anew from a workspace."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from api.commands.options import WorkspaceOption, open_workspace
from api.taken_in import taken_in
from evidence.errors import RefusedInput
from features.contact import Contact
from features.wallet import Wallet
from linkage.activity_training import train_activity, with_activity
from linkage.alias_training import count_chance, with_alias
from linkage.key_training import count_key_levels, count_sharing
from linkage.listing_training import ACCOUNTS_MIN, train_listings, with_listings
from linkage.model import DEFAULT_MODEL, Model, load_model
from linkage.training import train_style, with_style
from linkage.value_training import count_levels

app = typer.Typer(help="Fit what is fitted of a model.", no_args_is_help=True)

OutOption = Annotated[Path, typer.Option(help="Folder for the model that is made.")]
BaseOption = Annotated[
    Path, typer.Option(help="Model that gives everything else.", show_default="the default")
]


@app.callback()
def train() -> None:
    """Fit what is fitted of a model from the texts of a workspace."""


@app.command("style")
def style(
    out: OutOption,
    base: BaseOption = DEFAULT_MODEL,
    seed: Annotated[int, typer.Option(help="Equal seeds and texts make equal models.")] = 0,
    workspace: WorkspaceOption = None,
) -> None:
    """Fit the writing style on all posts, and measure what it is worth in bits."""
    corpus = taken_in(open_workspace(workspace))
    training = train_style(corpus, np.ones(corpus.account_count, np.bool_), seed)
    model = with_style(load_model(base), training)
    for level, weights in training.weights.items():
        typer.echo(f"{level}: {weights['across'].source.text}")
    _write(model, out)


@app.command("listings")
def listings(
    out: OutOption,
    base: BaseOption = DEFAULT_MODEL,
    workspace: WorkspaceOption = None,
) -> None:
    """Fit what is fitted of listings, and measure what their likeness is worth in bits."""
    corpus = taken_in(open_workspace(workspace))
    training = train_listings(corpus, np.ones(corpus.account_count, np.bool_))
    if training is None:
        raise RefusedInput(f"fewer than {ACCOUNTS_MIN} accounts have enough listings: add more")
    model = with_listings(load_model(base), training)
    for feature, levels in training.weights.items():
        for level, weights in levels.items():
            typer.echo(f"{feature} {level}: {weights['across'].source.text}")
    _write(model, out)


@app.command("activity")
def activity(
    out: OutOption,
    base: BaseOption = DEFAULT_MODEL,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure what like hours of the day are worth in bits, on forum authors cut in two by time."""
    base_model = load_model(base)
    training = train_activity(taken_in(open_workspace(workspace)), base_model)
    model = with_activity(base_model, training)
    typer.echo(training.weights["hours_alike"]["across"].source.text)
    _write(model, out)


@app.command("alias")
def alias(
    out: OutOption,
    base: BaseOption = DEFAULT_MODEL,
    seed: Annotated[int, typer.Option(help="Draws the pairs where there are too many.")] = 0,
    workspace: WorkspaceOption = None,
) -> None:
    """Count how often chance makes like handles, and bound by it what they are worth in bits."""
    chance = count_chance(taken_in(open_workspace(workspace)), seed)
    model = with_alias(load_model(base), chance)
    for level, count in chance.across.items():
        bits = model.rules.weights["alias"][level]["across"].bits
        here = chance.same[level]
        typer.echo(f"{level}: {count:,} across, {here:,} on one market; {bits} bits across")
    typer.echo(f"of {chance.across_pairs:,} pairs across and {chance.same_pairs:,} on one market")
    _write(model, out)


@app.command("values")
def values(workspace: WorkspaceOption = None) -> None:
    """Count how often one hand, and how often two, share a contact or a wallet; in bits."""
    corpus = taken_in(open_workspace(workspace))
    for feature in (Contact(), Wallet()):
        for level, ratio in count_levels(corpus, feature).items():
            least, most = ratio.interval_bits
            typer.echo(
                f"{feature.name} {level}: {ratio.same} of {ratio.same_pairs} of one hand, "
                f"{ratio.other} of {ratio.other_pairs} others; {ratio.bits:.1f} bits "
                f"({least:.1f} to {most:.1f})"
            )


@app.command("keys")
def keys(workspace: WorkspaceOption = None) -> None:
    """Count how often one hand, and how often two, show one key, and in which way; in bits."""
    corpus = taken_in(open_workspace(workspace))
    for (least, most), (sharing, pairs) in count_sharing(corpus).items():
        band = f"{least}" if least == most else f"{least} to {most}" if most else f"{least} or more"
        typer.echo(f"a key that {band} accounts show: {sharing} of {pairs} pairs of one market")
    for level, ratio in count_key_levels(corpus).items():
        low, high = ratio.interval_bits
        typer.echo(
            f"{level}: {ratio.same} of {ratio.same_pairs} of one hand, {ratio.other} of "
            f"{ratio.other_pairs} others; {ratio.bits:.1f} bits ({low:.1f} to {high:.1f})"
        )


def _write(model: Model, out: Path) -> None:
    model.save(out)
    typer.echo(f"model {model.rules.name!r} ({model.model_hash[:12]}) written to {out}")
