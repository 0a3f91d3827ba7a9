"""What is read of the handles of accounts, one row an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.handles.keys import Hashes

CITED = ("source_id", "place", "row_id")


@dataclass(frozen=True)
class AliasTraits:
    """Handles, one row an account.

    Attributes:
        names: `handle`, `form` (its skeleton), `bare` and `stem` (see `handles.words`), null where
            masked or unreadable; `disguised` (see `handles.folding`); `source_id`, `place`,
            `row_id` of the account's first record.
        crowd: int32 (n,); accounts with this handle or one like it, 0 where absent.
        grams: uint64 (n, m); rarest pieces that others bear too, filled up with 0.
    """

    names: pl.DataFrame
    crowd: NDArray[np.int32]
    grams: Hashes

    @cached_property
    def codes(self) -> dict[str, NDArray[np.int64]]:
        """Handle, form and stem as numbers (n,), equal where they are; 0 where absent."""
        columns = ("handle", "form", "stem")
        ranks = {name: self.names[name].rank("dense").fill_null(0) for name in columns}
        return {name: rank.to_numpy().astype(np.int64) for name, rank in ranks.items()}

    @cached_property
    def texts(self) -> dict[str, NDArray[np.object_]]:
        """Form and bare form (n,), empty where absent."""
        return {name: self.names[name].fill_null("").to_numpy() for name in ("form", "bare")}

    @cached_property
    def is_bare(self) -> NDArray[np.bool_]:
        """Whether (n,) nothing stands around the name."""
        return np.equal(self.texts["form"], self.texts["bare"]).astype(np.bool_)

    @cached_property
    def letters(self) -> NDArray[np.int64]:
        """Letters (n,) of the forms."""
        return self.names["form"].str.len_chars().fill_null(0).to_numpy().astype(np.int64)

    @cached_property
    def is_disguised(self) -> NDArray[np.bool_]:
        """The column `disguised` (n,)."""
        return self.names["disguised"].fill_null(False).to_numpy()

    @cached_property
    def columns(self) -> dict[str, Sequence[str]]:
        """What is cited, by name, for one account after the other."""
        return {name: self.names[name].to_list() for name in ("handle", *CITED)}
