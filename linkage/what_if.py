"""What if a link is wrong: the personas of a run as if nothing stood between two accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from evidence.errors import RefusedInput, UnknownThing
from linkage.bonds import holds_in
from linkage.personas import group
from linkage.run_store import RunStore

MOST_ACCOUNTS = 100_000
"""More are not grouped anew while somebody waits."""


@dataclass(frozen=True)
class Persona:
    """A persona of the run, and its accounts."""

    persona_id: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Without:
    """What the loss of one bond or wall does.

    Attributes:
        link_id: the digest of its two accounts.
        left: the one account.
        right: the other.
        held_by: what stands between the two, of `bonds.KINDS`; None where nothing that personas are
            grouped by does, as with a lead: then nothing changes.
        bits: of the evidence.
        before: the personas that would change, or, where none would, those of the two accounts.
        after: where their accounts would be, the largest group first; who would be alone, too.
    """

    link_id: str
    left: str
    right: str
    held_by: str | None
    bits: float | None
    before: tuple[Persona, ...]
    after: tuple[tuple[str, ...], ...]

    @property
    def changes(self) -> bool:
        """Whether any persona would be another."""
        return {p.members for p in self.before} != set(self.after)


def without_link(
    runs: RunStore, run_id: str, link_id: str, most_accounts: int | None = MOST_ACCOUNTS
) -> Without:
    """Group the accounts around a link once more, as the run did, as if that link were not there.

    Evidence on the two and what people ruled on them are both taken away, be it that they hold them
    together or keep them apart; what else was stored of the run stays.

    Raises:
        UnknownThing: there is no such run; no such link or ruling in it; or it is of old and
            stored no bonds.
        RefusedInput: more than `most_accounts` hang together there.
    """
    bonds = runs.table(run_id, "bonds")
    found = bonds.filter(pl.col("link_id") == link_id, pl.col("tangle").is_not_null()).collect()
    if found.is_empty():
        return _nothing_lost(runs, run_id, link_id)
    bond = found.row(0, named=True)
    tangle = bonds.filter(pl.col("tangle") == bond["tangle"]).collect()
    ids, _ = holds_in(tangle)
    if most_accounts is not None and len(ids) > most_accounts:
        raise RefusedInput(
            f"{len(ids):,} accounts hang together around {bond['left']}, and no more than "
            f"{most_accounts:,} are grouped while somebody waits; `samehand personas --without "
            f"{link_id}` does it"
        )
    after = _grouped(runs, run_id, tangle.filter(pl.col("link_id") != link_id))
    before = _personas(runs, run_id, ids)
    return _compared(bond, before, after)


def _grouped(runs: RunStore, run_id: str, bonds: pl.DataFrame) -> list[tuple[str, ...]]:
    needed = runs.summary(run_id).join_bits
    if needed is None:
        raise UnknownThing("threshold of run", run_id)
    ids, holds = holds_in(bonds)
    made = group(len(ids), holds.bonds, holds.walls, needed)
    return [tuple(ids[row] for row in rows) for rows in made]


def _personas(runs: RunStore, run_id: str, accounts: Sequence[str]) -> list[Persona]:
    members = runs.table(run_id, "members")
    chosen = members.filter(pl.col("account_id").is_in(accounts)).select("persona_id").unique()
    rows = members.join(chosen, on="persona_id", how="semi").sort("persona_id", "account_id")
    grouped = rows.group_by("persona_id", maintain_order=True).agg("account_id").collect()
    return [Persona(name, tuple(ids)) for name, ids in grouped.iter_rows()]


def _nothing_lost(runs: RunStore, run_id: str, link_id: str) -> Without:
    """What a link decides by which nobody is grouped: nothing."""
    pairs = [
        runs.table(run_id, name).filter(pl.col("link_id") == link_id).select("left", "right")
        for name in ("links", "bonds")
    ]
    found = pl.concat(pairs).collect()
    if found.is_empty():
        raise UnknownThing("link", link_id)
    left, right = found.row(0)
    there = _personas(runs, run_id, [left, right])
    parts = [persona.members for persona in there]
    return Without(link_id, left, right, None, None, tuple(there), tuple(parts))


def _compared(
    bond: Mapping[str, Any], before: Sequence[Persona], after: Sequence[tuple[str, ...]]
) -> Without:
    """The personas that the loss of a bond changes; where there are none, that of its accounts."""
    kept = {persona.members for persona in before} & set(after)
    changed = [persona for persona in before if persona.members not in kept]
    parts = [part for part in after if part not in kept]
    if not changed and not parts:
        changed = [persona for persona in before if bond["left"] in persona.members]
        parts = [persona.members for persona in changed]
    placed = {account for part in parts for account in part}
    left_over = {account for persona in changed for account in persona.members} - placed
    parts += [(account,) for account in left_over]
    return Without(
        link_id=bond["link_id"],
        left=bond["left"],
        right=bond["right"],
        held_by=bond["kind"],
        bits=bond["bits"],
        before=tuple(changed),
        after=tuple(sorted(parts, key=lambda part: (-len(part), part))),
    )
