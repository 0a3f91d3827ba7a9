"""The titles of an account: names and addresses hidden, comparable between markets, each once."""

import html
import re
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.masking import MASK_TOKEN, OWN_HANDLE_MIN_CHARS
from features.style.grounds import Documents
from features.style.texts import HIDDEN

TITLE_CHARACTERS = 50
"""Markets cut titles at different lengths; the shortest cut known makes them comparable."""


def titles_of(corpus: Corpus, ground: str = "title") -> pl.DataFrame:
    """The titles of listings (or the texts of another ground), each once an account.

    Returns:
        The rows of `corpus.texts` that are titles, in order; in `text`, one private character
        stands for what extraction found there (an address, a key) and for the own handle.
    """
    texts = corpus.texts.with_row_index("number").filter(pl.col("ground") == ground)
    hidden = _hidden(texts, corpus)
    return (
        texts.join(hidden, on="number", how="left", maintain_order="left")
        .with_columns(
            text=pl.coalesce("hidden", "text")
            .str.replace_all(MASK_TOKEN, HIDDEN, literal=True)
            .str.strip_chars()
        )
        .filter(pl.col("text").str.len_chars() > 0)
        .unique(["account", "text"], keep="first", maintain_order=True)
        .select(corpus.texts.columns)
    )


def cut_alike(titles: pl.DataFrame) -> pl.DataFrame:
    """Titles as the market that shows least of them would: cut, and each once an account."""
    short = pl.col("text").str.slice(0, TITLE_CHARACTERS).str.strip_chars()
    cut = titles.with_columns(text=short).filter(pl.col("text").str.len_chars() > 0)
    return cut.unique(["account", "text"], keep="first", maintain_order=True)


def order_of(titles: Documents) -> NDArray[np.uint64]:
    """A number (n,) for each account that hangs on its titles alone, as if drawn by lot."""
    texts = titles.texts["text"]
    drawn = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
    found: NDArray[np.uint64] = np.zeros(len(titles.accounts), np.uint64)
    np.add.at(found, titles.document, np.frombuffer(b"".join(drawn), "<u8"))
    return found


def _hidden(texts: pl.DataFrame, corpus: Corpus) -> pl.DataFrame:
    """The texts (number, hidden) of which a part has to be hidden or unescaped."""
    spans = corpus.spans.filter(pl.col("text").is_in(texts["number"].implode()))
    places: dict[int, list[tuple[int, int]]] = {}
    for number, start, end in spans.select("text", "start", "end").iter_rows():
        places.setdefault(number, []).append((start, end))
    handle = corpus.accounts["handle"].gather(texts["account"]).alias("handle")
    long = pl.col("handle").str.len_chars() >= OWN_HANDLE_MIN_CHARS
    named = (
        pl.col("text")
        .str.to_lowercase()
        .str.contains(pl.col("handle").str.to_lowercase(), literal=True)
    )
    touched = (
        texts.select("number", "text")
        .with_columns(handle)
        .filter(
            pl.col("number").is_in(list(places))
            | pl.col("text").str.contains("&", literal=True)
            | (long & named).fill_null(value=False)
        )
    )
    rows = [
        (number, html.unescape(_without(text, places.get(number, []), own)))
        for number, text, own in touched.iter_rows()
    ]
    schema = pl.Schema({"number": pl.UInt32, "hidden": pl.String})
    return pl.DataFrame(rows, schema=schema, orient="row")


def _without(text: str, places: list[tuple[int, int]], handle: str | None) -> str:
    kept, done = [], 0
    for start, end in sorted(places):
        if start >= done:
            kept += [text[done:start], HIDDEN]
        done = max(done, end)
    left = "".join([*kept, text[done:]])
    if handle is None or len(handle) < OWN_HANDLE_MIN_CHARS:
        return left
    return re.sub(re.escape(handle), HIDDEN, left, flags=re.IGNORECASE)
