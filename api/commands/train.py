"""`samehand train`: what is fitted of a model, made anew from a workspace."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from api.commands.options import JsonOption, MaskOption, WorkspaceOption, masks, open_workspace
from api.links_measured import print_training
from api.settings import Settings, utc_now
from api.taken_in import taken_in
from evidence.activations import SHIPPED
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.rulings import Rulings
from evidence.workspace import Workspace
from features.contact import Contact
from features.wallet import Wallet
from linkage.activity_training import train_activity, with_activity
from linkage.alias_training import count_chance, with_alias
from linkage.joint_pairs import grounds_of
from linkage.key_training import count_key_levels, count_sharing
from linkage.labels import Labels
from linkage.link_training import train_links, with_links
from linkage.listing_training import ACCOUNTS_MIN, train_listings, with_listings
from linkage.model import Model
from linkage.model_store import Made, ModelStore, write_bundle
from linkage.named import without_named
from linkage.ratios import Ratio
from linkage.training import train_style, with_style
from linkage.truth import read_truth
from linkage.value_training import count_levels

app = typer.Typer(help="Fit a model anew, and measure what its bits rest on.", no_args_is_help=True)

NameOption = Annotated[
    str | None,
    typer.Option("--name", help="Name of the model that is made, kept with the workspace."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for it instead, anywhere else.")
]
BaseOption = Annotated[
    str, typer.Option("--base", help="Model that gives everything else: its name, or its folder.")
]
LeaveOutOption = Annotated[
    Path | None,
    typer.Option(
        help="CSV market,handle: learn nothing from these, nor from who bears their handle."
    ),
]


@app.callback()
def train() -> None:
    """Fit a model anew from what a workspace holds, and measure what its bits rest on."""


@app.command("style")
def style(
    name: NameOption = None,
    out: OutOption = None,
    base: BaseOption = SHIPPED,
    seed: Annotated[int, typer.Option(help="Equal seeds and texts make equal models.")] = 0,
    leave_out: LeaveOutOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Fit the writing style on all posts, and measure what it is worth in bits."""
    task = _task("style", workspace, name, out, base)
    corpus = taken_in(task.workspace)
    training = train_style(corpus, _members(task.workspace, corpus, leave_out), seed)
    model = with_style(task.base, training)
    for level, weights in training.weights.items():
        typer.echo(f"{level}: {weights['across'].source.text}")
    task.write(model)


@app.command("listings")
def listings(
    name: NameOption = None,
    out: OutOption = None,
    base: BaseOption = SHIPPED,
    leave_out: LeaveOutOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Fit what is fitted of listings, and measure what their likeness is worth in bits."""
    task = _task("listings", workspace, name, out, base)
    corpus = taken_in(task.workspace)
    training = train_listings(corpus, _members(task.workspace, corpus, leave_out))
    if training is None:
        raise RefusedInput(f"fewer than {ACCOUNTS_MIN} accounts have enough listings: add more")
    model = with_listings(task.base, training)
    for feature, levels in training.weights.items():
        for level, weights in levels.items():
            typer.echo(f"{feature} {level}: {weights['across'].source.text}")
    task.write(model)


@app.command("activity")
def activity(
    name: NameOption = None,
    out: OutOption = None,
    base: BaseOption = SHIPPED,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure what like hours of the day are worth in bits, on forum authors cut in two by time."""
    task = _task("activity", workspace, name, out, base)
    training = train_activity(taken_in(task.workspace), task.base)
    model = with_activity(task.base, training)
    typer.echo(training.weights["hours_alike"]["across"].source.text)
    task.write(model)


@app.command("alias")
def alias(
    name: NameOption = None,
    out: OutOption = None,
    base: BaseOption = SHIPPED,
    seed: Annotated[int, typer.Option(help="Draws the pairs where there are too many.")] = 0,
    workspace: WorkspaceOption = None,
) -> None:
    """Count how often chance makes like handles, and bound by it what they are worth in bits."""
    task = _task("alias", workspace, name, out, base)
    chance = count_chance(taken_in(task.workspace), seed)
    model = with_alias(task.base, chance)
    for level, count in chance.across.items():
        bits = model.rules.weights["alias"][level]["across"].bits
        here = chance.same[level]
        typer.echo(f"{level}: {count:,} across, {here:,} on one market; {bits} bits across")
    typer.echo(f"of {chance.across_pairs:,} pairs across and {chance.same_pairs:,} on one market")
    task.write(model)


@app.command("links")
def links(
    name: NameOption = None,
    out: OutOption = None,
    base: BaseOption = SHIPPED,
    truth: Annotated[
        list[Path] | None,
        typer.Option(help="CSV: market_a,handle_a,market_b,handle_b,same (may be repeated)."),
    ] = None,
    masked: MaskOption = "",
    halves: Annotated[
        bool, typer.Option("--halves", help="Also learn from forum authors cut in two by time.")
    ] = False,
    folds: Annotated[int, typer.Option(min=2, help="Folds of entities.")] = 3,
    workspace: WorkspaceOption = None,
) -> None:
    """Fit by how much the bits of each family are shrunk beside those of all others.

    Labels are the pairs of `--truth`, what people ruled (`samehand decisions`), and with `--halves`
    forum authors cut in two. A family whose interval holds 1 is not shrunk. `--mask` has to hide
    what the truth was made by.
    """
    task = _task("links", workspace, name, out, base)
    hidden = masks(masked)
    told = read_truth(*truth) if truth else None
    rulings = _rulings(task.workspace)
    labels = Labels.of(taken_in(task.workspace), told, rulings, task.base, folds)
    grounds = grounds_of(labels, told, hidden, halves=halves)
    training = train_links(grounds, labels.entity_count, folds)
    print_training(training)
    task.write(with_links(task.base, training))


@app.command("values")
def values(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Count how often one hand, and how often two, share a contact or a wallet; in bits."""
    corpus = taken_in(open_workspace(workspace))
    counted = ((feature.name, count_levels(corpus, feature)) for feature in (Contact(), Wallet()))
    if as_json:
        typer.echo(json.dumps({name: _as_rows(found) for name, found in counted}, indent=1))
        return
    for name, found in counted:
        for level, ratio in found.items():
            typer.echo(f"{name} {level}: {_in_words(ratio)}")


@app.command("keys")
def keys(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Count how often one hand, and how often two, show one key, and in which way; in bits."""
    corpus = taken_in(open_workspace(workspace))
    shared, levels = count_sharing(corpus), count_key_levels(corpus)
    if as_json:
        sharing = [
            {"least": least, "most": most, "sharing": count, "pairs": pairs}
            for (least, most), (count, pairs) in shared.items()
        ]
        typer.echo(json.dumps({"shown_by": sharing, "pgp_key": _as_rows(levels)}, indent=1))
        return
    for (least, most), (count, pairs) in shared.items():
        band = f"{least}" if least == most else f"{least} to {most}" if most else f"{least} or more"
        typer.echo(f"a key that {band} accounts show: {count} of {pairs} pairs of one market")
    for level, ratio in levels.items():
        typer.echo(f"{level}: {_in_words(ratio)}")


def _rulings(workspace: Workspace) -> Rulings:
    with Ledger.open(workspace) as ledger:
        return ledger.rulings()


def _members(workspace: Workspace, corpus: Corpus, leave_out: Path | None) -> NDArray[np.bool_]:
    """The accounts (n,) to learn from."""
    if leave_out is None:
        return np.ones(corpus.account_count, np.bool_)
    return without_named(corpus.accounts, leave_out, _rulings(workspace).decisions)


def _as_rows(found: Mapping[str, Ratio]) -> list[dict[str, object]]:
    """Levels with their counts, and their bits between the ends of the interval."""
    return [
        {"level": level, **asdict(ratio), "bits": ratio.bits}
        | dict(zip(("low_bits", "high_bits"), ratio.interval_bits, strict=True))
        for level, ratio in found.items()
    ]


def _in_words(ratio: Ratio) -> str:
    least, most = ratio.interval_bits
    return (
        f"{ratio.same} of {ratio.same_pairs} of one hand, {ratio.other} of {ratio.other_pairs} "
        f"others; {ratio.bits:.1f} bits ({least:.1f} to {most:.1f})"
    )


@dataclass(frozen=True)
class _Task:
    """One training: over which workspace, from which model, and where the new one goes."""

    command: str
    workspace: Workspace
    base: Model
    name: str | None
    folder: Path

    def write(self, model: Model) -> None:
        """Write the model under its name, and say where it is."""
        if self.name is not None:
            model = replace(model, rules=model.rules.model_copy(update={"name": self.name}))
        made = Made(at=utc_now(), command=f"train {self.command}", person=Settings().actor)
        write_bundle(model, self.folder, made)
        typer.echo(f"model {model.rules.name!r} ({model.model_hash[:12]}) written to {self.folder}")


def _task(
    command: str, workspace: Path | None, name: str | None, out: Path | None, base: str
) -> _Task:
    """What is asked for, refused before anything is fitted where it cannot be."""
    place = open_workspace(workspace)
    store = ModelStore(place.models)
    folders = [out] if out else []
    folders += [store.place_for(name)] if name else []
    if len(folders) != 1:
        raise RefusedInput("name the new model with --name NAME, or its folder with --out FOLDER")
    return _Task(command, place, store.load(base), name, folders[0])
