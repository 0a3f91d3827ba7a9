"""What each account does with each key: holds it, shows it as its own, or as somebody else's."""

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.keys.cues import FOREIGN, PLACED, SILENT
from features.keys.names import CONTAINED, EQUAL
from features.keys.signatures import NAMED

SHOWS = pl.Schema(
    {
        "account": pl.UInt32(),
        "key": pl.UInt32(),
        "displays": pl.Boolean(),
        "voice": pl.Int8(),
        "owner": pl.Boolean(),
        "own": pl.Boolean(),
        "grade": pl.Int8(),
        "quoting": pl.Boolean(),
        "rank": pl.Int32(),
        "first_at": UTC_TIME,
        "text": pl.UInt32(),
        "signed_text": pl.UInt32(),
    }
)
"""`displays`, `voice`, `grade`, `first_at`, `text`, `signed_text`: see `deeds.DEEDS`. `owner`: the
key bears its handle, or it signed a message that names it. `own`: it shows the key as its own, by
that, in words, or where one shows one's own. `quoting`: it looks as if it showed somebody else's.
`rank`: how many of those that do not quote the key showed it by then, itself among them; who comes
later makes it no commoner. Where it is not known when one showed it, all count for it, and it for
all: it may have been before."""

LENDING_POINTS = 7
"""An owner with at least so many points (`ownership.POINTS`) makes who shows the key without a word
one who quotes it."""


def read_shows(
    corpus: Corpus, deeds: pl.DataFrame, owners: pl.DataFrame, named: pl.DataFrame
) -> pl.DataFrame:
    """The columns `SHOWS`, one row for each account and key that it displays or signed with.

    An account that is not the key's owner, whose handle the key does not bear, and that signed
    nothing naming it, quotes the key
    - where it shows it as somebody else's: within a quotation, in words, in a list of keys,
    - where it says nothing, and an owner is on the same market: who has two accounts on one market
      does not lend the one the key of the other,
    - where it says nothing in a conversation, and an owner is elsewhere,
    - where it shows many keys.

    Args:
        corpus: for the markets.
        deeds: `deeds.DEEDS`.
        owners: `ownership.OWNERS`.
        named: see `names.named_accounts`.
    """
    voice = pl.col("voice").fill_null(SILENT)
    bears = (pl.col("named") == EQUAL) | ((pl.col("named") == CONTAINED) & (voice > FOREIGN))
    rows = deeds.with_columns(
        market=corpus.accounts["market"].gather(deeds["account"]),
        owner=bears | (pl.col("grade") >= NAMED),
    )
    judged = owners.filter(pl.col("points") >= LENDING_POINTS).select("account", "key")
    owned = _owned(corpus, [rows.filter("owner"), named.filter(pl.col("named") == EQUAL), judged])
    is_owner = pl.col("owner") | pl.col("judged")
    lent = (voice == SILENT) & (pl.col("here") | (pl.col("elsewhere") & pl.col("talk")))
    return (
        rows.join(owned, on=["key", "market"], how="left")
        .join(judged.with_columns(judged=True), on=["account", "key"], how="left")
        .with_columns(pl.col("here", "judged").fill_null(value=False))
        .with_columns(elsewhere=pl.col("key").is_in(owned["key"].unique().implode()))
        .with_columns(quoting=~is_owner & ((voice == FOREIGN) | lent | pl.col("collects")))
        .with_columns(own=~pl.col("quoting") & (pl.col("owner") | (voice >= PLACED)), rank=_rank())
        .select(SHOWS.names())
        .cast(SHOWS)
        .sort("account", "key")
    )


def _owned(corpus: Corpus, owning: list[pl.DataFrame]) -> pl.DataFrame:
    """(key, market, here): where a key has an owner, whether that one displays it or not."""
    found = pl.concat([frame.select("account", "key") for frame in owning])
    markets = corpus.accounts["market"].gather(found["account"])
    return found.select("key", market=markets, here=pl.lit(value=True)).unique()


def _rank() -> pl.Expr:
    shows, dated = ~pl.col("quoting"), pl.col("first_at").is_not_null()
    before = pl.when(shows).then(pl.col("first_at")).rank("max") + (shows & ~dated).sum()
    return before.over("key").fill_null(shows.sum().over("key"))
