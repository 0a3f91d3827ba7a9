"""Key blocks that could not be read: where they stand and why, as people ask for them."""

import polars as pl

from evidence.corpus import Corpus
from features.keys.displays import Displays

REFUSALS = pl.Schema(
    {
        "market": pl.String,
        "handle": pl.String,
        "reason": pl.String,
        "source_id": pl.String,
        "place": pl.String,
    }
)
"""One row for each time that such a block stands in a text of an account."""


def refusals_of(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """The columns `REFUSALS`, sorted by account and place."""
    accounts = corpus.accounts.select("market", "handle").with_row_index("account")
    places = corpus.texts.select("source_id", "place").with_row_index("text")
    rows = displays.refused.sort("account", "text", "start")
    return (
        rows.join(accounts, on="account", how="left", maintain_order="left")
        .join(places, on="text", how="left", maintain_order="left")
        .select(REFUSALS.names())
        .cast(REFUSALS)
    )
