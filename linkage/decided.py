"""Decisions as a run uses them: the last ruling on each pair, by rows of the corpus."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from evidence.second_person import Made, ruled_pairs
from features.pairs import Pairs

LAST_RULINGS = pl.Schema({"left": pl.String, "right": pl.String, "ruling": pl.String})


@dataclass(frozen=True)
class Decided:
    """Pairs that people ruled on and whose accounts the corpus holds."""

    same: Pairs
    different: Pairs


def last_rulings(decisions: pl.DataFrame) -> pl.DataFrame:
    """The ruling that counts for each pair: columns left, right (left < right as text) and ruling.

    One that waits for a second person (see `evidence.second_person`) counts as unsure.

    Args:
        decisions: in the order they were made, see `evidence.rulings.DECISIONS`.
    """
    made = (Made(*row) for row in decisions.select(Made._fields).iter_rows())
    rows = sorted((*pair, ruled.counts_as) for pair, ruled in ruled_pairs(made).items())
    return pl.DataFrame(rows, schema=LAST_RULINGS, orient="row")


def decided(decisions: pl.DataFrame, accounts: pl.DataFrame) -> Decided:
    """The rulings in force, by rows of `accounts`; `unsure` rules nothing.

    Args:
        decisions: in the order they were made, see `evidence.rulings.DECISIONS`.
        accounts: the corpus's accounts.
    """
    row = accounts.select("account_id").with_row_index("row")
    ruled = (
        last_rulings(decisions)
        .join(row.rename({"account_id": "left", "row": "left_row"}), on="left")
        .join(row.rename({"account_id": "right", "row": "right_row"}), on="right")
    )

    def pairs(ruling: str) -> Pairs:
        chosen = ruled.filter(pl.col("ruling") == ruling)
        return Pairs.of(chosen["left_row"].to_numpy(), chosen["right_row"].to_numpy())

    return Decided(pairs("same"), pairs("different"))


def contradictions(rulings: pl.DataFrame) -> list[list[str]]:
    """Chains of `same` rulings whose two ends people ruled `different`: the shortest of each.

    Args:
        rulings: in force, see `last_rulings`.

    Returns:
        For each pair ruled different the accounts from its left to its right, each ruled the same
        as the next; pairs without such a chain are left out.
    """
    beside: dict[str, list[str]] = {}
    for left, right in rulings.filter(ruling="same").select("left", "right").iter_rows():
        beside.setdefault(left, []).append(right)
        beside.setdefault(right, []).append(left)
    apart = rulings.filter(ruling="different").select("left", "right").iter_rows()
    chains = (_chain(beside, left, right) for left, right in apart)
    return [chain for chain in chains if chain]


def _chain(beside: Mapping[str, Iterable[str]], start: str, end: str) -> list[str]:
    came_from = {start: ""}
    queue = deque([start])
    while queue and end not in came_from:
        here = queue.popleft()
        for account in beside.get(here, ()):
            if account not in came_from:
                came_from[account] = here
                queue.append(account)
    chain = [end] if end in came_from else []
    while chain and came_from[chain[-1]]:
        chain.append(came_from[chain[-1]])
    return chain[::-1]
