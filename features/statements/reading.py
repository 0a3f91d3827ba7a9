"""From texts to statements: which account says what of which handle, where."""

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.extraction import ARMOR_KINDS
from evidence.spans.intervals import touching
from evidence.spans.quotes import quoted_regions
from features.handles.folding import fold
from features.statements.wordings import Statement, Wordings

GROUNDS = ("profile", "description", "post")
LONGEST_CHARS = 20_000
"""Of a longer text the beginning is read."""

SAID = pl.Schema(
    {
        "body": pl.String(),
        "start": pl.UInt32(),
        "end": pl.UInt32(),
        "claims": pl.Boolean(),
        "who": pl.String(),
        "where": pl.String(),
    }
)
STATEMENTS = pl.Schema(
    {
        "account": pl.UInt32(),
        "claims": pl.Boolean(),
        "name": pl.String(),
        "market": pl.String(),
        "text": pl.UInt32(),
        "start": pl.UInt32(),
        "end": pl.UInt32(),
    }
)
"""One row for each statement outside quotations, sorted by (text, start).

`claims`: the account says it is who it speaks of; else that it is not. `name`: the folded handle,
that of the account itself where the wording names none. `market`: as the corpus calls it; null
where the wording names none. `text`: row of the corpus's texts, `start` and `end` code points."""


def read_statements(corpus: Corpus) -> pl.DataFrame:
    """The columns `STATEMENTS`."""
    names = market_names(corpus)
    wordings = Wordings(names["spelled"])
    texts = corpus.texts.select("account", "ground", body="text").with_row_index("text")
    bodies = texts.filter(
        pl.col("ground").is_in(GROUNDS), pl.col("body").str.contains(wordings.hint)
    ).with_columns(pl.col("body").str.slice(0, LONGEST_CHARS))
    rows = _said(bodies["body"].unique(maintain_order=True), wordings).join(bodies, on="body")
    own = fold(corpus.accounts["handle"]).gather(rows["account"])
    spelled = pl.col("where").str.to_lowercase().str.replace_all("[ -]", "")
    return (
        rows.with_columns(own=own, named=fold(rows["who"]), key=spelled)
        .join(names, on="key", how="left")
        .filter(~touching(rows, corpus.spans.filter(pl.col("kind").is_in(ARMOR_KINDS))))
        .with_columns(name=pl.when(pl.col("who").is_null()).then("own").otherwise("named"))
        .drop_nulls("name")
        .select(STATEMENTS.names())
        .cast(STATEMENTS)
        .sort("text", "start", "end", "claims")
    )


def _said(bodies: pl.Series, wordings: Wordings) -> pl.DataFrame:
    """What distinct texts say outside quotations: body, start, end, claims, who, where."""
    said = [
        (bodies[number], *one)
        for number, found in wordings.find(bodies).items()
        for one in _own_words(bodies[number], found)
    ]
    return pl.DataFrame(said, schema=SAID, orient="row")


def _own_words(body: str, found: list[Statement]) -> list[Statement]:
    quoted = quoted_regions(body)
    return [one for one in found if not any(a <= one.start < b for a, b in quoted)]


def market_names(corpus: Corpus) -> pl.DataFrame:
    """(spelled, key, market): what each market of the corpus is called; `key` without blanks."""
    used = corpus.accounts.select(spelled="market", market="market").unique().sort("market")
    known = corpus.markets.select(spelled="market", market="market")
    others = corpus.markets.select(spelled="aliases", market="market").explode(
        "spelled", empty_as_null=True
    )
    key = pl.col("spelled").str.to_lowercase().str.replace_all("[ -]", "")
    return (
        pl.concat([used, known, others])
        .drop_nulls()
        .with_columns(key=key)
        .unique("key", keep="first", maintain_order=True)
        .sort("key")
    )
