"""`samehand model`: the models of a workspace, what they differ in, and which of them judges."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from api.active_model import activation_in_force, model_for
from api.commands.options import (
    CsvOption,
    JsonOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
    workspace_at,
)
from api.commands.published import print_rows
from api.model_card import model_card
from api.model_rows import FOR_PEOPLE, model_rows
from api.recorded import record_act, record_read
from api.settings import utc_now
from api.taken_in import nothing_taken_in
from api.terminal import plain
from evidence.activations import Activation, activate, activations, check_said, roll_back
from evidence.archive import load_corpus
from evidence.errors import UnknownThing
from evidence.ledger import Ledger
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from linkage.model_comparison import Comparison, Judge, compare_models
from linkage.model_store import ModelStore, refuse_unknown

app = typer.Typer(help="Models: what they differ in, and which one judges.", no_args_is_help=True)
ByOption = Annotated[str, typer.Option("--by", help="Who wants it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for those who read the log.")]
NameArgument = Annotated[str, typer.Argument(help="A model of `samehand model list`.")]
EitherArgument = Annotated[str, typer.Argument(help="A model by name, folder or hash.")]


@app.command("list")
def list_models(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the models of the workspace, which one judges, and who activated which, and why."""
    place = _place(workspace)
    record_read(place, "list models", "")
    made: list[Activation] = []
    if place.ledger.exists():
        with Ledger.open(place) as ledger:
            made = activations(ledger)
    rows = model_rows(ModelStore(place.models), activation_in_force(place))
    if as_json:
        said = {"models": rows, "activations": [asdict(a) for a in made]}
        typer.echo(json.dumps(said, default=str, indent=1))
        return
    table = pl.DataFrame(rows, infer_schema_length=None)
    print_rows(table.select(FOR_PEOPLE), as_csv=False, as_json=False)
    for activation in made:
        typer.echo(_line(activation))


@app.command("card")
def card(
    name: Annotated[
        str | None, typer.Argument(help="By name, folder or hash; else the active.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a model's card (Markdown): what it was measured on, what it needs, what is weak."""
    place = _place(workspace)
    model = model_for(place, name)
    record_read(place, "read model card", name or "")
    if as_json:
        typer.echo(model.rules.model_dump_json(indent=1, exclude_none=True))
        return
    typer.echo(model_card(name or model.rules.name, model), nl=False)


@app.command("compare")
def compare(
    before: EitherArgument,
    after: EitherArgument,
    first: Annotated[int, typer.Option(min=0, help="How many pairs to print.")] = 20,
    view: ViewOption = ALL,
    workspace: WorkspaceOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say which links one model proposes and the other does not, and which bits make it so.

    Nothing is stored and nothing is published. `--csv` and `--json` give all pairs.
    """
    place = open_workspace(workspace)
    judges = [Judge.of(model_for(place, word)) for word in (before, after)]
    record_read(place, "compare models", f"{before} | {after}", view)
    with Ledger.open(place) as ledger:
        readings = readings_in(ledger, view)
        rulings = ledger.rulings(readings)
    corpus = load_corpus(place, readings)
    if corpus.account_count == 0:
        raise nothing_taken_in(place, view)
    found = compare_models(corpus, rulings, judges[0], judges[1])
    if as_json:
        said = {"counts": found.counts.to_dicts(), "pairs": found.rows.to_dicts()}
        typer.echo(json.dumps(said, indent=1))
    elif as_csv:
        print_rows(found.rows, as_csv=True, as_json=False)
    else:
        _print(found, first)


@app.command("activate")
def activate_model(
    name: NameArgument,
    by: ByOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a model judge from the next recomputation on; it is frozen under its hash."""
    place = open_workspace(workspace)
    store = ModelStore(place.models)
    if name not in store.names():
        raise UnknownThing("model", name)
    model = store.load(name)
    refuse_unknown(model)
    wanted = Activation(name, model.model_hash, by, reason, utc_now())
    store.freeze(model)
    record_act(place, "activate model", f"{name} {model.model_hash}", by, reason)
    with Ledger.open(place) as ledger:
        _tell(activate(ledger, wanted), as_json)


@app.command("rollback")
def rollback(
    by: ByOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go back to the model that was active before; both stay on record."""
    place = open_workspace(workspace)
    check_said(by, reason)
    now = activation_in_force(place)
    record_act(place, "roll model back", now.name if now else "", by, reason)
    with Ledger.open(place) as ledger:
        _tell(roll_back(ledger, by, reason, utc_now()), as_json)


def _place(folder: Path | None) -> Workspace:
    """The models that come with Samehand need no workspace; one that is named has to be there."""
    return workspace_at(None) if folder is None else open_workspace(folder)


def _tell(activation: Activation, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(activation), default=str, indent=1))
        return
    typer.echo(_line(activation))
    typer.echo("it judges from the next `samehand recompute` on; stored runs keep theirs")


def _line(activation: Activation) -> str:
    act = "activated" if activation.undoes is None else f"rolled back {activation.undoes} to"
    model_hash = activation.model_hash[:12] if activation.model_hash else "as it comes"
    return (
        f"{activation.number}: {plain(activation.person)} {act} {plain(activation.name)} "
        f"({model_hash}) on {activation.at:%Y-%m-%d}: {plain(activation.reason)}"
    )


def _print(found: Comparison, first: int) -> None:
    counts: list[dict[str, Any]] = found.counts.to_dicts()
    for row in counts:
        same = row["before"] == row["after"]
        moved = f"stay {row['before']}" if same else f"{row['before']} -> {row['after']}"
        typer.echo(f"{row['pairs']:>8,} pairs {moved}")
    if found.rows.is_empty():
        typer.echo("the same links, in the same bands")
        return
    print_rows(found.rows.head(first), as_csv=False, as_json=False)
    if found.rows.height > first:
        typer.echo(f"the first {first} of {found.rows.height:,}; --csv or --json gives all")
