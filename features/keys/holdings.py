"""The keys of a corpus with their owners, as people ask for them."""

from collections.abc import Collection

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.keys.displays import Displays

OWNED, UNKNOWN = "owned", "unknown"
HOLDINGS = pl.Schema(
    {
        "fingerprint": pl.String,
        "owner_market": pl.String,
        "owner_handle": pl.String,
        "status": pl.String,
        "shown_by_count": pl.Int64,
        "because": pl.String,
    }
)
"""`status`: owned, or unknown where nothing tells whose the key is; then the owner is null.
`shown_by_count`: accounts that show the key, as their own or not, or signed with it. `because`:
what speaks for the owner, the weightiest first."""


def key_holdings(
    corpus: Corpus,
    displays: Displays,
    showers: NDArray[np.int32],
    owners: pl.DataFrame,
    public: Collection[str] = (),
) -> pl.DataFrame:
    """The columns `HOLDINGS`, sorted by fingerprint.

    Args:
        corpus: for the names of the accounts.
        displays: its keys.
        showers: (keys,), how many accounts show each.
        owners: `ownership.OWNERS`.
        public: fingerprints of keys that people ruled to be nobody's.
    """
    names = corpus.accounts.select(owner_market="market", owner_handle="handle")
    fingerprints = [key.fingerprint for key in displays.keys]
    keys = pl.DataFrame(
        {"fingerprint": fingerprints, "shown_by_count": showers},
        schema={"fingerprint": pl.String, "shown_by_count": pl.Int64},
    ).with_row_index("key")
    held = owners.join(names.with_row_index("account"), on="account")
    held = held.filter(
        ~pl.Series([fingerprints[k] in public for k in held["key"]], dtype=pl.Boolean)
    )
    owned = pl.when(pl.col("account").is_null()).then(pl.lit(UNKNOWN)).otherwise(pl.lit(OWNED))
    return (
        keys.join(held, on="key", how="left", maintain_order="left")
        .with_columns(status=owned)
        .select(HOLDINGS.names())
        .cast(HOLDINGS)
        .sort("fingerprint")
    )
