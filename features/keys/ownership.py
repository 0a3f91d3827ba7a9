"""Who owns a key that accounts show: shown is not held.

What speaks for an account is counted in points of a judgement that people can follow; none of them
is a bit of evidence for a link. A signature decides. Then count the name in the key's own user id,
what the account says and where it shows the key, whose key others say it is, and who showed it
first. Where two accounts of different names come out nearly alike, the owner is unknown.
"""

import polars as pl

from evidence.corpus import Corpus
from features.handles.folding import fold
from features.keys.cues import FOREIGN, PLACED, SILENT
from features.keys.names import CONTAINED, EQUAL
from features.keys.signatures import NAMED, SIGNED

FEW = 3
"""Without words and names a key that more accounts show than this is nobody's."""
OWNED_POINTS, MARGIN_POINTS = 4, 2
"""What an owner has at least, and at least more than anybody of another name."""

POINTS = {
    "signed with it a message that names itself": 100,
    "its user id bears the handle": 8,
    "others say whose it is": 7,
    "one other says whose it is": 5,
    "shows it as its own": 5,
    "its user id is much like the handle": 4,
    "showed it first": 3,
    "nobody else shows it as its own": 3,
    "posted a message signed with it": 2,
    "shows it": 1,
    "shows many keys": -6,
    "shows it as somebody else's": -8,
}
"""What speaks for an account as the owner, in points; judged, not measured."""

OWNERS = pl.Schema(
    {"key": pl.UInt32, "account": pl.UInt32, "points": pl.Int32, "because": pl.String}
)
"""One row for each key that has an owner. `because`: what speaks for it, the weightiest first."""


def read_owners(
    corpus: Corpus, deeds: pl.DataFrame, named: pl.DataFrame, voices: pl.DataFrame
) -> pl.DataFrame:
    """The columns `OWNERS`, sorted by key.

    Args:
        corpus: for the names of the accounts.
        deeds: `deeds.DEEDS`.
        named: see `names.named_accounts`; who is named need not show the key.
        voices: `voices.VOICES`, for whom they point to.
    """
    points = _with_points(_standing(corpus, deeds, named, voices))
    handles = fold(corpus.accounts["handle"]).gather(points["account"])
    ranked = points.with_columns(name=handles).sort(
        ["key", "points", "first_at", "account"],
        descending=[False, True, False, False],
        nulls_last=True,
    )
    best = ranked.unique("key", keep="first", maintain_order=True)
    rivals = (
        ranked.join(best.select("key", best="name", winner="account"), on="key")
        .filter(pl.col("account") != pl.col("winner"))
        .filter(pl.col("name").ne_missing(pl.col("best")) | pl.col("name").is_null())
        .group_by("key")
        .agg(rival=pl.col("points").max())
    )
    margin = pl.col("points") - pl.col("rival").fill_null(-100) >= MARGIN_POINTS
    return (
        best.join(rivals, on="key", how="left", maintain_order="left")
        .filter((pl.col("points") >= OWNED_POINTS) & margin)
        .select(OWNERS.names())
        .cast(OWNERS)
        .sort("key")
    )


def _standing(
    corpus: Corpus, deeds: pl.DataFrame, named: pl.DataFrame, voices: pl.DataFrame
) -> pl.DataFrame:
    """Everybody who may own a key: who shows it, whom it names, whom others name."""
    own = pl.col("voice") >= SILENT
    first = (pl.col("first_at").rank("max") == 1) & ~(own & pl.col("first_at").is_null()).any()
    preceded = (pl.col("quoted_at").min().over("key") < pl.col("first_at")).fill_null(value=False)
    shown = deeds.drop("named").with_columns(
        first=(own & first.over("key")).fill_null(value=False),
        alone=own & (own.sum().over("key") == 1) & ((pl.col("voice") > SILENT) | ~preceded),
        crowd=own.sum().over("key"),
    )
    witnesses = _witnesses(corpus, voices)
    return (
        shown.join(named, on=["account", "key"], how="full", coalesce=True)
        .join(witnesses, on=["account", "key"], how="full", coalesce=True)
        .with_columns(
            pl.col("named", "grade", "witnesses", "crowd").fill_null(0),
            pl.col("first", "alone", "collects").fill_null(value=False),
        )
    )


def _witnesses(corpus: Corpus, voices: pl.DataFrame) -> pl.DataFrame:
    """(account, key, witnesses): how many others say that it is this account's key.

    A name is the account of that name on the speaker's market, else on any.
    """
    accounts = corpus.accounts.select("market", pointed=pl.col("handle").str.to_lowercase())
    accounts = accounts.with_row_index("account")
    said = voices.filter(pl.col("pointed").is_not_null()).select(
        "key",
        "pointed",
        speaker="account",
        market=accounts["market"].gather(voices.filter(pl.col("pointed").is_not_null())["account"]),
    )
    met = said.join(accounts, on="pointed", suffix="_named").with_columns(
        near=pl.col("market") == pl.col("market_named")
    )
    return (
        met.filter(pl.col("near") | ~pl.col("near").any().over("key", "speaker", "pointed"))
        .filter(pl.col("account") != pl.col("speaker"))
        .group_by("account", "key")
        .agg(witnesses=pl.col("speaker").n_unique())
    )


def _with_points(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their points, and with what gave them in words."""
    voice, few = pl.col("voice"), pl.col("crowd") <= FEW
    placed = voice >= PLACED
    unnamed = pl.col("named") < EQUAL
    holds = {
        "signed with it a message that names itself": pl.col("grade") >= NAMED,
        "its user id bears the handle": pl.col("named") == EQUAL,
        "others say whose it is": pl.col("witnesses") > 1,
        "one other says whose it is": pl.col("witnesses") == 1,
        "shows it as its own": placed,
        "its user id is much like the handle": pl.col("named") == CONTAINED,
        "showed it first": pl.col("first") & ~pl.col("alone") & (few | placed | ~unnamed),
        "nobody else shows it as its own": pl.col("alone"),
        "posted a message signed with it": pl.col("grade") == SIGNED,
        "shows it": voice == SILENT,
        "shows many keys": pl.col("collects") & unnamed,
        "shows it as somebody else's": (voice == FOREIGN) & unnamed,
    }
    true = {reason: holds[reason].fill_null(value=False) for reason in POINTS}
    points = pl.sum_horizontal(
        pl.when(held).then(POINTS[reason]).otherwise(0) for reason, held in true.items()
    )
    words = [pl.when(held).then(pl.lit(reason)) for reason, held in true.items()]
    return rows.with_columns(
        points=points, because=pl.concat_str(words, separator="; ", ignore_nulls=True)
    )
