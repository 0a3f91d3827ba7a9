"""Owners of keys that are no account at hand: known by name, from what others say of their keys."""

import polars as pl

from evidence.corpus import Corpus
from features.keys.cues import FOREIGN
from features.keys.displays import Displays
from features.keys.names import names_in

SURE_POINTS = 5
"""An account that has fewer points as the owner stands behind a name that others give."""

ABSENT = pl.Schema(
    {
        "key": pl.UInt32,
        "owner_market": pl.String,
        "owner_handle": pl.String,
        "because": pl.String,
    }
)
"""`owner_market`: where the key was first shown; nobody says that the owner is an account there."""
SAID = "others say whose it is, and no account is called that"
BORNE = "others say that it is somebody's, and its user id bears the name"


def absent_owners(
    corpus: Corpus, displays: Displays, voices: pl.DataFrame, owners: pl.DataFrame
) -> pl.DataFrame:
    """The columns `ABSENT`, sorted by key: of keys that no account is sure to own.

    The name is the one that most who show the key as somebody else's give it, as far as it is not
    an account's; where they give none, and no account seems to be the owner, the first name in the
    key's user ids.

    Args:
        corpus: for the handles.
        displays: its keys.
        voices: `voices.VOICES`.
        owners: `ownership.OWNERS`.
    """
    handles = corpus.accounts["handle"].str.to_lowercase().drop_nulls().unique()
    sure = owners.filter(pl.col("points") >= SURE_POINTS)["key"]
    foreign = voices.filter((pl.col("voice") == FOREIGN) & ~pl.col("key").is_in(sure.implode()))
    said = (
        foreign.filter(
            pl.col("pointed").is_not_null() & ~pl.col("pointed").is_in(handles.implode())
        )
        .group_by("key", owner_handle="pointed")
        .agg(count=pl.col("account").n_unique())
        .sort("key", "count", "owner_handle", descending=[False, True, False])
        .unique("key", keep="first", maintain_order=True)
        .select("key", "owner_handle", because=pl.lit(SAID))
    )
    others = foreign.filter(~pl.col("key").is_in(owners["key"].implode()))["key"].unique()
    borne = [
        (key, names[0], BORNE)
        for key in others.sort().to_list()
        if (names := names_in(displays.keys[key])) and names[0] not in handles
    ]
    found = pl.concat([said, pl.DataFrame(borne, schema=said.schema, orient="row")])
    markets = corpus.accounts["market"].gather(voices["account"])
    shown = voices.select("key", "text", owner_market=markets).sort("key", "text")
    first = shown.unique("key", keep="first", maintain_order=True)
    return (
        found.unique("key", keep="first", maintain_order=True)
        .join(first, on="key")
        .select(ABSENT.names())
        .cast(ABSENT)
        .sort("key")
    )
