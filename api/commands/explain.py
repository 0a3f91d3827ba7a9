"""`samehand explain LEFT RIGHT`: the waterfall of two accounts, from the prior to the total."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from api.active_model import model_for
from api.basis_now import Bases
from api.commands.explained_text import show
from api.commands.options import (
    JsonOption,
    ModelOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import published_run
from api.questions import published_pair
from api.recorded import record_read
from evidence.errors import NotPublished
from evidence.ledger import Ledger
from evidence.records import account_named
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from linkage.explanation import Explanation, explain_afresh, with_ruling
from linkage.readings import Watch, unwatched
from linkage.run_store import RunStore

AccountArgument = Annotated[str, typer.Argument(help="An account, as `market:handle`.")]


def explain(
    left: AccountArgument,
    right: AccountArgument,
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why two accounts are, or are not, proposed as one hand.

    A proposed link is explained by what its run found and stored. Any other pair is compared now,
    from what the archive holds in the view; so is every pair where `--model` names who judges.
    """
    place, accounts = open_workspace(workspace), (account_named(left), account_named(right))
    record_read(place, "explain", " | ".join(accounts), view)
    with _waiting() as watch:
        found = explained(place, accounts, model, view, watch)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1))
    else:
        show(found, source_names(place), Console())


def explained(
    workspace: Workspace,
    accounts: tuple[str, str],
    model: str | None = None,
    view: str = ALL,
    watch: Watch = unwatched,
) -> Explanation:
    """The explanation of a pair, in either order: as published, else computed now.

    With a `model` named it is computed now in any case.

    Args:
        workspace: where everything is.
        accounts: ids of the two.
        model: what judges where it is computed, see `active_model.model_for`.
        view: the view.
        watch: told after each stage where all that the archive holds must be read for it.

    Raises:
        UnknownThing: there is no such account, or no such view.
    """
    published = None
    if model is None:
        with suppress(NotPublished):
            run_id = published_run(workspace, view)
            published = published_pair(RunStore(workspace.runs, view), run_id, accounts)
    with Ledger.open(workspace) as ledger:
        readings = readings_in(ledger, view)
        rulings = ledger.rulings(readings)
        if published is not None:
            return with_ruling(published, rulings.decisions)
        bundle = model_for(workspace, model)
        basis = Bases(workspace, ledger, view, bundle).now(watch)
    return explain_afresh(basis, bundle, rulings, accounts)


@contextmanager
def _waiting() -> Iterator[Watch]:
    """Says on a terminal what is being done, where that takes long."""
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status("explaining") as status:
        yield lambda stage, _: status.update(
            f"reading what the archive holds, to keep it for the next question; done: {stage}"
        )


def source_names(workspace: Workspace) -> dict[str, str]:
    """File names of the sources by id."""
    with Ledger.open(workspace) as ledger:
        return {source.source_id: source.name for source in ledger.sources()}
