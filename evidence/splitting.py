"""Accounts cut in two by time: does a hand find itself again?"""

from dataclasses import dataclass, replace

import polars as pl

from evidence.corpus import ACCOUNT_COLUMNS, Corpus
from evidence.masking import MASK_TOKEN
from evidence.spans.extraction import ARMOR_KINDS

MIN_CHARACTERS = 40
TOKEN_KINDS = (*ARMOR_KINDS, "signed_message", "email", "onion", "link")
"""What counts as one character of a post, however long it is."""


@dataclass(frozen=True)
class TimeSplit:
    """How accounts are cut: posts a side, and the posts and characters an account needs."""

    per_side: int
    min_records: int
    min_chars: int


def split_by_time(corpus: Corpus, split: TimeSplit) -> Corpus:
    """Cut each account with enough posts in two.

    Posts of fewer than 40 characters do not count; key blocks, links and addresses are one
    character each. In order of time, then place in the delivery, an account's posts are cut at
    half their number; the early side keeps the last `per_side` of its half, the late side the
    first.

    Returns:
        A corpus of the accounts `ID#early` and `ID#late` (column `side`) with these posts alone:
        no listings, profiles, photos, subjects or keys.
    """
    chosen = _sides(_counted_posts(corpus), split)
    accounts = _halves(corpus.accounts, chosen)
    numbers = accounts.select("whole", "side").with_row_index("half")
    placed = (
        chosen.join(numbers, left_on=["account", "side"], right_on=["whole", "side"])
        .sort("half", "number")
        .with_row_index("new")
    )
    return replace(
        corpus,
        accounts=accounts.select(ACCOUNT_COLUMNS.names()),
        listings=corpus.listings.clear(),
        posts=_moved(corpus.posts, placed, "row_id"),
        profiles=corpus.profiles.clear(),
        photos=corpus.photos.clear(),
        texts=_moved(corpus.texts.with_row_index("number"), placed, "number").drop("number"),
        spans=_moved_spans(corpus.spans, placed),
    )


def whole_ids(corpus: Corpus) -> pl.Series:
    """The id of each account; of the half of one that was cut, the id of the whole."""
    half = pl.col("account_id").str.strip_suffix(pl.lit("#") + pl.col("side"))
    return corpus.accounts.select(pl.coalesce(half, "account_id")).to_series().alias("account_id")


def _counted_posts(corpus: Corpus) -> pl.DataFrame:
    """The posts that count: number (row of the texts), row_id, account, characters."""
    texts = corpus.texts.with_row_index("number").filter(pl.col("ground") == "post")
    masked = pl.col("text").str.count_matches(MASK_TOKEN, literal=True) * (len(MASK_TOKEN) - 1)
    return (
        texts.join(_hidden_characters(corpus.spans), on="number", how="left", maintain_order="left")
        .with_columns(
            characters=pl.col("text").str.len_chars().cast(pl.Int64)
            - masked.cast(pl.Int64)
            - pl.col("hidden").fill_null(0)
        )
        .filter(pl.col("characters") >= MIN_CHARACTERS)
        .select("number", "row_id", "account", "characters")
    )


def _hidden_characters(spans: pl.DataFrame) -> pl.DataFrame:
    """By text, how many characters armor, links and addresses hold beyond one each."""
    reach = pl.col("end").cum_max().shift(1).over("text")
    tokens = spans.filter(pl.col("kind").is_in(TOKEN_KINDS)).sort("text", "start", "end")
    merged = (
        tokens.with_columns(opens=(pl.col("start") >= reach).fill_null(value=True))
        .with_columns(group=pl.col("opens").cum_sum())
        .group_by("text", "group")
        .agg(length=pl.col("end").max().cast(pl.Int64) - pl.col("start").min().cast(pl.Int64))
    )
    return merged.group_by(number="text").agg(hidden=(pl.col("length") - 1).sum())


def _sides(posts: pl.DataFrame, split: TimeSplit) -> pl.DataFrame:
    """The posts of the accounts that have enough of them, with the side they are kept on."""
    count, place = pl.len().over("account"), pl.int_range(pl.len()).over("account")
    enough = posts.with_columns(half=count // 2, place=place).filter(
        count >= split.min_records,
        pl.col("characters").sum().over("account") >= split.min_chars,
    )
    late = pl.col("place") >= pl.col("half")
    after = pl.col("place").cast(pl.Int64) - pl.col("half").cast(pl.Int64)
    from_cut = pl.when(late).then(after + 1).otherwise(-after)
    return (
        enough.with_columns(side=pl.when(late).then(pl.lit("late")).otherwise(pl.lit("early")))
        .filter(from_cut <= split.per_side)
        .select("number", "row_id", "account", "side")
    )


def _halves(accounts: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The accounts of the halves, sorted, with the row of the `whole` account."""
    halves = chosen.select("account", "side").unique()
    return (
        accounts.drop("side")
        .with_row_index("whole")
        .join(halves, left_on="whole", right_on="account")
        .with_columns(account_id=pl.col("account_id") + "#" + pl.col("side"))
        .sort("account_id")
    )


def _moved(table: pl.DataFrame, placed: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows that were placed, under their new account, in their new order."""
    return (
        table.join(placed.select(key, "half", "new"), on=key)
        .sort("new")
        .with_columns(account=pl.col("half").cast(pl.UInt32))
        .select(table.columns)
    )


def _moved_spans(spans: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    numbers = placed.select("number", "new")
    return (
        spans.join(numbers, left_on="text", right_on="number")
        .with_columns(text=pl.col("new").cast(pl.UInt32))
        .select(spans.columns)
        .sort("text", "start", "end", "kind")
    )
