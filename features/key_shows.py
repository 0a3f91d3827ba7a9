"""What each account does with each key: displays it, quotes it, bears its name, signs with it."""

import polars as pl

from evidence.corpus import Corpus
from features.key_displays import Displays
from features.key_signatures import NAMED

COLLECTOR_KEYS = 3
"""An account that displays more keys than this as its own collects other people's keys."""

SHOWS = pl.Schema(
    {
        "account": pl.UInt32,
        "key": pl.UInt32,
        "displays": pl.Boolean,
        "owner": pl.Boolean,
        "grade": pl.Int8,
        "quoting": pl.Boolean,
        "text": pl.UInt32,
        "signed_text": pl.UInt32,
    }
)
"""`displays`: outside quotations. `owner`: the key bears its handle, or it signed a message that
names it. `grade`: its best signature (see `key_signatures`), 0 for none. `quoting`: it looks as if
it showed somebody else's key. `text`, `signed_text`: rows of the corpus's texts where it stands
first, null where it does not."""


def read_shows(
    corpus: Corpus, displays: Displays, named: pl.DataFrame, signatures: pl.DataFrame
) -> pl.DataFrame:
    """The columns `SHOWS`, one row for each account and key that it displays or signed with.

    An account that is no owner of the key quotes it where it stands only within quotations, where
    the account displays more than `COLLECTOR_KEYS` keys, or where an owner is on the same market:
    who has two accounts on one market does not lend the one the key that names the other.
    """
    shown = displays.rows.group_by("account", "key").agg(
        displays=~pl.col("quoted").all(), text=pl.col("text").sort_by("quoted", "text").first()
    )
    signed = signatures.rename({"text": "signed_text"})
    named = named.with_columns(named=pl.lit(value=True))
    rows = (
        shown.join(signed, on=["account", "key"], how="full", coalesce=True)
        .join(named, on=["account", "key"], how="left")
        .with_columns(pl.col("displays", "named").fill_null(value=False))
        .with_columns(pl.col("grade").fill_null(0))
        .with_columns(owner=pl.col("named") | (pl.col("grade") >= NAMED))
    )
    owned = _owned(corpus, named, rows)
    markets = corpus.accounts.select("market").with_row_index("account")
    keys = (pl.col("displays") | (pl.col("grade") > 0)).sum().over("account")
    return (
        rows.join(markets, on="account")
        .join(owned, on=["key", "market"], how="left")
        .with_columns(owned=pl.col("owned").fill_null(value=False))
        .with_columns(
            quoting=~pl.col("owner")
            & (
                pl.col("owned")
                | (keys > COLLECTOR_KEYS)
                | (~pl.col("displays") & (pl.col("grade") == 0))
            )
        )
        .select(SHOWS.names())
        .cast(SHOWS)
        .sort("account", "key")
    )


def _owned(corpus: Corpus, named: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The keys that have an owner, displayed by it or not, and on which market."""
    owners = pl.concat(
        [frame.select("account", "key") for frame in (named, rows.filter(pl.col("owner")))]
    )
    markets = corpus.accounts.select("market").with_row_index("account")
    return (
        owners.join(markets, on="account")
        .select("key", "market")
        .unique()
        .with_columns(owned=pl.lit(value=True))
    )
