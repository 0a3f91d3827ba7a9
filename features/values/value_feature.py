"""A feature over values that accounts show: contacts, wallets."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Outcome, Shown
from features.neighbours import pairs_sharing
from features.pairs import Pairs
from features.values.displays import read_displays
from features.values.sentences import Side, missing, sentence
from features.values.shows import Custom, read_gives

FEW = 5
"""Who comes later than the fifth to show a value shows one that is known to many."""
LARGEST_BLOCK = 20
"""Only so many of the first who show a value are brought together by it."""

GIVEN_BY_TWO, GIVEN_BY_FEW, SHOWN_BY_TWO, SHOWN_BY_FEW, MANY, NOBODYS, QUOTED, DIFFERENT = range(
    1, 9
)

Flags = NDArray[np.bool_]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ValueSurvey:
    """All values of the corpus and what each account does with them.

    Attributes:
        gives: the columns `shows.GIVES`.
        account_count: how many accounts there are.
    """

    gives: pl.DataFrame
    account_count: int


@dataclass(frozen=True)
class ValueTraits:
    """What each account does with which value.

    Attributes:
        gives: `shows.GIVES` with `number`, the rank of the value among all values, and `ground`,
            `source_id`, `place`, `row_id` of the text where it stands.
        account_count: how many accounts there are.
    """

    gives: pl.DataFrame
    account_count: int

    @cached_property
    def rows(self) -> dict[int, Rows]:
        """By account, what it does with each value."""
        found: dict[int, Rows] = {}
        for row in self.gives.iter_rows(named=True):
            found.setdefault(row["account"], []).append(row)
        return found

    @cached_property
    def kinds(self) -> NDArray[np.uint64]:
        """uint64 (n accounts,): a bit for each kind of which an account gives a value."""
        given = self.gives.filter(pl.col("given") & ~pl.col("nobodys"))
        number = self.gives["kind"].unique().sort().to_list()
        bit = np.array([number.index(kind) for kind in given["kind"]], np.uint64)
        masks = np.zeros(self.account_count, np.uint64)
        np.bitwise_or.at(masks, given["account"].to_numpy(), np.uint64(1) << bit)
        return masks


class ValueFeature(Feature[ValueSurvey, ValueTraits]):
    """What the features of values do alike; levels, kinds and words are those of each."""

    custom: ClassVar[Custom]
    value_kind: ClassVar[Literal["contact", "wallet"]]
    tells_apart: ClassVar[bool]
    """Whether different values of one kind say anything."""

    @override
    def survey(self, corpus: Corpus) -> ValueSurvey:
        displays = read_displays(corpus, self.custom.kinds)
        return ValueSurvey(read_gives(corpus, displays, self.custom), corpus.account_count)

    @override
    def read(self, corpus: Corpus, survey: ValueSurvey) -> ValueTraits:
        places = corpus.texts.select("ground", "source_id", "place", "row_id").with_row_index(
            "text"
        )
        number = pl.col("value").rank("dense").cast(pl.UInt64)
        gives = survey.gives.join(places, on="text", how="left", maintain_order="left")
        return ValueTraits(gives.with_columns(number=number), survey.account_count)

    @override
    def meet(self, traits: ValueTraits, survey: ValueSurvey) -> Pairs:
        del survey
        first = traits.gives.filter(
            ~pl.col("quoting"), ~pl.col("nobodys"), pl.col("rank") <= LARGEST_BLOCK
        )
        rows = first["account"].to_numpy().astype(np.intp)
        return pairs_sharing(first["number"].to_numpy(), rows, LARGEST_BLOCK)

    @override
    def compare(self, traits: ValueTraits, survey: ValueSurvey, pairs: Pairs) -> Outcome:
        del survey
        outcome = Outcome.nothing(len(pairs))
        best = _best(traits, pairs)
        at = best["pair"].to_numpy()
        if self.tells_apart:
            both = (traits.kinds[pairs.left] & traits.kinds[pairs.right]) != 0
            outcome.level[both] = DIFFERENT
        outcome.level[at] = best["level"].to_numpy()
        outcome.count[at] = best["rank"].to_numpy()
        return outcome

    @override
    def explain(self, traits: ValueTraits, survey: ValueSurvey, pair: tuple[int, int]) -> Finding:
        del survey
        left, right = (traits.rows.get(account, []) for account in pair)
        if not left or not right:
            return Finding(None, missing(self.value_kind, bool(left), bool(right)))
        found = _best_of(left, right)
        if found is None and self.tells_apart:
            found = _different(left, right)
        if found is None:
            return Finding(None, f"they have no {self.value_kind} in common")
        level, rows = found
        sides = (Side("left", rows[0]), Side("right", rows[1]))
        cited = tuple(Citation(r["source_id"], r["place"], r["row_id"]) for r in rows)
        name = self.levels[level - 1].name
        return Finding(
            name,
            sentence(name, *sides),
            tuple(Highlight(side.name, side.value) for side in sides),
            tuple(dict.fromkeys(cited)),
        )

    @override
    def without(
        self, traits: ValueTraits, survey: ValueSurvey, values: Collection[str]
    ) -> ValueTraits:
        del survey
        kept = traits.gives.filter(~pl.col("value").is_in(sorted(values)))
        return ValueTraits(kept, traits.account_count)

    @override
    def shown(self, traits: ValueTraits) -> Shown | None:
        rows = traits.gives.filter("displays")
        return Shown(
            self.value_kind,
            rows["account"].to_numpy(),
            rows["value"].to_list(),
            np.zeros(rows.height, np.bool_),
            rows["seen_at"],
        )


def _best(traits: ValueTraits, pairs: Pairs) -> pl.DataFrame:
    """`pair`, `level`, `rank` of the best value that each pair has in common."""
    has = np.zeros(traits.account_count, np.bool_)
    has[traits.gives["account"].to_numpy()] = True
    at = np.flatnonzero(has[pairs.left] & has[pairs.right])
    frame = pl.DataFrame({"pair": at, "left": pairs.left[at], "right": pairs.right[at]})
    rows = traits.gives.select("account", "number", "given", "quoting", "nobodys", "rank")
    both = frame.join(rows, left_on="left", right_on="account").join(
        rows, left_on=["right", "number"], right_on=["account", "number"], suffix="_right"
    )
    level = _level(
        both["given"].to_numpy() & both["given_right"].to_numpy(),
        both["quoting"].to_numpy() | both["quoting_right"].to_numpy(),
        both["nobodys"].to_numpy(),
        np.maximum(both["rank"].to_numpy(), both["rank_right"].to_numpy()),
    )
    judged = both.select("pair", rank=pl.max_horizontal("rank", "rank_right"), level=level)
    return judged.sort("pair", "level", "rank").unique("pair", keep="first", maintain_order=True)


def _level(
    given: Flags, quoting: Flags, nobodys: Flags, rank: NDArray[np.int32]
) -> NDArray[np.int8]:
    """The level of values that two accounts both show, all (n,); `rank` is that of the later."""
    shown = np.select([rank <= 2, rank <= FEW], [SHOWN_BY_TWO, SHOWN_BY_FEW], MANY)
    known = np.where(given & (rank <= FEW), shown - SHOWN_BY_TWO + GIVEN_BY_TWO, shown)
    return np.select([nobodys, quoting], [NOBODYS, QUOTED], known).astype(np.int8)


def _best_of(left: Rows, right: Rows) -> tuple[int, tuple[dict[str, Any], dict[str, Any]]] | None:
    """The best level of one pair and its two rows; None where nothing is in common."""
    others = {row["number"]: row for row in right}
    common = [(row, others[row["number"]]) for row in left if row["number"] in others]
    if not common:
        return None
    rank = np.array([max(one["rank"], other["rank"]) for one, other in common], np.int32)
    level = _level(
        np.array([one["given"] and other["given"] for one, other in common]),
        np.array([one["quoting"] or other["quoting"] for one, other in common]),
        np.array([one["nobodys"] for one, _ in common]),
        rank,
    )
    first = int(np.lexsort((np.arange(len(common)), rank, level))[0])
    return int(level[first]), common[first]


def _different(left: Rows, right: Rows) -> tuple[int, tuple[dict[str, Any], dict[str, Any]]] | None:
    """The first two values of one kind that both sides give as their own."""
    own = [[row for row in rows if row["given"] and not row["nobodys"]] for rows in (left, right)]
    for row in own[0]:
        for other in own[1]:
            if row["kind"] == other["kind"]:
                return DIFFERENT, (row, other)
    return None
