"""Options that every command shares."""

from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
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


def open_workspace(folder: Path | None) -> Workspace:
    """The workspace named on the command line, else the one of the settings."""
    return Workspace(folder if folder is not None else Settings().workspace)
