"""Options that every command shares."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from evidence.errors import RefusedInput
from evidence.masking import MASKABLE, Masked
from evidence.workspace import Workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="Folder of archive, ledger, runs and graph  [SAMEHAND_WORKSPACE; ./workspace]",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV, safe to open in a spreadsheet.")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, for those who read the log.")]
ViewOption = Annotated[str, typer.Option("--view", help="The view, see `samehand view list`.")]

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="A model of `samehand model list`, or a folder; without it the active one.",
        show_default=False,
    ),
]
MaskOption = Annotated[
    str, typer.Option("--mask", help="Hide these first: handle,key,contact.", show_default=False)
]


def open_workspace(folder: Path | None) -> Workspace:
    """The workspace named on the command line, else the one of the settings.

    Raises:
        RefusedInput: there is none in that folder, and none is made.
    """
    return workspace_at(folder).existing()


def workspace_at(folder: Path | None) -> Workspace:
    """The same for commands that make it, or need none: it may not be there."""
    return Workspace(folder if folder is not None else Settings().workspace)


def listed(value: str | None, known: Sequence[str], option: str) -> list[str] | None:
    """The names in a value such as `a,b`; None where there is none.

    Raises:
        RefusedInput: one of them is not known; the message names the option, and those there are.
    """
    names = value.split(",") if value else None
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise RefusedInput(f"{option}: no {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def masks(value: str) -> list[Masked]:
    """What `--mask` hides, in the order in which it is hidden; see `listed`."""
    hidden = listed(value, MASKABLE, "--mask") or ()
    return [name for name in MASKABLE if name in hidden]
