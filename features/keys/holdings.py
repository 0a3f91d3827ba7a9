"""The keys of a corpus with their owners, as people ask for them."""

from collections.abc import Collection
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.keys.absent import ABSENT, absent_owners
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
"""`owner_market`, `owner_handle`: the account that owns the key, or, where none at hand does, the
name that others give the owner, and the market where the key was first shown (see `absent`).
`status`: owned, or unknown where nothing tells whose the key is; then the owner is null.
`shown_by_count`: accounts that show the key, as their own or not, or signed with it. `because`:
what speaks for the owner, the weightiest first."""


class Surveyed(Protocol):
    """What the key feature surveys, as far as it tells whose the keys are."""

    @property
    def displays(self) -> Displays:
        """The keys and who displays them."""
        ...

    @property
    def showers(self) -> NDArray[np.int32]:
        """(keys,): how many accounts show each."""
        ...

    @property
    def voices(self) -> pl.DataFrame:
        """`voices.VOICES`."""
        ...

    @property
    def owners(self) -> pl.DataFrame:
        """`ownership.OWNERS`."""
        ...


def key_holdings(corpus: Corpus, keys: Surveyed, public: Collection[str] = ()) -> pl.DataFrame:
    """The columns `HOLDINGS`, sorted by fingerprint.

    Args:
        corpus: for the names of the accounts.
        keys: what the key feature surveyed of it.
        public: fingerprints of keys that people ruled to be nobody's.
    """
    fingerprints = pl.Series([key.fingerprint for key in keys.displays.keys], dtype=pl.String)
    rows = pl.DataFrame({"fingerprint": fingerprints, "shown_by_count": keys.showers})
    rows = rows.with_row_index("key")
    absent = absent_owners(corpus, keys.displays, keys.voices, keys.owners)
    accounts = corpus.accounts.select(owner_market="market", owner_handle="handle")
    here = keys.owners.join(absent, on="key", how="anti").join(
        accounts.with_row_index("account"), on="account"
    )
    named = pl.concat([frame.select(ABSENT.names()) for frame in (absent, here)])
    hidden = rows.filter(pl.col("fingerprint").is_in(list(public)))
    held = named.join(hidden, on="key", how="anti").with_columns(status=pl.lit(OWNED))
    return (
        rows.join(held, on="key", how="left", maintain_order="left")
        .with_columns(pl.col("status").fill_null(UNKNOWN))
        .select(HOLDINGS.names())
        .cast(HOLDINGS)
        .sort("fingerprint")
    )
