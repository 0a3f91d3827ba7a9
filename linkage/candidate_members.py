"""Candidate members: the accounts that leads put beside a persona, for a person to decide on.

A lead never makes a member. An account outside all personas whose leads point into one persona, and
into no other, stands beside that one, unless a firmer link of its, which did not make it a member,
points into another; accounts that have leads among themselves only stand beside
each other, in a group that is no persona yet.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.pairs import Pairs, keys_of
from linkage.personas import Bonds, group
from linkage.proposals import link_id
from linkage.run_tables import MEMBERS

PROPOSED, CANDIDATE = "proposed", "candidate"
NO_PERSONA = "leads-"
"""How the id of a group begins that holds candidates only; it is made of their account ids, so
that it changes with them."""
CHAIN_BITS = 3.0
"""In a group of candidates an account must be held by so many bits over the weakest lead for each
of two others, one of which it has no lead to."""

PAIR = ("left", "right")
STANDINGS = (*MEMBERS.schema.names(), "standing")


def standings(links: pl.DataFrame, members: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """Members of personas and candidates beside them, columns `STANDINGS`, by persona and account.

    Groups that hold candidates only come last.

    Args:
        links: of a run, see `run_tables.LINKS`.
        members: of the same run, see `run_tables.MEMBERS`.
        apart: left, right: pairs that people ruled different; an account that may not stand with a
            member is no candidate.
    """
    same = _both_ways(links.filter(verdict="same").select(*PAIR, "bits", "band"))
    leads = same.filter(band="lead")
    walls = _both_ways(pl.concat([links.filter(verdict="copies").select(PAIR), apart.select(PAIR)]))
    inside = members["account_id"].implode()
    outside = leads.filter(~pl.col("left").is_in(inside))
    beside = _beside(same.join(outside, on="left", how="semi"), members, walls)
    free = outside.filter(
        pl.col("left") < pl.col("right"),
        ~pl.col("right").is_in(inside),
        *(~pl.col(side).is_in(beside["account_id"].implode()) for side in PAIR),
    )
    parts = [
        members.with_columns(standing=pl.lit(PROPOSED)),
        beside.with_columns(standing=pl.lit(CANDIDATE)),
        _among_themselves(free, walls).with_columns(standing=pl.lit(CANDIDATE)),
    ]
    table = pl.concat([part.select(STANDINGS) for part in parts])
    only_candidates = pl.col("persona_id").str.starts_with(NO_PERSONA)
    order = (only_candidates, "persona_id", pl.col("standing") == CANDIDATE, "account_id")
    return table.sort(order)


def groups_with_candidates(
    links: pl.DataFrame, personas: Sequence[Sequence[str]]
) -> list[list[str]]:
    """Personas with their candidates as members, and groups of candidates, as account ids.

    Args:
        links: of a run that honoured no decisions, see `run_tables.LINKS`.
        personas: account ids of each.
    """
    rows = [(f"{n:09}", account) for n, accounts in enumerate(personas) for account in accounts]
    members = pl.DataFrame(rows, schema=MEMBERS.schema, orient="row")
    found = standings(links, members, links.head(0))
    return (
        found.group_by("persona_id", maintain_order=True).agg("account_id")["account_id"].to_list()
    )


def _both_ways(pairs: pl.DataFrame) -> pl.DataFrame:
    turned = pairs.rename({"left": "right", "right": "left"}).select(pairs.columns)
    return pl.concat([pairs, turned]).unique(PAIR).sort(PAIR)


def _beside(outside: pl.DataFrame, members: pl.DataFrame, walls: pl.DataFrame) -> pl.DataFrame:
    """Accounts of which a lead points to one persona and no link to another, with its id."""
    persona = members.rename({"account_id": "right"})
    walled = walls.join(persona, on="right").select("left", "persona_id")
    pointing = outside.join(persona, on="right").join(walled, on=["left", "persona_id"], how="anti")
    to = pointing.group_by(account_id="left").agg(
        pl.col("persona_id").unique(), leads=(pl.col("band") == "lead").any()
    )
    alone = to.filter("leads", pl.col("persona_id").list.len() == 1)
    return alone.with_columns(pl.col("persona_id").list.first()).select(MEMBERS.schema.names())


def _among_themselves(leads: pl.DataFrame, walls: pl.DataFrame) -> pl.DataFrame:
    names = pl.concat([leads["left"], leads["right"]]).unique().sort()
    row = pl.DataFrame({"name": names}).with_row_index("row")
    pairs, bits = _rows(leads, row), leads["bits"].to_numpy()
    held = bits - bits.min(initial=np.inf) + CHAIN_BITS
    order = np.argsort(keys_of(*pairs))
    bonds = Bonds(Pairs.of(*pairs), held[order])
    found = [
        [names[member] for member in members]
        for members in group(len(names), bonds, Pairs.of(*_rows(walls, row)), CHAIN_BITS)
    ]
    rows = [
        (NO_PERSONA + link_id(*accounts), account) for accounts in found for account in accounts
    ]
    return pl.DataFrame(rows, schema=MEMBERS.schema, orient="row")


def _rows(pairs: pl.DataFrame, row: pl.DataFrame) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    found = pairs.join(row.rename({"name": "left", "row": "l"}), on="left", maintain_order="left")
    found = found.join(row.rename({"name": "right", "row": "r"}), on="right", maintain_order="left")
    return found["l"].to_numpy(), found["r"].to_numpy()
