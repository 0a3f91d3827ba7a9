"""What each account does with each key: displays it, quotes it, bears its name, signs with it."""

import polars as pl

from evidence.corpus import Corpus
from features.keys.displays import Displays
from features.keys.signatures import NAMED

COLLECTOR_KEYS = 3
"""An account that displays more keys than this as its own collects other people's keys."""

TALK = ("post_title", "post")
"""Grounds on which people speak of anybody's key."""

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
names it. `grade`: its best signature (see `signatures`), 0 for none. `quoting`: it looks as if
it showed somebody else's key. `text`, `signed_text`: rows of the corpus's texts where it stands
first, null where it does not."""


def read_shows(
    corpus: Corpus, displays: Displays, named: pl.DataFrame, signatures: pl.DataFrame
) -> pl.DataFrame:
    """The columns `SHOWS`, one row for each account and key that it displays or signed with.

    An account that is no owner of the key quotes it
    - where the key stands only within quotations,
    - where an owner is on the same market: who has two accounts on one market does not lend the one
      the key that names the other,
    - where an owner is elsewhere and the key stands only in posts: on a profile or in a column of
      keys one shows one's own, in a talk anybody's,
    - where the account displays more than `COLLECTOR_KEYS` keys.
    """
    rows = _deeds(displays, named, signatures, _talk(corpus))
    owners = _owners(corpus, named, rows)
    keys = (pl.col("displays") | (pl.col("grade") > 0)).sum().over("account")
    elsewhere = pl.col("key").is_in(owners["key"].unique().implode())
    unsaid = ~pl.col("displays") & (pl.col("grade") == 0)
    return (
        rows.join(_markets(corpus), on="account")
        .join(owners, on=["key", "market"], how="left")
        .with_columns(owned=pl.col("owned").fill_null(value=False))
        .with_columns(
            quoting=~pl.col("owner")
            & (unsaid | pl.col("owned") | (elsewhere & pl.col("talk")) | (keys > COLLECTOR_KEYS))
        )
        .select(SHOWS.names())
        .cast(SHOWS)
        .sort("account", "key")
    )


def _deeds(
    displays: Displays, named: pl.DataFrame, signatures: pl.DataFrame, talk: pl.DataFrame
) -> pl.DataFrame:
    """Displaying, naming and signing side by side; `talk`: it is displayed in posts only."""
    shown = (
        displays.rows.join(talk, on="text")
        .group_by("account", "key")
        .agg(
            pl.col("talk").all(),
            displays=~pl.col("quoted").all(),
            text=pl.col("text").sort_by("quoted", "text").first(),
        )
    )
    signed = signatures.rename({"text": "signed_text"})
    bears = named.with_columns(named=pl.lit(value=True))
    return (
        shown.join(signed, on=["account", "key"], how="full", coalesce=True)
        .join(bears, on=["account", "key"], how="left")
        .with_columns(pl.col("displays", "named").fill_null(value=False))
        .with_columns(pl.col("grade").fill_null(0), pl.col("talk").fill_null(value=True))
        .with_columns(owner=pl.col("named") | (pl.col("grade") >= NAMED))
    )


def _talk(corpus: Corpus) -> pl.DataFrame:
    """(text, talk): whether a text is part of a conversation."""
    return corpus.texts.select(
        text=pl.int_range(pl.len(), dtype=pl.UInt32), talk=pl.col("ground").is_in(TALK)
    )


def _markets(corpus: Corpus) -> pl.DataFrame:
    return corpus.accounts.select("market").with_row_index("account")


def _owners(corpus: Corpus, named: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """(key, market, owned): where a key has an owner, whether that one displays it or not."""
    found = [frame.select("account", "key") for frame in (named, rows.filter(pl.col("owner")))]
    return (
        pl.concat(found)
        .join(_markets(corpus), on="account")
        .select("key", "market", owned=pl.lit(value=True))
        .unique()
    )
