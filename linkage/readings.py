"""A reading: one feature with what it surveyed and read from one corpus, ready to be asked."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.feature import AnyFeature, Finding, Outcome
from features.memory import give_back
from features.pairs import Pairs

Watch = Callable[[str, int], None]
"""Told after each stage: its name and how many things it made."""

BLOCK_PAIRS = 65_536
"""How many pairs are compared at a time, so that memory does not grow with their number."""
LANES = 2
"""How many features read, or meet, at a time: what they take in memory adds up."""
T = TypeVar("T")
VALUES_SHOWN = pl.Schema(
    {
        "kind": pl.String(),
        "value": pl.String(),
        "account": pl.UInt32(),
        "proved": pl.Boolean(),
        "seen_at": UTC_TIME,
    }
)


def side_by_side(tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
    """What each task gives, in their order, `LANES` of them at work at a time.

    They spend their time in compiled code and other processes, so that threads keep cores busy.
    """
    pool = ThreadPoolExecutor(LANES)
    try:
        yield from pool.map(lambda task: task(), tasks)
    finally:
        pool.shutdown(cancel_futures=True)


def unwatched(stage: str, count: int) -> None:
    """Nobody is told."""
    del stage, count


class Asked(Protocol):
    """What can be asked about pairs: a feature over one corpus."""

    @property
    def feature(self) -> AnyFeature:
        """The feature."""
        ...

    def compare(self, pairs: Pairs) -> Outcome:
        """The outcome of n pairs."""
        ...


@dataclass(frozen=True)
class Reading:
    """One feature over one corpus.

    Attributes:
        feature: the feature.
        survey: what it knows of the whole corpus.
        traits: what it read, without the values that people ruled public.
        whole_traits: the same with them.
    """

    feature: AnyFeature
    survey: Any
    traits: Any
    whole_traits: Any

    @cached_property
    def shown(self) -> pl.DataFrame:
        """Which account shows which value, `VALUES_SHOWN`, public ones among them."""
        return _values_shown(self.feature, self.whole_traits)

    def meet(self) -> Pairs:
        """Pairs that this feature alone would look at."""
        return self.feature.meet(self.traits, self.survey)

    def compare(self, pairs: Pairs) -> Outcome:
        """The outcome of n pairs, in blocks."""
        blocks = [
            self.feature.compare(
                self.traits, self.survey, pairs.take(slice(start, start + BLOCK_PAIRS))
            )
            for start in range(0, len(pairs), BLOCK_PAIRS)
        ]
        parts = [Outcome.nothing(0), *blocks]
        return Outcome(
            np.concatenate([part.level for part in parts]),
            np.concatenate([part.value for part in parts]),
            np.concatenate([part.count for part in parts]),
        )

    def explain(self, pair: tuple[int, int]) -> Finding:
        """The finding on one pair (left < right), for people."""
        finding = self.feature.explain(self.traits, self.survey, pair)
        if finding.level is not None or self.traits is self.whole_traits:
            return finding
        with_public = self.feature.explain(self.whole_traits, self.survey, pair)
        if with_public.level is None:
            return finding
        sentence = f"only shared values that people ruled public ({with_public.sentence})"
        return Finding(None, sentence)


def read(feature: AnyFeature, corpus: Corpus, public: pl.DataFrame | None = None) -> Reading:
    """Survey and read a corpus with one feature.

    Args:
        feature: the feature.
        corpus: the corpus.
        public: public values in force (see `evidence.rulings.PUBLIC_VALUES`); none by default.
    """
    survey = feature.survey(corpus)
    give_back()
    traits = feature.read(corpus, survey)
    give_back()
    shown = feature.shown(traits)
    if public is None or shown is None:
        return Reading(feature, survey, traits, traits)
    values = set(public.filter(kind=shown.kind)["value"])
    kept = feature.without(traits, survey, values) if values else traits
    return Reading(feature, survey, kept, traits)


def _values_shown(feature: AnyFeature, traits: Any) -> pl.DataFrame:
    shown = feature.shown(traits)
    if shown is None:
        return pl.DataFrame(schema=VALUES_SHOWN)
    columns = {
        "kind": [shown.kind] * len(shown.value),
        "value": shown.value,
        "account": shown.account,
        "proved": shown.proved,
        "seen_at": shown.seen_at,
    }
    return pl.DataFrame(columns, schema=VALUES_SHOWN)
