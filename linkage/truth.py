"""Known truth for an evaluation: which pairs are of one hand."""

from pathlib import Path

import polars as pl

from evidence.errors import RefusedInput
from evidence.records import account_id

REQUIRED = ("market_a", "handle_a", "market_b", "handle_b", "same")


def read_truth(path: Path) -> pl.DataFrame:
    """The pairs of a truth file: left, right (account ids), same (bool), kind (text, or null).

    Raises:
        RefusedInput: the file is no CSV, lacks a column, or `same` is not 0 or 1; names the line.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RefusedInput(f"{path}: not a truth file ({error})") from error
    missing = [column for column in REQUIRED if column not in table.columns]
    if missing:
        raise RefusedInput(f"{path}: no column {', '.join(missing)}; needs {', '.join(REQUIRED)}")
    wrong = (~table["same"].is_in(["0", "1"])).fill_null(True).arg_true()
    if len(wrong):
        raise RefusedInput(f"{path}: line {wrong[0] + 2}: `same` must be 0 or 1")
    return pl.DataFrame(
        {
            "left": map(account_id, table["market_a"], table["handle_a"]),
            "right": map(account_id, table["market_b"], table["handle_b"]),
            "same": table["same"] == "1",
            "kind": table["kind"] if "kind" in table.columns else [None] * table.height,
            "market_a": table["market_a"],
            "market_b": table["market_b"],
        },
        schema_overrides={"kind": pl.String, "left": pl.String, "right": pl.String},
    )
