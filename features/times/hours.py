"""At which hours of the day accounts are active, and how alike two of them are in that.

The hour of the week was tried: days of the week add nothing below some fifty hours a side.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

HOURS = 24
SPREAD_HOURS = 1.0
"""An hour speaks for its neighbours by a circular Gaussian of this width."""
OWN_HOURS = 3.0
"""An account's profile is mixed with its market's as if that were so many hours of its own."""
MARKET_HOURS = 200.0
"""A market's profile is mixed with that of all markets alike."""
MIN_HOURS, MIN_DAYS = 12, 6
"""Fewer distinct hours, or hours on fewer days, were not validated."""
NIGHT_HOURS = 8

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class HourProfiles:
    """The hours of n accounts.

    Attributes:
        count: int32 (n,); distinct hours of activity; 0 where they are too few to compare.
        hours: float32 (n, 24); the share of them in each hour of the day, UTC.
        habit: float32 (n, 24); log of how much rather the account is active in an hour than its
            market is.
    """

    count: NDArray[np.int32]
    hours: Floats
    habit: Floats

    @cached_property
    def night(self) -> NDArray[np.int64]:
        """int64 (n,); the hour (UTC) with which the `NIGHT_HOURS` of least activity begin."""
        around = [np.roll(self.hours, -shift, axis=1) for shift in range(NIGHT_HOURS)]
        return np.asarray(np.argmin(np.sum(around, axis=0).round(6), axis=1))

    def alikeness(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> Floats:
        """float32 (m,): of m pairs, the mean log likelihood ratio of one side's hours.

        Each side's hours are judged by the other's habit, against the habit of its market; both
        directions are averaged. In nats for each hour of activity.
        """
        there = (self.hours[left] * self.habit[right]).sum(axis=1)
        back = (self.hours[right] * self.habit[left]).sum(axis=1)
        return np.asarray((there + back) / np.float32(2), np.float32)


def hour_profiles(active: pl.DataFrame, market: NDArray[np.int64]) -> HourProfiles:
    """The profiles of n accounts.

    Args:
        active: see `stamps.active_hours`.
        market: int64 (n,), the market of each account as a number from 0.
    """
    count, days, hours = _counted(active, len(market))
    usual = _of_markets(hours, market)[market]
    own = (_smoothed(hours) + OWN_HOURS * usual) / (hours.sum(axis=1, keepdims=True) + OWN_HOURS)
    enough = (count >= MIN_HOURS) & (days >= MIN_DAYS)
    shares = hours / np.maximum(count, 1)[:, None]
    return HourProfiles(
        np.where(enough, count, 0).astype(np.int32),
        shares.astype(np.float32),
        np.log(own / usual).astype(np.float32),
    )


def _counted(
    active: pl.DataFrame, accounts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """By account: its hours, its days, and its hours by hour of the day."""
    account = active["account"].to_numpy().astype(np.int64)
    place = account * HOURS + active["hour"].to_numpy()
    hours = np.bincount(place, minlength=accounts * HOURS).reshape(accounts, HOURS)
    one_a_day = active.unique(["account", "day"])["account"].to_numpy()
    days = np.bincount(one_a_day, minlength=accounts)
    return hours.sum(axis=1), days, hours.astype(np.float64)


def _of_markets(hours: NDArray[np.float64], market: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64 (markets, 24): the share of each hour in the activity of each market."""
    sums = np.zeros((int(market.max(initial=0)) + 1, HOURS))
    np.add.at(sums, market, hours)
    whole = _smoothed(sums.sum(axis=0, keepdims=True)) + 1.0
    mixed = _smoothed(sums) + MARKET_HOURS * whole / whole.sum()
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


def _smoothed(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each hour spread over its neighbours around the clock."""
    distance = np.minimum(np.arange(HOURS), HOURS - np.arange(HOURS))
    weight = np.exp(-0.5 * (distance / SPREAD_HOURS) ** 2)
    weight /= weight.sum()
    turned = [np.roll(hours, shift, axis=1) * weight[shift] for shift in range(HOURS)]
    return np.asarray(np.sum(turned, axis=0))
