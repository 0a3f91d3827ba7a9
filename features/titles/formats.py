"""How amounts are written: `5 g`, `0.5gr`, `x10`; the digits do not matter, their dress does."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.style.grounds import Documents
from features.style.vectors import Vectors
from features.titles.families import whole

UNITS = (
    "µg|ug|mcg|mg|kg|g|gr|gm|grs|gms|gram|grams|gs|oz|ounce|ounces|lb|lbs|pound|pounds|ml|cl|l"
    "|pill|pills|tab|tabs|tablet|tablets|cap|caps|capsule|capsules|pc|pcs|piece|pieces|hit|hits"
    "|blotter|blotters|x|k|%|usd|eur|gbp|€|£"
)
AMOUNT = rf"(?i)[x\u00d7*~@$€£]?\s?\d[\d.,]*\s?(?:(?:{UNITS})(?:\b|\s|$))?"
"""An amount as typed: what stands before it, digits, and the unit behind, with the gap between."""


def amounts_in(texts: pl.Series) -> pl.DataFrame:
    """Each amount of n texts: number (the row of the text), typed, and its form, digits as 0."""
    return (
        texts.to_frame("text")
        .with_row_index("number")
        .select("number", typed=pl.col("text").str.extract_all(AMOUNT))
        .explode("typed", empty_as_null=True)
        .drop_nulls()
        .with_columns(pl.col("typed").str.strip_chars_end())
        .with_columns(form=pl.col("typed").str.replace_all(r"\d", "0"))
    )


def format_vectors(documents: Documents) -> tuple[Vectors, list[str]]:
    """Log tf-idf vectors of the forms of amounts, and the form of each dimension."""
    found = amounts_in(documents.texts["text"])
    rows = documents.document[found["number"].to_numpy()]
    return named_vectors(rows, found["form"], len(documents.accounts))


def named_vectors(
    rows: NDArray[np.int64], names: pl.Series, count: int
) -> tuple[Vectors, list[str]]:
    """Log tf-idf vectors (Salton & Buckley 1988) of n documents over named things.

    Args:
        rows: int64 (m,), the document of each thing.
        names: the m things.
        count: n.

    Returns:
        The vectors, and the name of each dimension.
    """
    known = names.unique().sort()
    place = pl.DataFrame({"name": known}).with_row_index("column")
    columns = names.alias("name").to_frame().join(place, on="name", maintain_order="left")
    ones = np.ones(len(rows), np.float32)
    at = (rows, columns["column"].to_numpy().astype(np.int64))
    counts = csr_array((ones, at), shape=(count, len(known)))
    counts.sum_duplicates()
    owners = np.maximum(np.bincount(counts.indices, minlength=len(known)), 1)
    rarity = np.log((1 + count) / owners).astype(np.float32)
    counts.data = np.log1p(counts.data) * rarity[counts.indices]
    squares = np.asarray((counts * counts).sum(axis=1), np.float64)
    return whole(counts, np.where(squares > 0, np.sqrt(squares), 1.0)), known.to_list()
