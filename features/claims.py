"""Claims: "I was X on Y", "same vendor as on Z", "beware of impostor W"; who says it of whom."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome
from features.pairs import Pairs
from features.statements.reading import read_statements
from features.statements.resolving import resolve
from features.statements.signed import signed_statements

QUOTE_CHARS = 160
BOTH_SIGNED, ONE_SIGNED, MUTUAL, DENIED, SIGNED, PLACED, ALONE = range(1, 8)

PAIRED = pl.Schema({"key": pl.UInt64(), "level": pl.Int8(), "count": pl.Int32()})


@dataclass(frozen=True)
class ClaimTraits:
    """Who says what of whom.

    Attributes:
        spoken: `resolving.SPOKEN` with `signed`, `words` (as they stand in the text) and the
            text's `ground`, `source_id`, `place`, `row_id`.
        pairs: `PAIRED`, sorted: of each pair of which one speaks of the other (see `Pairs.keys`)
            the level, and how many statements there are.
    """

    spoken: pl.DataFrame
    pairs: pl.DataFrame

    @cached_property
    def levels(self) -> dict[int, int]:
        """The level of each pair of which one speaks of the other."""
        return dict(self.pairs.select("key", "level").iter_rows())

    @cached_property
    def statements(self) -> dict[tuple[int, int], list[dict[str, Any]]]:
        """By who speaks and of whom, what it says."""
        found: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for row in self.spoken.iter_rows(named=True):
            found.setdefault((row["account"], row["other"]), []).append(row)
        return found


class Claims(Feature[None, ClaimTraits]):
    """Does one account say in words that it is the other, or that it is not?

    Blind spot: whoever moves and whoever poses as somebody who moved say the same; English alone is
    read, and only wordings that were thought of; handles with blanks in them only within quotation
    marks; a denial may be the lie.
    """

    name = "claims"
    family = "claim"
    levels = (
        Level(
            "each_signed_for_the_other",
            "each names the other as itself, in a message validly signed with a key that it holds",
            "infeasible",
            binds="both",
        ),
        Level(
            "mutual_and_one_signed",
            "each names the other as itself, one in a message validly signed with a key it holds",
            "infeasible",
            binds="one",
        ),
        Level("mutual", "each names the other as itself, and the market where it is", "free"),
        Level(
            "denied",
            "one says that the other is not itself, an impostor or nobody it has to do with",
            "free",
            speaks="against",
        ),
        Level(
            "claimed_signed",
            "one says in a signed message that it is the other; the other says nothing",
            "free",
        ),
        Level("claimed", "one says that it is this handle on this market", "free"),
        Level("claimed_by_handle", "one says that it is this handle, wherever that is", "free"),
    )

    @override
    def survey(self, corpus: Corpus) -> None:
        del corpus

    @override
    def read(self, corpus: Corpus, survey: None) -> ClaimTraits:
        del survey
        spoken = resolve(corpus, read_statements(corpus))
        texts = corpus.texts.select("ground", "source_id", "place", "row_id", body="text")
        placed = pl.concat([spoken, texts[spoken["text"]]], how="horizontal")
        length = pl.col("end") - pl.col("start")
        words = pl.col("body").str.slice(pl.col("start"), length).str.slice(0, QUOTE_CHARS)
        known = placed.with_columns(words=words, signed=signed_statements(corpus, spoken))
        return ClaimTraits(known.drop("body"), _paired(known))

    @override
    def meet(self, traits: ClaimTraits, survey: None) -> Pairs:
        del survey
        return Pairs.from_keys(traits.pairs["key"].to_numpy())

    @override
    def compare(self, traits: ClaimTraits, survey: None, pairs: Pairs) -> Outcome:
        del survey
        outcome = Outcome.nothing(len(pairs))
        known = traits.pairs["key"].to_numpy()
        if not len(known):
            return outcome
        place = np.minimum(np.searchsorted(known, pairs.keys), len(known) - 1)
        at = np.flatnonzero(known[place] == pairs.keys)
        outcome.level[at] = traits.pairs["level"].to_numpy()[place[at]]
        outcome.count[at] = traits.pairs["count"].to_numpy()[place[at]]
        return outcome

    @override
    def explain(self, traits: ClaimTraits, survey: None, pair: tuple[int, int]) -> Finding:
        del survey
        number = traits.levels.get(pair[0] << 32 | pair[1])
        if number is None:
            return Finding(None, "neither says that it is, or is not, the other")
        sides: tuple[Literal["left", "right"], ...] = ("left", "right")
        said = [
            (side, row)
            for side, one, other in zip(sides, pair, pair[::-1], strict=True)
            for row in traits.statements.get((one, other), ())
        ]
        cited = (Citation(row["source_id"], row["place"], row["row_id"]) for _, row in said)
        return Finding(
            self.levels[number - 1].name,
            "; ".join(dict.fromkeys(_clause(side, row) for side, row in said)),
            tuple(dict.fromkeys(Highlight(side, row["words"]) for side, row in said)),
            tuple(dict.fromkeys(cited)),
        )


def _paired(spoken: pl.DataFrame) -> pl.DataFrame:
    """The columns `PAIRED`."""
    first, second = pl.min_horizontal("account", "other"), pl.max_horizontal("account", "other")
    key = first.cast(pl.UInt64) * 2**32 + second.cast(pl.UInt64)
    names = pl.col("claims") & pl.col("placed")
    straight = pl.col("account") < pl.col("other")
    grouped = spoken.group_by(key=key).agg(
        count=pl.len(),
        mutual=(names & straight).any() & (names & ~straight).any(),
        signatures=(names & pl.col("signed") & straight).any().cast(pl.Int8)
        + (names & pl.col("signed") & ~straight).any().cast(pl.Int8),
        denied=(~pl.col("claims")).any(),
        placed=names.any(),
    )
    level = (
        pl.when(pl.col("mutual") & (pl.col("signatures") == 2))
        .then(BOTH_SIGNED)
        .when(pl.col("mutual") & (pl.col("signatures") == 1))
        .then(ONE_SIGNED)
        .when("denied")
        .then(DENIED)
        .when("mutual")
        .then(MUTUAL)
        .when(pl.col("signatures") > 0)
        .then(SIGNED)
        .when("placed")
        .then(PLACED)
        .otherwise(ALONE)
    )
    return grouped.with_columns(level=level).select(PAIRED.names()).cast(PAIRED).sort("key")


def _clause(side: str, row: dict[str, Any]) -> str:
    verb = "says that it is the other" if row["claims"] else "says that the other is not itself"
    how = ", signed with its own key" if row["signed"] else ""
    where = "post" if row["ground"] == "post" else str(row["ground"])
    return f"the {side} {verb} in its {where}{how}: “{' '.join(row['words'].split())}”"
