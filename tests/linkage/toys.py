"""Features that say what a test tells them, and a rulebook for them."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome, Shown
from features.pairs import Pairs
from linkage.model import BitsSource, Model, Prior, Rulebook, Thresholds, Weight
from tests.builders import CorpusBuilder

SOURCE = BitsSource(kind="structural", text="invented for this test")
LEVELS = {
    "handle": {"same_handle": 11.0, "unlike_handles": -1.5},
    "key": {"key_shown": 9.0, "key_proved": 30.0, "key_named_by_other": 18.0},
    "style": {"one_style": 12.0, "other_style": -5.0},
}


class Told(Feature[None, list[str]]):
    """Says of each pair of account ids the level it was told. Blind spot: everything else."""

    def __init__(
        self, told: Mapping[tuple[str, str], str] | None = None, shows=(), proves=()
    ) -> None:
        self.told = dict(told or {})
        self.shows, self.proves = list(shows), list(proves)

    def survey(self, corpus: Corpus) -> None:
        return None

    def read(self, corpus, survey):
        return corpus.accounts["account_id"].to_list()

    def meet(self, traits, survey):
        row = {account: number for number, account in enumerate(traits)}
        return Pairs.of([row[a] for a, _ in self.told], [row[b] for _, b in self.told])

    def level_of(self, traits, pair):
        left, right = (traits[row] for row in pair)
        name = self.told.get((left, right)) or self.told.get((right, left))
        return [level.name for level in self.levels].index(name) + 1 if name else 0

    def compare(self, traits, survey, pairs):
        nothing = Outcome.nothing(len(pairs))
        sides = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
        levels = np.array([self.level_of(traits, pair) for pair in sides], np.int8)
        return Outcome(levels, nothing.value, nothing.count)

    def explain(self, traits, survey, pair):
        number = self.level_of(traits, pair)
        if not number:
            return Finding(None, f"{self.name}: nothing to compare")
        name = self.levels[number - 1].name
        highlights = (Highlight("left", "this"), Highlight("right", "that"))
        return Finding(name, f"{self.name}: {name}", highlights, (Citation("s1", "line 1", "r1"),))

    def shown(self, traits):
        row = {account: number for number, account in enumerate(traits)}
        shows = [*self.shows, *self.proves]
        accounts = np.array([row[account] for account, _ in shows], np.uint32)
        proved = np.arange(len(shows)) >= len(self.shows)
        return Shown("key", accounts, [v for _, v in shows], proved)


class Handle(Told):
    """Invented. Blind spot: all."""

    name: ClassVar[str] = "handle"
    family: ClassVar[str] = "handle"
    levels = (
        Level("same_handle", "one handle", "free"),
        Level("unlike_handles", "two handles", "free", speaks="against"),
    )


class Key(Told):
    """Invented. Blind spot: all."""

    name: ClassVar[str] = "key"
    family: ClassVar[str] = "key"
    levels = (
        Level("key_shown", "both show one key", "free"),
        Level("key_proved", "both signed with one key", "infeasible", "both"),
        Level("key_named_by_other", "one key signed the other's name", "infeasible", "one"),
    )


class Style(Told):
    """Invented. Blind spot: all."""

    name: ClassVar[str] = "style"
    family: ClassVar[str] = "style"
    levels = (
        Level("one_style", "one style", "costly"),
        Level("other_style", "two styles", "costly", speaks="against"),
    )


def a_model(**thresholds: float) -> Model:
    """Priors of 0.5 in 10,000 (−14.3 bits), the bits of `LEVELS` in every relation."""
    relations = ("across", "same", "forum")
    prior = Prior(expected_partners=0.5, reference_accounts=10_000, source=SOURCE)
    weights = {
        feature: {
            level: {relation: Weight(bits=bits, source=SOURCE) for relation in relations}
            for level, bits in levels.items()
        }
        for feature, levels in LEVELS.items()
    }
    limits = {"lead_probability": 0.1, "strong_probability": 0.9, "costly_bits": 5.0} | thresholds
    return Model(
        Rulebook(
            name="toy",
            trained_on=(),
            priors=dict.fromkeys(relations, prior),
            weights=weights,
            thresholds=Thresholds(**limits),
        ),
        {},
    )


def a_corpus(*accounts: str) -> Corpus:
    """A corpus of accounts `market:handle`, each with one listing."""
    builder = CorpusBuilder()
    for account in accounts:
        builder.listing(*account.split(":"), title="a kettle")
    return builder.build()
