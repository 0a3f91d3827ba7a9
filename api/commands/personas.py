"""`samehand personas`: who the published run believes to be one hand."""

from api.commands.options import (
    CsvOption,
    JsonOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import print_rows, published_tables
from api.recorded import record_read
from evidence.views import ALL


def personas(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the members of the personas of a view's published run.

    In CSV a handle that a spreadsheet would run as a formula is preceded by an apostrophe; JSON has
    every value as it is.
    """
    place = open_workspace(workspace)
    record_read(place, "read personas", "", view)
    accounts, members = published_tables(place, "accounts", "members", view=view)
    rows = members.join(accounts, on="account_id", maintain_order="left")
    print_rows(rows.select("market", "handle", "persona_id"), as_csv, as_json)
