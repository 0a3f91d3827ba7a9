"""From statements to pairs of accounts: whom does a handle on a market mean?"""

from collections.abc import Sequence

import polars as pl

from evidence.corpus import Corpus
from features.handles.folding import fold

MOST_BEARERS = 3
"""A handle that more accounts bear means none of them."""
MOST_SPOKEN_OF = 20
"""Who speaks of more accounts than this is no witness of any."""
ALONE_MIN_CHARS = 5
"""A shorter handle means somebody only where the market is named."""

SPOKEN = pl.Schema(
    {
        "account": pl.UInt32(),
        "other": pl.UInt32(),
        "claims": pl.Boolean(),
        "placed": pl.Boolean(),
        "text": pl.UInt32(),
        "start": pl.UInt32(),
        "end": pl.UInt32(),
    }
)
"""One row for each statement and account that it means, sorted: `account` says that it is
(`claims`), or is not, `other`; `placed`: it names the market on which `other` is."""


def resolve(corpus: Corpus, statements: pl.DataFrame) -> pl.DataFrame:
    """The columns `SPOKEN` of `reading.read_statements`.

    A handle on a named market means the accounts there that fold to it; where the market holds
    none, or none is named, the accounts elsewhere that do, if no ordinary word is spelled so.
    """
    bearers = corpus.accounts.select("market", name=fold(corpus.accounts["handle"])).with_row_index(
        "other"
    )
    numbered = statements.with_row_index("statement")
    placed = numbered.join(_few(bearers, ["name", "market"]), on=["name", "market"])
    left = numbered.join(placed, on="statement", how="anti")
    alone = (
        left.filter(pl.col("name").str.len_chars() >= ALONE_MIN_CHARS)
        .join(_few(bearers, ["name"]).drop("market"), on="name")
        .join(_words(corpus), on="name", how="anti")
    )
    found = pl.concat(
        [
            placed.with_columns(placed=pl.lit(value=True)).select(SPOKEN.names()),
            alone.with_columns(placed=pl.lit(value=False)).select(SPOKEN.names()),
        ]
    )
    others = found.filter(pl.col("account") != pl.col("other"))
    return (
        others.filter(pl.col("other").n_unique().over("account") <= MOST_SPOKEN_OF)
        .cast(SPOKEN)
        .unique()
        .sort(SPOKEN.names())
    )


def _few(bearers: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    named = bearers.drop_nulls("name")
    return named.filter(pl.len().over(by) <= MOST_BEARERS)


def _words(corpus: Corpus) -> pl.DataFrame:
    """Handles that the texts use as words."""
    words = corpus.spans.filter(pl.col("kind") == "handle_word")["value"].unique()
    return pl.DataFrame({"name": fold(words.rename("name"))}).drop_nulls().unique()
