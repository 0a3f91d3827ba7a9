"""What a feature is: five steps from a corpus to a sentence, and the words they answer in."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.pairs import Pairs

S = TypeVar("S")
T = TypeVar("T")

Forgeable = Literal["free", "costly", "infeasible"]
"""What it takes to fake a level: a minute's copying, a sustained act, or the secret itself."""

Fitted = Mapping[str, NDArray[np.generic]]
"""The fitted part of a feature: named arrays, as they stand in the model bundle."""


@dataclass(frozen=True)
class Level:
    """A named outcome of a feature on one pair."""

    name: str
    meaning: str
    forgeable: Forgeable
    binds: Literal["none", "one", "both"] = "none"
    """For an infeasible level: whether the secret binds one side to the other or both."""
    speaks: Literal["for", "against"] = "for"


@dataclass(frozen=True)
class Outcome:
    """What a feature says of n pairs.

    Attributes:
        level: int8 (n,); 0 is "nothing to compare", k is the feature's `levels[k - 1]`.
        value: float32 (n,); what a continuous level measured (a similarity, a distance), else NaN.
        count: int32 (n,); the amount it rests on (characters, sharing accounts), else 0.
    """

    level: NDArray[np.int8]
    value: NDArray[np.float32]
    count: NDArray[np.int32]

    @classmethod
    def nothing(cls, pair_count: int) -> Self:
        """An outcome of level 0 for every pair."""
        return cls(
            np.zeros(pair_count, np.int8),
            np.full(pair_count, np.nan, np.float32),
            np.zeros(pair_count, np.int32),
        )


@dataclass(frozen=True)
class Citation:
    """Where a fact stands: which delivery, where in it, which row."""

    source_id: str
    place: str
    row_id: str


@dataclass(frozen=True)
class Highlight:
    """A piece of evidence to show on one side of a pair (`left` or `right`)."""

    side: Literal["left", "right"]
    text: str


@dataclass(frozen=True)
class Finding:
    """What one feature found on one pair, for people.

    `level` is None where there was nothing to compare; then the sentence says what was missing.
    `not_validated` names what of the two lies beyond anything that the feature was measured on.
    """

    level: str | None
    sentence: str
    highlights: tuple[Highlight, ...] = ()
    citations: tuple[Citation, ...] = ()
    not_validated: tuple[str, ...] = ()


class Feature(ABC, Generic[S, T]):
    """One way in which two accounts can betray one hand. The docstring names its blind spot."""

    name: ClassVar[str]
    family: ClassVar[str]
    """Features of one family see the same thing: only the strongest of them counts."""
    levels: ClassVar[tuple[Level, ...]]

    @classmethod
    def from_fitted(cls, fitted: Fitted | None) -> Self:
        """The feature with its fitted part; most have none and ignore it."""
        del fitted
        return cls()

    @abstractmethod
    def survey(self, corpus: Corpus) -> S:
        """What the feature must know of the whole corpus before it reads one account."""

    @abstractmethod
    def read(self, corpus: Corpus, survey: S) -> T:
        """The trait: columnar, row i is account i; a pure function of its arguments."""

    @abstractmethod
    def meet(self, traits: T, survey: S) -> Pairs:
        """Pairs that this feature alone would look at; may be none."""

    @abstractmethod
    def compare(self, traits: T, survey: S, pairs: Pairs) -> Outcome:
        """The outcome of each pair, whole columns at a time."""

    @abstractmethod
    def explain(self, traits: T, survey: S, pair: tuple[int, int]) -> Finding:
        """A sentence, highlights and citations for one pair (left < right) that people see."""

    def without(self, traits: T, survey: S, values: Collection[str]) -> T:
        """The traits as if nobody had shown these values, of the kind that `shown` gives."""
        del survey, values
        return traits

    def shown(self, traits: T) -> "Shown | None":
        """Values that accounts show, for the graph; None where the feature has none."""
        del traits
        return None


AnyFeature = Feature[Any, Any]
"""A feature whose survey and traits are its own business."""


@dataclass(frozen=True)
class Shown:
    """Which account shows (or proved to hold) which value.

    Attributes:
        kind: `key`, `photo`, `contact` or `wallet`.
        account: uint32 (n,), row of the account.
        value: n strings: fingerprint, photo hash, address.
        proved: bool (n,); true where the account proved possession.
        seen_at: UTC times (n,) when each account first showed it as its own or nobody's; null where
            that is unknown, None where it is of none.
    """

    kind: Literal["key", "photo", "contact", "wallet"]
    account: NDArray[np.uint32]
    value: list[str]
    proved: NDArray[np.bool_]
    seen_at: pl.Series | None = None
