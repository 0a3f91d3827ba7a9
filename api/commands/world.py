"""`samehand world`: invent a delivery with known truth."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from api.commands.options import WorkspaceOption, workspace_at
from evidence.errors import RefusedInput
from evidence.workspace import Workspace
from world.invention import LEAST_ACCOUNTS, Watch, World, invent
from world.parameters import BASE, VARIANTS
from world.parameters import variant as parameters_of
from world.semireal import SemiReal
from world.semireal_delivery import deliver_semi_real, events_of

VariantOption = Annotated[
    str | None,
    typer.Option("--variant", help=f"A world that is wrong on purpose: {', '.join(VARIANTS)}."),
]
CarriersOption = Annotated[
    Path | None,
    typer.Option(
        "--carriers",
        help="Workspace whose accounts carry invented events; their number is given by it.",
    ),
]


def world(
    workspace: WorkspaceOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder to write, new or empty  [WORKSPACE/world]"),
    ] = None,
    accounts: Annotated[
        int, typer.Option("--accounts", min=LEAST_ACCOUNTS, help="How many accounts.")
    ] = 300,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Which world.")] = 1,
    variant: VariantOption = None,
    carriers: CarriersOption = None,
) -> None:
    """Invent markets, vendors, impostors and quoted keys, with the truth beside them.

    For trying out, for speed and for demonstration: quality is never measured on it. With
    `--carriers` the texts, prices and times are those of a workspace, and only identities and what
    happens to them are invented; that is for measuring, and lies outside of the repository.
    """
    parameters = BASE if variant is None else parameters_of(variant)
    out = out if out is not None else workspace_at(workspace).root / "world"
    if out.exists() and not out.is_dir():
        raise RefusedInput(f"{out} is a file: name a new folder for the world")
    if out.exists() and any(out.iterdir()):
        raise RefusedInput(f"{out} is not empty: name a new folder for the world")
    if carriers is not None:
        made_of = Workspace(carriers)
        print(carried_summary(deliver_semi_real(made_of, out, parameters, seed), out))
        return
    with _progress_bar(accounts) as watch:
        made = invent(out, accounts, seed, parameters, watch)
    print(summary(made, out))


def carried_summary(made: SemiReal, out: Path) -> str:
    """What was laid upon the carriers, in words."""
    events = ", ".join(f"{count} {kind}" for kind, (count, _) in events_of(made).items())
    texts, masked = made.accounts["text_count"].sum(), made.accounts["masked_texts"].sum()
    return (
        f"{out}: {made.accounts.height} accounts of {made.accounts['carrier'].n_unique()} "
        f"carriers, {made.key_count} OpenPGP keys\n  ties: {events}\n"
        f"  of {texts} texts, {masked} name their account anew; the others are as they came"
    )


def summary(made: World, out: Path) -> str:
    """What was invented, in words."""
    rows = ", ".join(f"{count} {table}" for table, count in sorted(made.rows.items()))
    ties = ", ".join(f"{count} {kind}" for kind, count in sorted(made.ties.items()))
    return (
        f"{out}: {made.accounts} accounts of {made.hands} hands, {made.keys} OpenPGP keys, "
        f"{made.pictures} pictures\n  rows: {rows}\n  ties: {ties}"
    )


@contextmanager
def _progress_bar(accounts: int) -> Iterator[Watch]:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("accounts", total=accounts)
        yield lambda done: bar.update(task, completed=done)
