"""What a run's links and people's decisions mean for the grouping of accounts."""

from dataclasses import dataclass
from math import log2

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from features.pairs import Pairs
from linkage.assessment import Assessment
from linkage.average_linkage import MICRO
from linkage.bands import COPIES, STRONG
from linkage.decided import Decided
from linkage.model import Thresholds
from linkage.personas import MUST_BITS, Bonds
from linkage.proposals import link_id, named
from linkage.run_tables import BONDS

SEVERAL_KEYS = 2
KINDS = ("link", "against", "same", "different", "copies")
LINK, AGAINST, RULED_SAME, RULED_DIFFERENT, COPY = range(len(KINDS))


@dataclass(frozen=True)
class Holds:
    """What stands between n pairs of accounts when accounts are grouped.

    Attributes:
        pairs: the pairs.
        kind: int8 (n,), of `KINDS`; the last two keep the sides apart for good.
        bits: float64 (n,), what the evidence that counts says of the pair; 0 where none does.
    """

    pairs: Pairs
    kind: NDArray[np.int8]
    bits: NDArray[np.float64]

    @property
    def bonds(self) -> Bonds:
        """What holds accounts together or apart by its bits; a ruling outweighs evidence."""
        open_ = self.kind <= RULED_SAME
        bits = np.where(self.kind == RULED_SAME, MUST_BITS, self.bits)
        return Bonds(self.pairs.take(open_), bits[open_])

    @property
    def walls(self) -> Pairs:
        """Pairs that may not stand in one persona."""
        return self.pairs.take(self.kind >= RULED_DIFFERENT)

    def take(self, chosen: NDArray[np.bool_]) -> "Holds":
        """Those of the chosen pairs."""
        return Holds(self.pairs.take(chosen), self.kind[chosen], self.bits[chosen])


def own_keys(shown: pl.DataFrame, public_values: pl.DataFrame) -> pl.DataFrame:
    """The keys in `run_tables.SHOWN` without those that people ruled public."""
    keys = shown.filter(pl.col("kind") == "key")
    return keys.join(public_values, on=["kind", "value"], how="anti")


def for_review(keys: pl.DataFrame, accounts: pl.DataFrame) -> NDArray[np.bool_]:
    """Which of n accounts show several foreign keys, bool (n,): keys that others proved to hold.

    Args:
        keys: see `own_keys`.
        accounts: see `run_tables.RUN_ACCOUNTS`.
    """
    held = keys.filter("proved")["value"].unique().implode()
    foreign = keys.filter(~pl.col("proved") & pl.col("value").is_in(held))
    counts = foreign.group_by("account_id").agg(keys=pl.col("value").n_unique())
    several = counts.filter(pl.col("keys") >= SEVERAL_KEYS)["account_id"]
    return accounts["account_id"].is_in(several.implode()).to_numpy()


def holds_of(
    assessment: Assessment,
    decided: Decided,
    thresholds: Thresholds,
    in_review: NDArray[np.bool_],
) -> Holds:
    """What holds accounts together or apart.

    A `same` link of band strong or proved counts with its bits, unless one side is `in_review`
    (bool, an account each, see `for_review`); a pair that what cannot be copied speaks against with
    its negative bits; a `same` decision outweighs both. A lead counts nothing. Pairs ruled
    different, and those of which one copies the other, may not stand in one persona; a person who
    rules two accounts the same overrules the machine's `copies`.
    """
    bits = assessment.scores.total_bits
    waiting = in_review[assessment.pairs.left] | in_review[assessment.pairs.right]
    firm = (assessment.judgement.band >= STRONG) & ~waiting
    against = assessment.standing.hard_against_bits <= -thresholds.copies_against_bits
    speaks = firm | (against & (bits < 0))
    copies = assessment.judgement.verdict == COPIES
    found = np.flatnonzero(speaks | copies)
    pairs, same, different = assessment.pairs.take(found), decided.same, decided.different
    keys = np.union1d(np.union1d(pairs.keys, same.keys), different.keys)
    kind, held_bits = np.zeros(len(keys), np.int8), np.zeros(len(keys))
    place = np.searchsorted(keys, pairs.keys)
    held_bits[place] = np.where(speaks, bits, 0.0)[found]
    kind[place] = np.where(copies, COPY, np.where(bits > 0, LINK, AGAINST))[found]
    kind[np.searchsorted(keys, same.keys)] = RULED_SAME
    kind[np.searchsorted(keys, different.keys)] = RULED_DIFFERENT
    return Holds(Pairs.from_keys(keys), kind, held_bits)


def join_bits(thresholds: Thresholds) -> float:
    """Mean bits from which on two groups are one: the odds a strong link needs."""
    return log2(thresholds.strong_probability / (1 - thresholds.strong_probability))


def bond_table(holds: Holds, account_ids: pl.Series, needed_bits: float) -> pl.DataFrame:
    """What is needed to group accounts once more, see `run_tables.BONDS`.

    No two groups become one without a bond of `needed_bits` between them, so that what stands
    between accounts which no chain of such bonds joins is left out, but for rulings.
    """
    tangles = _tangles(holds, len(account_ids), needed_bits)
    tangle = tangles[holds.pairs.left]
    within = tangle == tangles[holds.pairs.right]
    kept = within | (holds.kind == RULED_DIFFERENT)
    chosen, ids = holds.take(kept), account_ids.to_list()
    sides = list(zip(chosen.pairs.left.tolist(), chosen.pairs.right.tolist(), strict=True))
    names = [(ids[left], ids[right]) for left, right in sides]
    return pl.DataFrame(
        {
            "tangle": pl.Series(tangle[kept], dtype=pl.Int64).set(~pl.Series(within[kept]), None),
            "left": [left for left, _ in names],
            "right": [right for _, right in names],
            "link_id": [link_id(*pair) for pair in names],
            "kind": named("kind", KINDS, chosen.kind),
            "bits": chosen.bits,
        },
        schema=BONDS.schema,
    ).sort("tangle", "left", "right", nulls_last=True)


def _tangles(holds: Holds, account_count: int, needed_bits: float) -> NDArray[np.int32]:
    bonds = holds.bonds
    firm = bonds.pairs.take(bonds.bits >= needed_bits - 1 / MICRO)
    joins = csr_matrix((np.ones(len(firm)), (firm.left, firm.right)), shape=(account_count,) * 2)
    return np.asarray(connected_components(joins, directed=False)[1])


def holds_in(bonds: pl.DataFrame) -> tuple[list[str], Holds]:
    """Rows of `run_tables.BONDS` as what stands between accounts, and the ids of these accounts.

    Accounts are in the order of the corpus, which is that of their ids, so that they are grouped as
    the run grouped them.
    """
    ids = pl.concat([bonds["left"], bonds["right"]]).unique().sort()
    row = pl.DataFrame({"account": ids}).with_row_index("row")
    ends = bonds.select("left", "right", "bits", kind=_code())
    for side in ("left", "right"):
        ends = ends.join(row.rename({"account": side, "row": f"{side}_row"}), on=side)
    ends = ends.sort("left_row", "right_row")
    pairs = Pairs(ends["left_row"].to_numpy(), ends["right_row"].to_numpy())
    return ids.to_list(), Holds(pairs, ends["kind"].to_numpy(), ends["bits"].to_numpy())


def _code() -> pl.Expr:
    codes = {kind: number for number, kind in enumerate(KINDS)}
    return pl.col("kind").replace_strict(codes, return_dtype=pl.Int8)
