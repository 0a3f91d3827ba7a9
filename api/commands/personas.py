"""`samehand personas`: who the published run believes to be one hand."""

from api.commands.options import CsvOption, JsonOption, WorkspaceOption, open_workspace
from api.commands.published import print_rows, published_table


def personas(
    workspace: WorkspaceOption = None, as_csv: CsvOption = False, as_json: JsonOption = False
) -> None:
    """Print the members of the personas of the published run.

    In CSV a handle that a spreadsheet would run as a formula is preceded by an apostrophe; JSON has
    every value as it is.
    """
    place = open_workspace(workspace)
    accounts = published_table(place, "accounts")
    rows = published_table(place, "members").join(accounts, on="account_id", maintain_order="left")
    print_rows(rows.select("market", "handle", "persona_id"), as_csv, as_json)
