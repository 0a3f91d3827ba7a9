"""`samehand`: every command, and what an error looks like on a terminal."""

import sys

import typer

from api.commands import (
    changes,
    decisions,
    demo,
    evaluate,
    explain,
    intake,
    keys,
    links,
    markets,
    model,
    personas,
    photo,
    public,
    recompute,
    serve,
    source,
    train,
    view,
    world,
)
from evidence.errors import SamehandError

app = typer.Typer(
    name="samehand",
    help="Finds vendor accounts that are run by the same hand, and says why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command("changes")(changes.changes)
app.add_typer(decisions.app, name="decisions")
app.command("demo")(demo.demo)
app.command("evaluate")(evaluate.evaluate)
app.command("explain")(explain.explain)
app.command("intake")(intake.intake)
app.command("keys")(keys.keys)
app.command("links")(links.links)
app.add_typer(markets.app, name="markets")
app.add_typer(model.app, name="model")
app.command("personas")(personas.personas)
app.command("photo")(photo.photo)
app.add_typer(public.app, name="public")
app.command("recompute")(recompute.recompute)
app.command("serve")(serve.serve)
app.add_typer(source.app, name="source")
app.add_typer(train.app, name="train")
app.add_typer(view.app, name="view")
app.command("world")(world.world)


def main() -> None:
    """Run the command line; an error meant for people is printed as one line, exit status 1."""
    try:
        app()
    except SamehandError as error:
        typer.echo(f"samehand: {error}", err=True)
        sys.exit(1)
