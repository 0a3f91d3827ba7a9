"""Activity: at which hours of the day, and who begins elsewhere when a market closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Level, Outcome
from features.pairs import Pairs
from features.times.closures import Lives, read_lives
from features.times.hours import MIN_DAYS, MIN_HOURS, NIGHT_HOURS, HourProfiles, hour_profiles
from features.times.stamps import active_hours, read_stamps

ALIKE_NATS, UNLIKE_NATS = 0.05, -0.55
"""Alikeness from which hours are alike, and up to which they are unlike."""

MOST_HOURS = 70
"""More hours than were validated count as so many."""

ALIKE, ALIKE_TAKES_OVER, UNLIKE, USUAL, TAKES_OVER = range(1, 6)

CITED = ("source_id", "place", "row_id")


@dataclass(frozen=True)
class ActivityTraits:
    """When each account was active.

    Attributes:
        profiles: the hours of the day.
        lives: beginnings, and ends with the market.
        ends: `account`, and of its first and last dated record `first_…`, `last_…`: stated_at,
            source_id, place, row_id; one row for each account that states a date, sorted.
    """

    profiles: HourProfiles
    lives: Lives
    ends: pl.DataFrame

    @cached_property
    def records(self) -> dict[int, dict[str, object]]:
        """The rows of `ends` by account."""
        return {row["account"]: row for row in self.ends.iter_rows(named=True)}


class Activity(Feature[None, ActivityTraits]):
    """Are the accounts active at the same hours, and does one begin when the other must end?

    Blind spot: a time zone is shared by millions, and whoever posts at work differs from himself at
    home; clocks of two places may be set differently, which hides one hand and is no sign of two;
    who begins after a closure may be anybody who had to move. Dates without a time of day say
    nothing of hours, and times of scraping that are handed in as times of listing mislead.
    """

    name = "activity"
    family = "time"
    levels = (
        Level(
            "hours_alike",
            f"active at like hours of the day; at least {MIN_HOURS} hours on {MIN_DAYS} days each",
            "costly",
        ),
        Level(
            "hours_alike_and_takes_over",
            "the same, and one was active until its market closed, the other began within weeks",
            "costly",
        ),
        Level("hours_unlike", "one is active when the other is not", "costly", speaks="against"),
        Level("hours_usual", "active at hours that say nothing either way", "costly"),
        Level(
            "takes_over",
            "one was active until its market closed, the other began elsewhere within weeks",
            "free",
        ),
    )

    @override
    def survey(self, corpus: Corpus) -> None:
        del corpus

    @override
    def read(self, corpus: Corpus, survey: None) -> ActivityTraits:
        del survey
        stamps = read_stamps(corpus)
        market = corpus.accounts["market"].rank("dense").to_numpy().astype(np.int64) - 1
        profiles = hour_profiles(active_hours(stamps), market)
        return ActivityTraits(profiles, read_lives(corpus, stamps), _ends(stamps))

    @override
    def meet(self, traits: ActivityTraits, survey: None) -> Pairs:
        """Nobody: too many keep the same hours."""
        del traits, survey
        return Pairs.none()

    @override
    def compare(self, traits: ActivityTraits, survey: None, pairs: Pairs) -> Outcome:
        del survey
        counts = traits.profiles.count
        count = np.minimum(np.minimum(counts[pairs.left], counts[pairs.right]), MOST_HOURS)
        value = np.full(len(pairs), np.nan, np.float32)
        at = np.flatnonzero(count)
        value[at] = traits.profiles.alikeness(pairs.left[at], pairs.right[at])
        level = _levels(value, traits.lives.takes_over(pairs))
        return Outcome(level, value, np.where(level > 0, count, 0).astype(np.int32))

    @override
    def explain(self, traits: ActivityTraits, survey: None, pair: tuple[int, int]) -> Finding:
        outcome = self.compare(traits, survey, Pairs.of(pair[:1], pair[1:]))
        number = int(outcome.level[0])
        if number == 0:
            return Finding(None, _missing(traits, pair))
        level = self.levels[number - 1].name
        parts = [*_of_hours(level, traits, pair), *_of_closing(level, traits, pair)]
        return Finding(level, "; ".join(parts), citations=_citations(traits, pair))


def _levels(value: NDArray[np.float32], takes_over: NDArray[np.bool_]) -> NDArray[np.int8]:
    """int8 (n,); NaN in `value` is nothing to compare."""
    follows = np.where(takes_over, TAKES_OVER, np.where(np.isnan(value), 0, USUAL))
    tests = [value >= ALIKE_NATS, value <= UNLIKE_NATS]
    alike = np.where(takes_over, ALIKE_TAKES_OVER, ALIKE)
    return np.select(tests, [alike, np.full(len(value), UNLIKE)], follows).astype(np.int8)


def _ends(stamps: pl.DataFrame) -> pl.DataFrame:
    """`ActivityTraits.ends`."""
    columns = ("stated_at", *CITED)
    return stamps.group_by("account", maintain_order=True).agg(
        *(pl.col(name).first().alias(f"first_{name}") for name in columns),
        *(pl.col(name).last().alias(f"last_{name}") for name in columns),
    )


def _of_hours(level: str, traits: ActivityTraits, pair: Sequence[int]) -> list[str]:
    if level == "takes_over":
        return []
    said = {"hours_unlike": "active at unlike hours", "hours_usual": "active at usual hours"}
    quiet = [int(traits.profiles.night[account]) for account in pair]
    counts = [int(traits.profiles.count[account]) for account in pair]
    sides = [
        f"the {side} in {count} hours, least between {start:02}:00 and "
        f"{(start + NIGHT_HOURS) % 24:02}:00 UTC (night at UTC{_zone(start):+d})"
        for side, start, count in zip(("left", "right"), quiet, counts, strict=True)
    ]
    return [f"{said.get(level, 'active at like hours')}: {'; '.join(sides)}"]


def _zone(start: int) -> int:
    """The offset from UTC (hours, -11..12) where it is midnight at the hour `start`."""
    return (11 - start) % 24 - 11


def _of_closing(level: str, traits: ActivityTraits, pair: Sequence[int]) -> list[str]:
    if not level.endswith("takes_over"):
        return []
    left, right = (traits.records[account] for account in pair)
    straight = int(traits.lives.began[pair[1]]) >= int(traits.lives.began[pair[0]])
    old, new, names = (
        (left, right, ("left", "right")) if straight else (right, left, ("right", "left"))
    )
    return [
        f"the {names[0]} was last seen on {_day(old['last_stated_at'])}, as its market closed; "
        f"the {names[1]} began elsewhere on {_day(new['first_stated_at'])}"
    ]


def _day(time: object) -> str:
    return str(time)[:10]


def _missing(traits: ActivityTraits, pair: Sequence[int]) -> str:
    few = [
        side
        for side, account in zip(("left", "right"), pair, strict=True)
        if not traits.profiles.count[account]
    ]
    where = " and the ".join(few)
    return f"fewer than {MIN_HOURS} hours on {MIN_DAYS} days with a time of day on the {where}"


def _citations(traits: ActivityTraits, pair: Sequence[int]) -> tuple[Citation, ...]:
    rows = [traits.records[account] for account in pair]
    cited = [
        Citation(*(str(row[f"{end}_{name}"]) for name in CITED))
        for row in rows
        for end in ("first", "last")
    ]
    return tuple(dict.fromkeys(cited))
