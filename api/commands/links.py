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
from api.wording import expected_wrong, percent, signed
from evidence.errors import RefusedInput
from evidence.views import ALL
from linkage.q_values import expected_among

COLUMNS = (
    *("market_a", "handle_a", "market_b", "handle_b"),
    *("band", "verdict", "copier", "probability", "bits", "possible_framing"),
    *("link_id", "q_value"),
)


def links(
    workspace: WorkspaceOption = None,
    band: Annotated[
        Literal["lead", "strong", "proved", "copies"] | None,
        typer.Option(help="Only this band, or only `copies`."),
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Only the N best of one hand, and how many of them are expected to be wrong.",
        ),
    ] = None,
    view: ViewOption = ALL,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print the proposed links of a view's published run, the surest first.

    `q_value` is the share that is expected to be wrong among all links of one hand at least as
    good (docs/error-control.md). In CSV a handle that a spreadsheet would run as a formula is
    preceded by an apostrophe; JSON has every value as it is.
    """
    if budget is not None and band is not None:
        raise RefusedInput("--budget takes the best links of all bands: leave --band out")
    place = open_workspace(workspace)
    record_read(place, "read links", band or "", view)
    accounts, proposed = published_tables(place, "accounts", "links", view=view)
    chosen = proposed.filter(pl.lit(True) if band is None else pl.col("queue_bucket") == band)
    chosen = chosen.sort("bits", "left", "right", descending=[True, False, False])
    if budget is not None:
        chosen = _best(chosen, budget)
    rows = _with_accounts(chosen, accounts)
    print_rows(rows.select(COLUMNS) if as_csv or as_json else _for_people(rows), as_csv, as_json)
    if budget is not None:
        wrong_count = expected_among(chosen["q_value"])
        typer.echo(expected_wrong(chosen.height, wrong_count), err=as_csv or as_json)


def _best(links: pl.DataFrame, count: int) -> pl.DataFrame:
    """The links of one hand with the least q-values, of equal ones those with most bits."""
    same = links.filter(verdict="same")
    return same.sort("q_value", maintain_order=True).head(count)


def _with_accounts(links: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The links with market and handle of both sides, a and b."""
    accounts = accounts.select("account_id", "market", "handle")
    return (
        links.join(accounts, left_on="left", right_on="account_id", maintain_order="left")
        .rename({"market": "market_a", "handle": "handle_a"})
        .join(accounts, left_on="right", right_on="account_id", maintain_order="left")
        .rename({"market": "market_b", "handle": "handle_b"})
    )


def _for_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with accounts in one word each, and the band or who copies."""
    copies = (
        pl.when(pl.col("copier") == pl.col("left"))
        .then(pl.lit("a copies b"))
        .when(pl.col("copier") == pl.col("right"))
        .then(pl.lit("b copies a"))
        .otherwise(pl.lit("one copies"))
    )
    return rows.select(
        account_a="left",
        account_b="right",
        proposed=pl.coalesce("band", copies),
        probability=pl.col("probability").map_elements(percent, pl.String),
        bits=pl.col("bits").map_elements(signed, pl.String),
        q_value=pl.col("q_value").map_elements(percent, pl.String),
    )
