"""`samehand`: every command, and what an error looks like on a terminal."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from api.terminal import plain
from evidence.errors import SamehandError

COMMANDS = (
    "changes",
    "decisions",
    "demo",
    "evaluate",
    "explain",
    "intake",
    "keys",
    "links",
    "markets",
    "model",
    "personas",
    "photo",
    "public",
    "recompute",
    "serve",
    "source",
    "train",
    "view",
    "world",
)
"""Modules of `api.commands`, each with a command or a group (`app`) of that name."""


def app_of(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands; what only others need is not loaded."""
    app = typer.Typer(
        name="samehand",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
    )
    app.callback()(samehand)
    for name in names:
        module = import_module(f"api.commands.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"samehand {version('samehand')}")
        raise typer.Exit


def samehand(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Finds vendor accounts that are run by the same hand, and says why."""


def main() -> None:
    """Run the command line."""
    _run(app_of([word for word in sys.argv[1:2] if word in COMMANDS] or COMMANDS))


def run_alone(command: Callable[..., None]) -> None:
    """Run a program that is one command, its options the arguments of a function."""
    app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    app.command()(command)
    _run(app)


def _run(app: typer.Typer) -> None:
    """Run a command line; an error meant for people is printed as one line, exit status 1."""
    try:
        app()
    except SamehandError as error:
        typer.echo(f"samehand: {plain(error)}", err=True)
        sys.exit(1)
