"""Which forms of handles there are, which are alike, and how many accounts bear any of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.handles.alike import MOST, AlikeForms, alike_forms
from features.neighbours import pairs_sharing, runs
from features.pairs import Pairs, distinct


@dataclass(frozen=True)
class Crowds:
    """The distinct forms of a column of handles.

    Attributes:
        forms: m texts, ascending.
        holders: int64 (m,), accounts that bear each.
        alike: which forms are alike.
    """

    forms: pl.Series
    holders: NDArray[np.int64]
    alike: AlikeForms

    @classmethod
    def of(cls, forms: pl.Series) -> Self:
        """The crowds of n forms, one an account, null where absent."""
        texts = forms.drop_nulls().unique().sort()
        held = texts.to_frame("form").join(
            forms.to_frame("form").group_by("form").len(), on="form", maintain_order="left"
        )
        return cls(texts, held["len"].to_numpy().astype(np.int64), alike_forms(texts))

    @cached_property
    def crowd(self) -> NDArray[np.int64]:
        """Accounts (m,) that bear each form or one that is like it; over `MOST` for a hub."""
        low, high = self.alike.low, self.alike.high
        crowd = self.holders.copy()
        np.add.at(crowd, low, self.holders[high])
        np.add.at(crowd, high, self.holders[low])
        crowd[self.alike.hubs] = np.maximum(crowd[self.alike.hubs], MOST + 1)
        return crowd

    def places(self, forms: pl.Series) -> NDArray[np.int64]:
        """Where each of n forms stands, -1 where it is absent."""
        places = self.forms.to_frame("form").with_row_index("place")
        found = forms.to_frame("form").join(places, on="form", how="left", maintain_order="left")
        return found["place"].cast(pl.Int64).fill_null(-1).to_numpy()

    def pairs(self, places: NDArray[np.int64]) -> Pairs:
        """All pairs of n accounts whose forms are one or alike.

        Pairs of two hubs, which have a crowd of more than `MOST`, are left out, so that n accounts
        make at most n times so many pairs.

        Args:
            places: of the accounts' forms, see `places`.
        """
        rows = np.argsort(places, kind="stable")[np.count_nonzero(places < 0) :]
        count = np.bincount(places[rows], minlength=len(self.forms))
        first = np.cumsum(count) - count
        is_hub = self.crowd > MOST
        single = rows[~is_hub[places[rows]]]
        within = pairs_sharing(places[single].astype(np.uint64), single, MOST)
        kept = ~(is_hub[self.alike.low] & is_hub[self.alike.high])
        low, high = self.alike.low[kept], self.alike.high[kept]
        across = count[high]
        block = np.repeat(np.arange(len(low)), count[low] * across)
        place = runs(np.zeros_like(across), count[low] * across)
        between = Pairs.of(
            rows[first[low][block] + place // across[block]],
            rows[first[high][block] + place % across[block]],
        )
        return Pairs.from_keys(distinct(np.concatenate([within.keys, between.keys])))
