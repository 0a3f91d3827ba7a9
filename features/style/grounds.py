"""Accounts as documents on one ground: who has written enough, and what was read of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.style.counts import Family
from features.style.kept import KeptVectors
from features.style.norm import Neighbourhood
from features.style.vectors import Floats


@dataclass(frozen=True)
class Documents:
    """The texts of the accounts that have enough of them.

    Attributes:
        accounts: uint32 (n,), ascending: the account of each document.
        characters: int64 (n,), how much it has written.
        texts: its texts in order, with account, text and where they stand.
        document: int64 (t,), the document of each text.
    """

    accounts: NDArray[np.uint32]
    characters: NDArray[np.int64]
    texts: pl.DataFrame
    document: NDArray[np.int64]

    @classmethod
    def of(cls, texts: pl.DataFrame, min_texts: int, min_characters: int) -> "Documents":
        """The documents of all accounts with so many texts and characters."""
        amount = texts.group_by("account", maintain_order=True).agg(
            texts=pl.len(), characters=pl.col("text").str.len_chars().cast(pl.Int64).sum()
        )
        enough = amount.filter(
            pl.col("texts") >= min_texts, pl.col("characters") >= min_characters
        ).sort("account")
        kept = texts.join(enough.select("account"), on="account", how="semi", maintain_order="left")
        accounts = enough["account"].to_numpy().astype(np.uint32)
        document = np.searchsorted(accounts, kept["account"].to_numpy()).astype(np.int64)
        return cls(accounts, enough["characters"].to_numpy(), kept, document)

    def part(self, chosen: NDArray[np.bool_]) -> "Documents":
        """The chosen documents."""
        if chosen.all():
            return self
        kept = chosen[self.document]
        number = np.cumsum(chosen) - 1
        texts = self.texts.filter(pl.Series(kept, dtype=pl.Boolean))
        rows = number[self.document[kept]].astype(np.int64)
        return Documents(self.accounts[chosen], self.characters[chosen], texts, rows)

    def texts_of(self, number: int) -> pl.DataFrame:
        """The texts of one document."""
        first, last = np.searchsorted(self.document, [number, number + 1])
        return self.texts[int(first) : int(last)]

    def rows_of(self, accounts: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The document of each account, -1 where it has none."""
        if len(self.accounts) == 0:
            return np.full(len(accounts), -1, np.intp)
        place = np.searchsorted(self.accounts, accounts).clip(max=len(self.accounts) - 1)
        return np.where(self.accounts[place] == accounts, place, -1).astype(np.intp)


@dataclass(frozen=True)
class FamilyTrait:
    """One family of the documents.

    Attributes:
        family: what was counted.
        columns: int32 (k,), the bucket of each dimension.
        vectors: of the n documents.
        at: their neighbourhoods.
        share: what the family counts among the others.
        users: float32 (k,), share of the authors of the fit who use each n-gram; None where there
            is no fit.
    """

    family: Family
    columns: NDArray[np.int32]
    vectors: KeptVectors
    at: Neighbourhood
    share: float
    users: Floats | None = None

    def append(self, more: "FamilyTrait") -> None:
        """Put other documents behind these, in place."""
        self.vectors.append(more.vectors)
        self.at.append(more.at)
