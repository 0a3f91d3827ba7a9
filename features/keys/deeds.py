"""What each account does with each key, before anything is concluded from it."""

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.keys.cues import SILENT
from features.keys.names import EQUAL
from features.keys.signatures import NAMED

COLLECTOR_KEYS = 3
"""An account that displays more keys than this without being named by them collects other people's
keys."""

DEEDS = pl.Schema(
    {
        "account": pl.UInt32(),
        "key": pl.UInt32(),
        "displays": pl.Boolean(),
        "voice": pl.Int8(),
        "talk": pl.Boolean(),
        "named": pl.Int8(),
        "grade": pl.Int8(),
        "collects": pl.Boolean(),
        "first_at": UTC_TIME,
        "quoted_at": UTC_TIME,
        "text": pl.UInt32(),
        "signed_text": pl.UInt32(),
    }
)
"""`displays`: outside quotations. `voice`: the best of its displays, see `cues`; null where it only
signed. `talk`: it is displayed in conversations only. `named`: how the key's user id bears its
handle, see `names`; 0 for not. `grade`: its best signature (see `signatures`), 0 for none.
`collects`: it shows too many keys that do not name it. `first_at`: when it first showed the key
other than as somebody else's, `quoted_at`: when as such; null where that is not known. `text`,
`signed_text`: rows of the corpus's texts where it stands, null where it does not."""


def read_deeds(
    corpus: Corpus, voices: pl.DataFrame, named: pl.DataFrame, signatures: pl.DataFrame
) -> pl.DataFrame:
    """The columns `DEEDS`, one row for each account and key that it displays or signed with.

    Args:
        corpus: where the times are.
        voices: `voices.VOICES`.
        named: see `names.named_accounts`.
        signatures: `signatures.SIGNATURES`.
    """
    signed = signatures.rename({"text": "signed_text"})
    rows = (
        _shown(corpus, voices)
        .join(signed, on=["account", "key"], how="full", coalesce=True)
        .join(named, on=["account", "key"], how="left")
        .with_columns(
            pl.col("displays").fill_null(value=False),
            pl.col("talk").fill_null(value=True),
            pl.col("grade", "named").fill_null(0),
        )
    )
    nameless = (pl.col("named") < EQUAL) & (pl.col("grade") < NAMED) & (pl.col("voice") >= SILENT)
    return (
        rows.with_columns(collects=nameless.sum().over("account") > COLLECTOR_KEYS)
        .select(DEEDS.names())
        .cast(DEEDS)
        .sort("account", "key")
    )


def _shown(corpus: Corpus, voices: pl.DataFrame) -> pl.DataFrame:
    """The displays of each account and key as one."""
    own = pl.col("voice") >= SILENT
    dated = ~(own & pl.col("seen_at").is_null()).any()
    seen_at = corpus.texts["seen_at"].gather(voices["text"])
    return (
        voices.with_columns(seen_at=seen_at)
        .group_by("account", "key")
        .agg(
            pl.col("voice").max(),
            pl.col("talk").all(),
            displays=~pl.col("quoted").all(),
            first_at=pl.when(dated).then(pl.col("seen_at").filter(own).min()),
            quoted_at=pl.col("seen_at").filter(~own).min(),
            text=pl.col("text").sort_by(-pl.col("voice"), "text").first(),
        )
    )
