"""Known truth for an evaluation: which pairs are of one hand."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from evidence.errors import RefusedInput
from evidence.records import account_id
from linkage.decided import LAST_RULINGS, contradictions
from linkage.entities import tied
from linkage.named import table_of_names

NAMES = ("market_a", "handle_a", "market_b", "handle_b")
SIDES = ("left", "right")


def read_truth(*paths: Path) -> pl.DataFrame:
    """The pairs of truth files: left, right (account ids), same (bool), kind (text, or null).

    Other columns are not read.

    Raises:
        RefusedInput: a file is no CSV, lacks a column, a name is empty, `same` is not 0 or 1, or a
            line denies what others say together, in the same file or in another; names the lines.
    """
    truth = pl.concat([_truth(path, _table(path)) for path in paths])
    _refuse_contradiction(truth)
    return truth.drop("place")


def _table(path: Path) -> pl.DataFrame:
    table = table_of_names(path, "truth", NAMES, ("same",))
    wrong = (~table["same"].is_in(["0", "1"])).fill_null(True).arg_true()
    if len(wrong):
        raise RefusedInput(f"{path}: line {wrong[0] + 2}: `same` must be 0 or 1")
    return table


def _truth(path: Path, table: pl.DataFrame) -> pl.DataFrame:
    """The pairs of a file, and the place of each in words."""
    return pl.DataFrame(
        {
            "left": map(account_id, table["market_a"], table["handle_a"]),
            "right": map(account_id, table["market_b"], table["handle_b"]),
            "same": table["same"] == "1",
            "kind": table["kind"] if "kind" in table.columns else [None] * table.height,
            "market_a": table["market_a"],
            "market_b": table["market_b"],
            "place": [f"{path} line {number + 2}" for number in range(table.height)],
        },
        schema_overrides=dict.fromkeys(("left", "right", "kind", "place"), pl.String),
    )


def _refuse_contradiction(truth: pl.DataFrame) -> None:
    hand = _hands(truth)
    sides = (truth[side].replace_strict(hand["account_id"], hand["group"]) for side in SIDES)
    denied = np.logical_and(~truth["same"].to_numpy(), np.equal(*(s.to_numpy() for s in sides)))
    if denied.any():
        left, right, place = truth.select(*SIDES, "place").row(int(denied.argmax()))
        tying = _tying(truth.filter("same"), left, right)
        else_told = (
            f"{' and '.join(tying)} that they are of one" if tying else "they are one account"
        )
        raise RefusedInput(
            f"{place} says that two accounts are of different hands, but {else_told}: "
            "correct or remove one of these lines"
        )


def _tying(same: pl.DataFrame, left: str, right: str) -> list[str]:
    """Places of the fewest lines that together say that two accounts are of one hand."""
    told = [(left, right, "different"), *((*pair, "same") for pair in same.select(SIDES).rows())]
    (chain,) = contradictions(pl.DataFrame(told, schema=LAST_RULINGS, orient="row"))
    place = {frozenset(pair): where for *pair, where in same.select(*SIDES, "place").rows()}
    return [place[frozenset(step)] for step in pairwise(chain)]


def _hands(truth: pl.DataFrame) -> pl.DataFrame:
    """The hand of each account that the truth names, as `linkage.entities.tied` gives groups."""
    same = truth.filter("same").select(SIDES)
    return tied(pl.concat([truth["left"], truth["right"].rename("left")]), [same])


@dataclass(frozen=True)
class Known:
    """What a truth knows of the accounts it names.

    They are taken to be known altogether: two of them are of one hand where the pairs of the truth
    say so, directly or through others, and of different hands everywhere else.

    Attributes:
        accounts: account_id (ascending), hand, entity (numbered from 0), here (in the corpus).
    """

    accounts: pl.DataFrame

    @classmethod
    def of(cls, truth: pl.DataFrame, entities: pl.DataFrame, corpus_ids: pl.Series) -> "Known":
        """Put together a truth, the entities (see `entities_of`), and who is in the corpus."""
        named = _hands(truth).rename({"group": "hand"})
        accounts = named.join(entities, on="account_id", how="left", maintain_order="left")
        return cls(
            accounts.with_columns(
                entity=pl.col("entity").rank("dense").cast(pl.Int64) - 1,
                here=pl.col("account_id").is_in(corpus_ids.implode()),
            )
        )

    @property
    def entity_count(self) -> int:
        """How many entities these accounts are of."""
        return int(self.accounts["entity"].n_unique())

    @cached_property
    def same_pairs(self) -> pl.DataFrame:
        """All pairs of one hand: left, right (left < right) and the `entity` of both."""
        sides = self.accounts.select("hand", "entity", left="account_id")
        others = self.accounts.select("hand", right="account_id")
        pairs = sides.join(others, on="hand").filter(pl.col("left") < pl.col("right"))
        return pairs.select("left", "right", "entity").sort("left", "right")

    def judged(self, links: pl.DataFrame) -> pl.DataFrame:
        """The `same` links between two of these accounts, and whether the truth confirms them.

        Returns:
            The links' columns, with left_entity, right_entity, and `true`; by left and right.
        """
        sided = links.filter(verdict="same").with_columns(
            left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right")
        )
        for side in SIDES:
            known = self.accounts.select(
                pl.col("account_id").alias(side),
                pl.col("hand").alias(f"{side}_hand"),
                pl.col("entity").alias(f"{side}_entity"),
            )
            sided = sided.join(known, on=side)
        true = pl.col("left_hand") == pl.col("right_hand")
        return sided.with_columns(true=true).drop("left_hand", "right_hand").sort(SIDES)
