"""`samehand personas`: who the published run believes to be one hand."""

from api.commands.options import CsvOption, JsonOption, WorkspaceOption, open_workspace
from api.commands.published import print_rows, published_tables


def personas(
    workspace: WorkspaceOption = None, as_csv: CsvOption = False, as_json: JsonOption = False
) -> None:
    """Print the members of the personas of the published run.

    In CSV a handle that a spreadsheet would run as a formula is preceded by an apostrophe; JSON has
    every value as it is.
    """
    accounts, members = published_tables(open_workspace(workspace), "accounts", "members")
    rows = members.join(accounts, on="account_id", maintain_order="left")
    print_rows(rows.select("market", "handle", "persona_id"), as_csv, as_json)
