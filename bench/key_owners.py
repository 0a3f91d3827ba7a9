"""Are the owners of shared keys named right, and could they be?

    python bench/key_owners.py TRUTH WORKSPACE

TRUTH is a CSV file with the columns `fpr_tail`, the end of a fingerprint, and `owner`, a handle or
empty. An owner is at hand where an account has that handle, or one that folds to the same; else no
account is the right answer, and a key named as an account's is wrong.
"""

from collections import Counter
from pathlib import Path

import polars as pl

from api.cli import run_alone
from api.commands.keys import holdings_in
from api.commands.options import open_workspace
from api.taken_in import taken_in
from features.handles.folding import fold


def judged(truth: pl.DataFrame, held: pl.DataFrame, handles: pl.Series) -> pl.DataFrame:
    """One row a key that has an owner and is at hand: `at_hand`, and what was `said`."""
    found = truth.filter(pl.col("owner").fill_null("") != "").with_columns(
        fpr_tail=pl.col("fpr_tail").str.to_uppercase()
    )
    held = held.with_columns(fpr_tail=pl.col("fingerprint").str.to_uppercase().str.tail(16))
    found = found.join(held, on="fpr_tail", maintain_order="left")
    found = found.with_columns(right=fold(found["owner"]), named=fold(found["owner_handle"]))
    folded = fold(handles).unique().implode()
    return found.select(
        at_hand=pl.col("right").is_in(folded),
        said=pl.when(pl.col("named").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("named") == pl.col("right"))
        .then(pl.lit("the owner"))
        .when(pl.col("named").is_in(folded))
        .then(pl.lit("another account"))
        .otherwise(pl.lit("another name")),
    )


def main(truth: Path, workspace: Path) -> None:
    """Count what is said, of owners at hand and of others."""
    place, told = open_workspace(workspace), pl.read_csv(truth, infer_schema=False)
    rows = judged(told, holdings_in(place), taken_in(place).accounts["handle"])
    for at_hand, where in ((True, "an account at hand"), (False, "no account at hand")):
        said = Counter(rows.filter(at_hand=at_hand)["said"].to_list())
        words = ", ".join(f"{what} {count}" for what, count in sorted(said.items()))
        print(f"owner is {where}: {said.total()} keys; named: {words}")


if __name__ == "__main__":
    run_alone(main)
