"""`samehand links`: the proposed links of the published run."""

from typing import Annotated, Literal

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
from api.wording import percent
from evidence.views import ALL

COLUMNS = (
    *("market_a", "handle_a", "market_b", "handle_b"),
    *("band", "verdict", "copier", "probability", "bits", "possible_framing"),
)


def links(
    workspace: WorkspaceOption = None,
    band: Annotated[
        Literal["lead", "strong", "proved", "copies"] | None,
        typer.Option(help="Only this band, or only `copies`."),
    ] = None,
    view: ViewOption = ALL,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the proposed links of a view's published run, the surest first.

    In CSV a handle that a spreadsheet would run as a formula is preceded by an apostrophe; JSON has
    every value as it is.
    """
    place = open_workspace(workspace)
    record_read(place, "read links", band or "", view)
    accounts, proposed = published_tables(place, "accounts", "links", view=view)
    accounts = accounts.select("account_id", "market", "handle")
    rows = (
        proposed.filter(pl.lit(True) if band is None else pl.col("queue_bucket") == band)
        .sort("bits", "left", "right", descending=[True, False, False])
        .join(accounts, left_on="left", right_on="account_id", maintain_order="left")
        .rename({"market": "market_a", "handle": "handle_a"})
        .join(accounts, left_on="right", right_on="account_id", maintain_order="left")
        .rename({"market": "market_b", "handle": "handle_b"})
    )
    if as_csv or as_json:
        print_rows(rows.select(COLUMNS), as_csv, as_json)
    else:
        print_rows(_for_people(rows), as_csv, as_json)


def _for_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with accounts in one word each, and the band or who copies."""
    copies = pl.format("{} copies", pl.col("copier").replace("unknown", "one"))
    return rows.select(
        account_a="left",
        account_b="right",
        proposed=pl.coalesce("band", copies),
        probability=pl.col("probability").map_elements(percent, pl.String),
        bits=pl.col("bits").round(1),
    )
