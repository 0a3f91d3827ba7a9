"""Files of people that name accounts: CSV, a market and a handle for each."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.errors import RefusedInput
from evidence.records import account_id, canonical
from linkage.entities import entities_of

NAMES = ("market", "handle")


def table_of_names(
    path: Path, what: str, names: Sequence[str], others: Sequence[str] = ()
) -> pl.DataFrame:
    """A CSV file of text columns, its names as they are stored.

    Args:
        path: the file; columns beyond these are kept as they are.
        what: what is in the file, for messages.
        names: columns of markets and handles, none of them empty in any row.
        others: further columns that it must have.

    Raises:
        RefusedInput: it is no CSV, lacks a column, or a name is empty; with file and line.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        is_missing = isinstance(error, FileNotFoundError)
        why = "the file is missing" if is_missing else str(error).partition("\n")[0]
        raise RefusedInput(f"{path}: not a file of {what} ({why})") from error
    needed = (*names, *others)
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise RefusedInput(f"{path}: no column {', '.join(missing)}; needs {', '.join(needed)}")
    nameless = table.select(pl.any_horizontal(pl.col(names).is_null())).to_series().arg_true()
    if len(nameless):
        raise RefusedInput(f"{path}: line {nameless[0] + 2}: a market or a handle is empty")
    return table.with_columns(pl.Series(name, map(canonical, table[name])) for name in names)


def without_named(accounts: pl.DataFrame, path: Path, decisions: pl.DataFrame) -> NDArray[np.bool_]:
    """Who may be learned from (n,) where the accounts of a file, and whoever is tied to them, not.

    Args:
        accounts: `account_id` and `handle` of n accounts as assembled, not masked.
        path: CSV: market,handle.
        decisions: as for `linkage.entities.entities_of`, which says who is tied.

    Raises:
        RefusedInput: it is no such file, or names an account that is not here; with file and line.
    """
    table = table_of_names(path, "accounts", NAMES)
    named = pl.Series(map(account_id, table["market"], table["handle"]), dtype=pl.String)
    unknown = (~named.is_in(accounts["account_id"].implode())).arg_true()
    if len(unknown):
        line, who = unknown[0] + 2, named[unknown[0]]
        raise RefusedInput(f"{path}: line {line}: no account {who} in this workspace")
    entities = entities_of(accounts, None, decisions)
    gone = entities.filter(pl.col("account_id").is_in(named.implode()))["entity"]
    kept = entities.filter(~pl.col("entity").is_in(gone.implode()))["account_id"]
    return accounts["account_id"].is_in(kept.implode()).to_numpy()
