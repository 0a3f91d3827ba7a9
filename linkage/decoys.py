"""Decoys: accounts that nobody runs, to count how many links chance alone would propose.

A decoy stands on the market of an account, its model, and each of its feature families comes from
another account of the model's stratum: whatever makes it look like one account, family by family,
is chance. It is compared, scored and judged as an account would be (target and decoy: Elias and
Gygi, Nature Methods 2007). It has no traits of its own: decoy d is compared with account i in a
feature by comparing i with the donor of that family. It is in no survey and no table.

It matches nobody: no two donors of a decoy are proposed as one hand, what an account would find of
itself in it says nothing, and a pair of account and decoy counts only as far as it is by chance
that the account is like each donor alone: next to nothing where one of them is its own partner, and
nearly whole where the two are strangers.

Blind spots. Where one family suffices for a link (two strangers with one rare handle), decoys see
no more of it than the score says itself: they count what several chances add up. What hangs
together across families beyond the strata (one time zone and its dialect) is torn apart, and so
counted too little. And decoys know chance only: who copies aims at his victim.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import AnyFeature, Outcome
from features.pairs import Pairs, distinct, keys_of
from linkage.candidates import Candidates
from linkage.readings import Reading
from linkage.strata import Rows, drawn_by, rings_of


@dataclass(frozen=True)
class Decoys:
    """d decoys over n accounts; as a row of a pair, decoy k is n + k.

    Attributes:
        account_count: n.
        model: int64 (d,), the account whose place each takes.
        donors: by family, int64 (d,).
    """

    account_count: int
    model: Rows
    donors: dict[str, Rows]

    def take(self, chosen: NDArray[np.bool_]) -> "Decoys":
        """The chosen ones."""
        donors = {family: rows[chosen] for family, rows in self.donors.items()}
        return Decoys(self.account_count, self.model[chosen], donors)

    def given(self, pairs: Pairs, family: str) -> tuple[Rows, Rows]:
        """For n pairs of account and decoy the accounts, and the donors of that family."""
        decoy = pairs.right.astype(np.int64) - self.account_count
        return pairs.left.astype(np.int64), self.donors[family][decoy]


@dataclass(frozen=True)
class DecoyReading:
    """A reading asked about accounts and decoys."""

    reading: Reading
    decoys: Decoys

    @property
    def feature(self) -> AnyFeature:
        """The feature."""
        return self.reading.feature

    def compare(self, pairs: Pairs) -> Outcome:
        """The outcome of n pairs of account and decoy: that of account and donor."""
        account, donor = self.decoys.given(pairs, self.feature.family)
        keys, others = keys_of(account, donor), account != donor
        asked = Pairs.from_keys(distinct(keys[others]))
        found, place = self.reading.compare(asked), np.searchsorted(asked.keys, keys[others])
        outcome = Outcome.nothing(len(pairs))
        outcome.level[others] = found.level[place]
        outcome.value[others] = found.value[place]
        outcome.count[others] = found.count[place]
        return outcome


def decoys_of(
    account_ids: pl.Series, strata: pl.DataFrame, families: Sequence[str], step: int
) -> Decoys:
    """Decoys after one account in `step`; the donors of a decoy are all different accounts.

    Equal accounts and strata give equal decoys. The accounts behind the model in the ring of its
    stratum give a family each; no account gives to its own decoy.
    """
    count = len(account_ids)
    chosen = np.zeros(count, np.bool_)
    chosen[np.argsort(drawn_by(account_ids, "models"), kind="stable")[: -(-count // step)]] = True
    models, donors = [np.empty(0, np.int64)], [np.empty((len(families), 0), np.int64)]
    for accounts, rings in rings_of(strata, drawn_by(account_ids, "rings")):
        model = accounts[chosen[accounts]]
        models.append(model)
        given = [rings.after(model, 1 + k) for k in range(len(families))]
        donors.append(np.array(given, np.int64).reshape(len(families), len(model)))
    by_family = np.concatenate(donors, axis=1)
    return Decoys(count, np.concatenate(models), dict(zip(families, by_family, strict=True)))


def meetings(decoys: Decoys, candidates: Candidates, families: dict[str, str]) -> Pairs:
    """The pairs of account and decoy worth comparing: a feature brought account and donor.

    An account never meets the decoy it is the model of: no account is a candidate with itself.

    Args:
        decoys: the decoys.
        candidates: the run's.
        families: the family of each feature, by name.
    """
    keys = [np.empty(0, np.uint64)]
    for number, name in enumerate(candidates.features):
        brought = (candidates.brought >> np.uint64(number) & np.uint64(1)).astype(np.bool_)
        pairs = candidates.pairs.take(brought)
        sides = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
        for account, donor in (sides, sides[::-1]):
            met, decoy = _given_by(account, donor, decoys.donors[families[name]])
            others = met != decoys.model[decoy]
            keys.append(keys_of(met[others], decoys.account_count + decoy[others]))
    return Pairs.from_keys(distinct(np.concatenate(keys)))


def _given_by(account: Rows, donor: Rows, donors: Rows) -> tuple[Rows, Rows]:
    """Every account with each decoy to which the other one, whom it met, gives."""
    order = np.argsort(donors, kind="stable")
    first, end = (np.searchsorted(donors, donor, side, sorter=order) for side in ("left", "right"))
    count = end - first
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(account, count), order[np.repeat(first, count) + within]
