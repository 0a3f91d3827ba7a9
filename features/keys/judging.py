"""The best level of pairs of accounts by their keys, whole columns at a time."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.keys.signatures import NAMED, NAMED_WITH_MARKET
from features.keys.ties import BY_HANDLE, BY_MARKET, EMAIL, KEY, SUBKEY, VOUCH
from features.neighbours import runs
from features.pairs import Pairs

Rows = NDArray[np.intp]

FEW, MOST = 3, 10
"""A key that so many accounts show as their own is theirs; beyond `MOST` it is public."""

(
    PROVED,
    ROTATED,
    SIGNED_FOR,
    ROTATION_SIGNED,
    SIGNED,
    OWNED,
    ROTATION_SHOWN,
    SHARED_SUBKEY,
    SIGNED_POSTED,
    SHOWN,
    SEVERAL,
    SAME_EMAIL,
    DIFFERENT_SIGNED,
    UNOWNED,
    MANY,
    QUOTED,
    DIFFERENT,
) = range(1, 18)
"""The levels of `PgpKey`, the best first."""


class Best(NamedTuple):
    """Of m pairs that have something to compare, each (m,), in the order of the pairs.

    pair: which pair. level: its best level. left_row, right_row: the rows of the shows that it
    rests on. showers: how many accounts show what they share; 0 where they share nothing.
    """

    pair: Rows
    level: NDArray[np.int8]
    left_row: Rows
    right_row: Rows
    showers: NDArray[np.int32]

    def take(self, chosen: Rows | NDArray[np.bool_]) -> "Best":
        """The chosen ones."""
        return Best(
            self.pair[chosen],
            self.level[chosen],
            self.left_row[chosen],
            self.right_row[chosen],
            self.showers[chosen],
        )


class Judge:
    """The shows and ties of n accounts as arrays, ready to be asked.

    Args:
        account_count: n.
        shows: `shows.SHOWS` with `showers`.
        ties: `ties.TIES`.
    """

    def __init__(self, account_count: int, shows: pl.DataFrame, ties: pl.DataFrame) -> None:
        names = ("account", "key", "own", "quoting", "grade", "rank")
        self._shows = {name: shows[name].to_numpy() for name in names}
        self._handle = shows["handle"].rank("dense").to_numpy()
        self._ties = {name: ties[name].to_numpy() for name in ties.columns}
        accounts = self._ties["account"].astype(np.uint64)
        self._codes = accounts << np.uint64(32) | self._ties["tie"]
        self._first = np.searchsorted(accounts, np.arange(account_count + 1))
        self._shown = np.bincount(self._shows["account"], minlength=account_count)
        self._own = self._own_rows(account_count)

    def shown_count(self, account: int) -> int:
        """How many keys an account shows."""
        return int(self._shown[account])

    def best(self, pairs: Pairs) -> Best:
        """The best level of each pair that has one."""
        tied, apart = self._tied(pairs), self._different(pairs)
        found = Best(
            np.concatenate([tied.pair, apart.pair]),
            np.concatenate([tied.level, apart.level]),
            np.concatenate([tied.left_row, apart.left_row]),
            np.concatenate([tied.right_row, apart.right_row]),
            np.concatenate([tied.showers, apart.showers]),
        )
        keys = self._shows["key"]
        order = np.lexsort((keys[found.right_row], keys[found.left_row], found.level, found.pair))
        _, first = np.unique(found.pair[order], return_index=True)
        return found.take(order[first])

    def _tied(self, pairs: Pairs) -> Best:
        """Every tie of every pair that gives it a level."""
        pair, left, right = self._joined(pairs)
        ties = self._ties
        other = ties["end"][left] != ties["end"][right]
        kind = ties["kind"][left]
        level = np.select(
            [kind == KEY, (kind == VOUCH) & other, kind == SUBKEY, kind == EMAIL],
            [self._of_key(left, right), self._of_vouch(left, right), SHARED_SUBKEY, SAME_EMAIL],
            0,
        )
        left_row, right_row = ties["row"][left].astype(np.intp), ties["row"][right].astype(np.intp)
        one_key = self._shows["key"][left_row] == self._shows["key"][right_row]
        kept = (level > 0) & ((kind == KEY) | ~one_key)
        showers = ties["showers"][left].astype(np.int32)
        return Best(pair, level.astype(np.int8), left_row, right_row, showers).take(kept)

    def _joined(self, pairs: Pairs) -> tuple[Rows, Rows, Rows]:
        """Pair, tie row on the left and tie row on the right, for each tie that both have."""
        first = self._first[pairs.left]
        count = self._first[pairs.left.astype(np.intp) + 1] - first
        left, pair = runs(first, count), np.repeat(np.arange(len(pairs)), count)
        wanted = pairs.right[pair].astype(np.uint64) << np.uint64(32) | self._ties["tie"][left]
        start = np.searchsorted(self._codes, wanted)
        hits = np.searchsorted(self._codes, wanted, "right") - start
        return np.repeat(pair, hits), np.repeat(left, hits), runs(start, hits)

    def _of_key(self, left: Rows, right: Rows) -> NDArray[np.int64]:
        """The level of a shared key.

        Where both bear one handle, a signed message that names no market may be a replay from the
        other's.
        """
        ties = self._ties
        rows = [ties["row"][side] for side in (left, right)]
        own, quoting, grade, rank = (
            np.stack([self._shows[name][row] for row in rows])
            for name in ("own", "quoting", "grade", "rank")
        )
        called = np.stack([ties["firm"][side] == BY_MARKET for side in (left, right)])
        apart = self._handle[rows[0]] != self._handle[rows[1]]
        held, sure = grade >= NAMED, (grade == NAMED_WITH_MARKET) | ((grade >= NAMED) & apart)
        rarest = rank.max(axis=0)
        cases = {
            PROVED: sure.all(axis=0),
            QUOTED: quoting.any(axis=0),
            SIGNED_FOR: (sure & (called & own)[::-1]).any(axis=0),
            SIGNED: held.any(axis=0) & own.all(axis=0),
            SIGNED_POSTED: held.any(axis=0),
            MANY: rarest > np.where(own.all(axis=0), MOST, FEW),
            SEVERAL: own.all(axis=0) & (rarest > FEW),
            OWNED: own.all(axis=0),
            SHOWN: own.any(axis=0),
        }
        return np.select(list(cases.values()), list(cases), UNOWNED)

    def _of_vouch(self, left: Rows, right: Rows) -> NDArray[np.int64]:
        """The level of two keys of which one vouches for the other."""
        ties = self._ties
        rows = [ties["row"][side] for side in (left, right)]
        least = np.minimum(ties["firm"][left], ties["firm"][right])
        apart = self._handle[rows[0]] != self._handle[rows[1]]
        firm = (least == BY_MARKET) | ((least == BY_HANDLE) & apart)
        grades = [self._shows["grade"][row] for row in rows]
        proved = firm & ties["mutual"][left] & (np.minimum(*grades) >= NAMED)
        return np.select([proved, firm], [ROTATED, ROTATION_SIGNED], ROTATION_SHOWN)

    def _different(self, pairs: Pairs) -> Best:
        """Every pair whose two sides show keys as their own; better levels of it go before."""
        left, right = self._own[pairs.left], self._own[pairs.right]
        pair = np.flatnonzero((left >= 0) & (right >= 0))
        left, right = left[pair], right[pair]
        grade = self._shows["grade"]
        signed = np.minimum(grade[left], grade[right]) >= NAMED
        level = np.where(signed, DIFFERENT_SIGNED, DIFFERENT).astype(np.int8)
        return Best(pair, level, left, right, np.zeros(len(pair), np.int32))

    def _own_rows(self, account_count: int) -> Rows:
        """Of each account the row of a key it does not quote, the best signed one; -1 for none."""
        kept = np.flatnonzero(~self._shows["quoting"])
        account, grade = self._shows["account"][kept], self._shows["grade"][kept]
        order = np.lexsort((-kept, grade, account))
        own = np.full(account_count, -1, np.intp)
        own[account[order]] = kept[order]
        return own
