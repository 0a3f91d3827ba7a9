"""What texts tell of keys beside the keys: what made their blocks, and who writes to them."""

from collections.abc import Iterable

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.armor import mend
from features.keys.displays import Displays
from features.keys.packets import armor_headers, walk_recipients

TRACES = pl.Schema(
    {
        "fingerprint": pl.String(),
        "made_with": pl.List(pl.String),
        "comments": pl.List(pl.String),
        "written_to_by": pl.List(pl.String),
    }
)
"""`made_with`, `comments`: what the headers of blocks that show the key say (RFC 9580, section
6.2.2.1), which whoever posts a block may write as he likes. `written_to_by`: accounts that posted a
message encrypted to the key, in order; who writes to a key seldom holds it."""


def key_traces(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """The columns `TRACES`, a row a key, sorted by fingerprint."""
    names = [key.fingerprint for key in displays.keys]
    keys = pl.DataFrame({"fingerprint": pl.Series(names, dtype=pl.String)})
    for part in (_headers(corpus, displays), _writers(corpus, displays)):
        keys = keys.join(part, on="fingerprint", how="left")
    lists = [pl.col(name).fill_null([]) for name in TRACES.names()[1:]]
    return keys.with_columns(lists).select(TRACES.names()).cast(TRACES).sort("fingerprint")


def _headers(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    shown = displays.rows.select("key", "text", "start", "end").unique(maintain_order=True)
    texts = corpus.texts["text"].gather(shown["text"])
    rows = [
        (displays.keys[key].fingerprint, *armor_headers(text[start:end]))
        for (key, _, start, end), text in zip(shown.iter_rows(), texts, strict=True)
    ]
    schema = {"fingerprint": pl.String(), "version": pl.String(), "comments": pl.List(pl.String)}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.group_by("fingerprint").agg(
        made_with=_distinct(pl.col("version")), comments=_distinct(pl.col("comments").explode())
    )


def _writers(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """Who posted messages to which key; a message names subkeys by id or fingerprint."""
    spans = corpus.spans.filter(pl.col("kind") == "encrypted_message")
    body = corpus.texts["text"].gather(spans["text"]).alias("body")
    raw = pl.col("body").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    messages = spans.with_columns(body).with_columns(pl.coalesce("value", raw))
    found = {raw: walk_recipients(mend(raw) or raw).ids for raw in messages["value"].unique()}
    named = _pairs("value", ((message, one) for message, ids in found.items() for one in ids))
    held = _pairs("fingerprint", ((key.fingerprint, i) for key in displays.keys for i in key.ids))
    names = corpus.accounts["account_id"].gather(corpus.texts["account"].gather(messages["text"]))
    sent = messages.select("value", written_to_by=names)
    return (
        sent.join(named, on="value")
        .join(held, on="id")
        .group_by("fingerprint")
        .agg(_distinct(pl.col("written_to_by")))
    )


def _pairs(name: str, rows: Iterable[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={name: pl.String, "id": pl.String}, orient="row")


def _distinct(values: pl.Expr) -> pl.Expr:
    return values.drop_nulls().unique().sort()
