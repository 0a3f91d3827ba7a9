"""`samehand personas`: who the published run believes to be one hand."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import polars as pl
import typer

from api.commands.options import (
    CsvOption,
    JsonOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import print_rows, published_run, published_tables
from api.recorded import record_read
from api.terminal import plain
from api.wording import signed
from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.records import account_named
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from linkage.candidate_members import standings
from linkage.decided import last_rulings
from linkage.proposals import link_id
from linkage.run_store import RunStore
from linkage.what_if import Without, without_link

LeadsOption = Annotated[
    bool,
    typer.Option(
        "--with-leads",
        help="Add the accounts that leads put beside one persona, and beside each other, marked "
        "as candidates.",
    ),
]

WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="What if this link is wrong: the id of a link; or given twice, two accounts.",
    ),
]
BRIEFLY: Mapping[str, pl.Expr] = {
    "cohesion": pl.col("cohesion_bits").map_elements(signed, pl.String),
    "bridge": pl.col("bridge_bits").map_elements(signed, pl.String),
    "crew": pl.when("possible_crew").then(pl.lit("possible")).otherwise(pl.lit("")),
}
"""Narrow names, for terminals: bits of both, see `run_tables.PERSONAS`."""
PAIR = 2
HELD_BY: Mapping[str | None, str] = {
    "link": "held together by a link of {bits:.1f} bits",
    "same": "held together by a person's ruling; the evidence that counts has {bits:.1f} bits",
    "against": "held apart by evidence of {bits:.1f} bits",
    "copies": "held apart, since one copies the other",
    "different": "held apart by a person's ruling; the evidence that counts has {bits:.1f} bits",
    None: "no persona rests on anything between these two: a lead joins none",
}


def personas(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    with_leads: LeadsOption = False,
    without: WithoutOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the members of the personas of a view's published run, and how well each holds.

    CSV has the members only, JSON all that is known of how they hold. In CSV a handle that a
    spreadsheet would run as a formula is preceded by an apostrophe; JSON has every value as it is.
    """
    place = open_workspace(workspace)
    record_read(place, "read personas", " | ".join(without or ()), view)
    if without:
        _show_without(_without(place, view, without), as_json)
        return
    names = ("accounts", "members", "links", "personas")
    accounts, members, links, health = published_tables(place, *names, view=view)
    columns = ["market", "handle", "persona_id"]
    if with_leads:
        members = standings(links, members, _ruled_different(place, view))
        columns.append("standing")
    rows = members.join(accounts, on="account_id", maintain_order="left")
    rows = rows.join(health, on="persona_id", how="left", maintain_order="left")
    holds = health.columns[1:] if as_json else []
    shown = {} if as_csv or as_json else BRIEFLY
    print_rows(rows.select(*columns, *holds, **shown), as_csv, as_json)


def _without(place: Workspace, view: str, named: list[str]) -> Without:
    """What the bond decides that is named by its id, or by its two accounts."""
    if len(named) > PAIR:
        raise RefusedInput("--without takes the id of a link, or is given twice with an account")
    if len(named) == 1 and ":" in named[0]:
        raise RefusedInput("--without is given twice with an account: a link has two")
    accounts = sorted(account_named(text) for text in named) if len(named) == PAIR else []
    bond = link_id(*accounts) if accounts else named[0]
    try:
        return without_link(RunStore(place.runs, view), published_run(place, view), bond, None)
    except UnknownThing as error:
        if not accounts or error.name != bond:
            raise
        raise UnknownThing("link between these accounts:", " and ".join(accounts)) from error


def _show_without(found: Without, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"changes": found.changes}, indent=1))
        return
    pair = f"{plain(found.left)} and {plain(found.right)}"
    held = HELD_BY[found.held_by].format(bits=found.bits or 0.0)
    typer.echo(f"{pair}: {held}")
    if not found.changes:
        typer.echo("Without it no persona would be another.")
        return
    for persona in found.before:
        typer.echo(f"{persona.persona_id}: {', '.join(map(plain, persona.members))}")
    typer.echo("would be, without it:")
    for part in found.after:
        alone = " (alone)" if len(part) == 1 else ""
        typer.echo(f"  {', '.join(map(plain, part))}{alone}")


def _ruled_different(place: Workspace, view: str) -> pl.DataFrame:
    with Ledger.open(place) as ledger:
        decisions = ledger.rulings(readings_in(ledger, view)).decisions
    return last_rulings(decisions).filter(ruling="different")
