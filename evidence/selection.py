"""Parts of a corpus: some of its accounts, some of its texts."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus


def keep_accounts(corpus: Corpus, kept: NDArray[np.bool_]) -> Corpus:
    """The corpus of the accounts that are kept (n,) and of what they left; rows renumbered."""
    rows = np.flatnonzero(kept)
    numbers = pl.DataFrame(
        {"account": rows, "kept": np.arange(len(rows))},
        schema={"account": pl.UInt32, "kept": pl.UInt32},
    )

    def renumbered(table: pl.DataFrame) -> pl.DataFrame:
        joined = table.join(numbers, on="account", how="inner", maintain_order="left")
        return joined.with_columns(account="kept").drop("kept")

    chosen = corpus.texts["account"].is_in(numbers["account"].implode())
    texts, spans = _chosen_texts(corpus, chosen)
    return replace(
        corpus,
        accounts=corpus.accounts.filter(pl.Series(kept)),
        listings=renumbered(corpus.listings),
        posts=renumbered(corpus.posts),
        profiles=renumbered(corpus.profiles),
        photos=renumbered(corpus.photos),
        texts=renumbered(texts),
        spans=spans,
    )


def keep_grounds(corpus: Corpus, grounds: Collection[str]) -> Corpus:
    """The corpus with only the texts of these grounds (see `corpus.GROUNDS`) and no photos."""
    texts, spans = _chosen_texts(corpus, corpus.texts["ground"].is_in(list(grounds)))
    return replace(corpus, texts=texts, spans=spans, photos=corpus.photos.clear())


def _chosen_texts(corpus: Corpus, chosen: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    texts = corpus.texts.filter(chosen)
    old = pl.Series(np.flatnonzero(chosen.to_numpy()), dtype=pl.UInt32)
    numbers = pl.DataFrame(
        {"text": old, "kept": pl.int_range(len(old), dtype=pl.UInt32, eager=True)}
    )
    spans = corpus.spans.join(numbers, on="text", how="inner", maintain_order="left")
    return texts, spans.with_columns(text="kept").drop("kept")
