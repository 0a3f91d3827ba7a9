"""How well personas hold together: what they rest on, and what falls apart without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from features.pairs import Pairs
from linkage.average_linkage import MICRO, Integers, join
from linkage.bonds import RULED_SAME, Holds
from linkage.join_tree import joins_of
from linkage.personas import Bonds, group
from linkage.proposals import link_id
from linkage.run_tables import PERSONAS
from linkage.scoring import BITS_DECIMALS

ALONE = -1
TRIES, MOST_BONDS = 16, 200_000
PARTS = pl.Schema({"persona": pl.Int64, "row": pl.Int64, "part": pl.Int64})
FALLEN = pl.Schema({"persona": pl.Int64, "row": pl.Int64})


@dataclass(frozen=True)
class Inside:
    """What stands between members of one persona: n pairs, and the persona of each (int, n)."""

    holds: Holds
    persona: Integers


def health_of(
    personas: Sequence[Sequence[int]],
    holds: Holds,
    account_ids: pl.Series,
    needed_bits: float,
    crews: pl.DataFrame,
) -> pl.DataFrame:
    """The health of each persona, in their order: `run_tables.PERSONAS` without the id.

    A **bridge** is a bond whose loss splits the persona: grouped once more without it, its members
    come into several parts, and all but the largest fall apart. Tried are bonds without which the
    join that they took part in would not have been made, from the last join back, as later joins
    are weaker, and the strongest bond of each first; bonds that people ruled come last. At most
    `TRIES` are tried, and fewer where a persona has more bonds than `MOST_BONDS` divided by that.

    Args:
        personas: rows of the accounts of each, ascending.
        holds: what they were grouped by.
        account_ids: of all accounts.
        needed_bits: the mean bits from which on two groups are one.
        crews: see `crews.possible_crews`.
    """
    of_account = persona_of(personas, len(account_ids))
    counts = np.array([len(members) for members in personas], np.int64)
    inside = _inside(holds, of_account)
    bits = np.bincount(inside.persona, inside.holds.bits, len(personas))
    ruled = np.bincount(inside.persona[inside.holds.kind == RULED_SAME], minlength=len(personas))
    trials = _trials(inside, len(account_ids), needed_bits)
    bridges, fallen = _tried(inside, trials, of_account, needed_bits)
    table = pl.DataFrame(
        {
            "persona": np.arange(len(personas)),
            "member_count": counts,
            "cohesion_bits": np.round(bits / (counts * (counts - 1) / 2), BITS_DECIMALS),
            "ruled_count": ruled,
        }
    )
    bridge_rows = _bridge_rows(inside, bridges, account_ids)
    for part in (bridge_rows, _named(fallen, account_ids), crews):
        table = table.join(part, on="persona", how="left", maintain_order="left")
    table = table.with_columns(
        pl.col("falls_apart").fill_null([]), possible_crew=pl.col("crew_reason").is_not_null()
    )
    return table.select(PERSONAS.schema.names()[1:])


def persona_of(personas: Sequence[Sequence[int]], account_count: int) -> Integers:
    """The number of each account's persona, int64 (n,); `ALONE` where it is in none."""
    numbers = np.full(account_count, ALONE, np.int64)
    for number, members in enumerate(personas):
        numbers[members] = number
    return numbers


def _inside(holds: Holds, of_account: Integers) -> Inside:
    left = of_account[holds.pairs.left]
    within = (left == of_account[holds.pairs.right]) & (left != ALONE)
    return Inside(holds.take(within), left[within])


def _trials(inside: Inside, account_count: int, needed_bits: float) -> pl.DataFrame:
    """Bonds to try, in order: persona, bond (row), turn (0, 1, …)."""
    bonds = inside.holds.bonds
    left, right = bonds.pairs.left.astype(np.int64), bonds.pairs.right.astype(np.int64)
    nobody = (np.empty(0, np.int64), np.empty(0, np.int64))
    kept, gone, _ = join(account_count, (left, right, bonds.bits), nobody, needed_bits)
    join_of, between = joins_of(account_count, (kept, gone), (left, right))
    micro = np.round(bonds.bits * MICRO)
    sums = np.bincount(join_of, micro, len(kept))
    needed = (sums[join_of] - micro) < needed_bits * MICRO * between[join_of]
    rows = np.flatnonzero(needed)
    ruled = inside.holds.kind[rows] == RULED_SAME
    persona = inside.persona[rows]
    rows = rows[np.lexsort((rows, -micro[rows], -join_of[rows], ruled, persona))]
    table = pl.DataFrame({"persona": inside.persona[rows], "bond": rows})
    table = table.with_columns(turn=pl.int_range(pl.len()).over("persona"))
    bond_count = np.bincount(inside.persona)[inside.persona[rows]]
    return table.filter(pl.col("turn") < TRIES, (pl.col("turn") + 1) * bond_count <= MOST_BONDS)


def _tried(
    inside: Inside, trials: pl.DataFrame, of_account: Integers, needed_bits: float
) -> tuple[Integers, pl.DataFrame]:
    """Each persona's first bond whose loss splits it; and who falls apart: persona, row."""
    found, fallen = [np.empty(0, np.int64)], [pl.DataFrame(schema=FALLEN)]
    while trials.height:
        now = trials.unique("persona", keep="first", maintain_order=True)
        fallen.append(_fallen(inside, now["bond"].to_numpy(), of_account, needed_bits))
        split = pl.col("persona").is_in(fallen[-1]["persona"].unique().implode())
        found.append(now.filter(split)["bond"].to_numpy())
        trials = trials.filter(~split).join(now, on="bond", how="anti", maintain_order="left")
    return np.concatenate(found), pl.concat(fallen)


def _fallen(
    inside: Inside, lost: Integers, of_account: Integers, needed_bits: float
) -> pl.DataFrame:
    """Accounts that split off where personas lose one bond each: persona, row."""
    asked = np.zeros(of_account.max(initial=ALONE) + 2, np.bool_)
    asked[inside.persona[lost]] = True
    kept = asked[inside.persona]
    kept[lost] = False
    rows, bonds = np.flatnonzero(asked[of_account]), inside.holds.take(kept).bonds
    ends = (np.searchsorted(rows, side) for side in (bonds.pairs.left, bonds.pairs.right))
    local = Bonds(Pairs.of(*ends), bonds.bits)
    part = np.arange(len(rows))
    for members in group(len(rows), local, Pairs.none(), needed_bits):
        part[members] = members[0]
    parts = pl.DataFrame({"persona": of_account[rows], "row": rows, "part": part}, schema=PARTS)
    sizes = parts.group_by("persona", "part").agg(size=pl.len().cast(pl.Int64))
    largest = sizes.sort("persona", -pl.col("size"), "part").unique(
        "persona", keep="first", maintain_order=True
    )
    return parts.join(largest, on=["persona", "part"], how="anti").select(FALLEN.names())


def _bridge_rows(inside: Inside, bridges: Integers, account_ids: pl.Series) -> pl.DataFrame:
    pairs = inside.holds.pairs
    left, right = (
        account_ids.gather(side[bridges]).to_list() for side in (pairs.left, pairs.right)
    )
    return pl.DataFrame(
        {
            "persona": inside.persona[bridges],
            "bridge_id": [link_id(*pair) for pair in zip(left, right, strict=True)],
            "bridge_left": left,
            "bridge_right": right,
            "bridge_bits": inside.holds.bits[bridges],
            "bridge_ruled": inside.holds.kind[bridges] == RULED_SAME,
        },
        schema_overrides={
            "bridge_id": pl.String,
            "bridge_left": pl.String,
            "bridge_right": pl.String,
        },
    )


def _named(fallen: pl.DataFrame, account_ids: pl.Series) -> pl.DataFrame:
    names = account_ids.gather(fallen["row"]).rename("falls_apart")
    return (
        fallen.with_columns(names)
        .sort("row")
        .group_by("persona", maintain_order=True)
        .agg("falls_apart")
    )
