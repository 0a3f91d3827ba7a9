"""Which account displays which value, where, and in whose words."""

from collections.abc import Sequence

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.values.stance import AFTER_CHARS, BEFORE_CHARS, stance_of

TALK = ("post_title", "post")
"""Grounds on which people speak of anybody's contacts and wallets."""

DISPLAYS = pl.Schema(
    {
        "account": pl.UInt32(),
        "value": pl.String(),
        "kind": pl.String(),
        "text": pl.UInt32(),
        "quoted": pl.Boolean(),
        "talk": pl.Boolean(),
        "stance": pl.Int8(),
        "seen_at": UTC_TIME,
    }
)
"""One row for each time a value stands in a text: `text` is the row of the corpus's texts, `talk`
says that it is a post, `stance` is that of `values.stance`, `kind` the messenger of a contact, else
the kind of the span."""


def read_displays(corpus: Corpus, kinds: Sequence[str]) -> pl.DataFrame:
    """The columns `DISPLAYS` of the spans of these kinds, sorted by (account, value, text)."""
    spans = corpus.spans.filter(pl.col("kind").is_in(kinds))
    texts = corpus.texts.select("account", "ground", "seen_at", body="text").with_row_index("text")
    rows = _with_named(spans, corpus, texts).join(texts, on="text", maintain_order="left")
    windows = rows.select(
        before=pl.col("body").str.slice(_start(), pl.col("start").cast(pl.Int64) - _start()),
        raw=pl.col("body").str.slice(pl.col("start"), pl.col("end") - pl.col("start")),
        after=pl.col("body").str.slice(pl.col("end"), AFTER_CHARS),
        gap="gap",
        own="own",
    )
    return (
        rows.with_columns(
            value=pl.coalesce("value", windows["raw"]),
            talk=pl.col("ground").is_in(TALK),
            stance=_stances(windows.drop("raw")),
        )
        .with_columns(kind=kind_of())
        .select(DISPLAYS.names())
        .cast(DISPLAYS)
        .sort("account", "value", "text")
    )


def kind_of() -> pl.Expr:
    """The messenger of a contact, the kind of every other span."""
    messenger = pl.col("value").str.extract(r"^([a-z]+):")
    return pl.when(pl.col("kind") == "contact").then(messenger).otherwise("kind")


def _start() -> pl.Expr:
    return (pl.col("start").cast(pl.Int64) - BEFORE_CHARS).clip(lower_bound=0)


def _stances(windows: pl.DataFrame) -> pl.Series:
    """The stance of each window; equal ones (a template) are judged once."""
    distinct = windows.unique()
    judged = [
        int(stance_of(row["before"], row["after"], row["gap"], own=bool(row["own"])))
        for row in distinct.iter_rows(named=True)
    ]
    stances = distinct.with_columns(stance=pl.Series(judged, dtype=pl.Int8))
    return windows.join(
        stances, on=windows.columns, how="left", nulls_equal=True, maintain_order="left"
    )["stance"]


def _with_named(spans: pl.DataFrame, corpus: Corpus, texts: pl.DataFrame) -> pl.DataFrame:
    """The spans with the handle that is named last before each: how far away, whether one's own."""
    handles = texts.select("text", handle=corpus.accounts["handle"].gather(texts["account"]))
    mentions = (
        corpus.spans.filter(
            pl.col("kind") == "mention", pl.col("text").is_in(spans["text"].unique().implode())
        )
        .join(handles, on="text", maintain_order="left")
        .select("text", named_end="end", own=pl.col("value") == pl.col("handle").str.to_lowercase())
        .sort("text", "named_end", "own")
    )
    ordered = spans.sort("text", "start", "end", "kind", "value")
    joined = ordered.join_asof(
        mentions, left_on="start", right_on="named_end", by="text", check_sortedness=False
    )
    return joined.with_columns(
        gap=pl.col("start").cast(pl.Int32) - pl.col("named_end").cast(pl.Int32)
    ).drop("named_end")
