"""`samehand personas`: who the published run believes to be one hand."""

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
from api.commands.published import print_rows, published_tables
from api.recorded import record_read
from evidence.ledger import Ledger
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from linkage.candidate_members import standings
from linkage.decided import last_rulings

LeadsOption = Annotated[
    bool,
    typer.Option(
        "--with-leads",
        help="Add the accounts that leads put beside one persona, and beside each other, marked "
        "as candidates.",
    ),
]


def personas(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    with_leads: LeadsOption = False,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the members of the personas of a view's published run.

    In CSV a handle that a spreadsheet would run as a formula is preceded by an apostrophe; JSON has
    every value as it is.
    """
    place = open_workspace(workspace)
    record_read(place, "read personas", "", view)
    accounts, members, links = published_tables(place, "accounts", "members", "links", view=view)
    columns = ["market", "handle", "persona_id"]
    if with_leads:
        members = standings(links, members, _ruled_different(place, view))
        columns.append("standing")
    rows = members.join(accounts, on="account_id", maintain_order="left")
    print_rows(rows.select(columns), as_csv, as_json)


def _ruled_different(place: Workspace, view: str) -> pl.DataFrame:
    with Ledger.open(place) as ledger:
        decisions = ledger.rulings(readings_in(ledger, view)).decisions
    return last_rulings(decisions).filter(ruling="different")
