"""All pairs of forms that are alike, exactly."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.handles.bounds import LONGEST, Forms, room_table, scan, signatures
from features.handles.likeness import likeness
from features.pairs import Pairs

BLOCK_FORMS = 4096
ROOM = 1 << 16
MOST = 1_000
"""A form that is like more others is a hub."""

Places = NDArray[np.int64]


@dataclass(frozen=True)
class AlikeForms:
    """Pairs of forms that are alike, sorted by (low, high).

    Attributes:
        low: places (n,) in the column of forms.
        high: places (n,), each above its `low`.
        hubs: places (m,) of the forms that are like too many others, ascending; pairs of two hubs
            are left out.
    """

    low: Places
    high: Places
    hubs: Places


def alike_forms(forms: pl.Series, most: int = MOST) -> AlikeForms:
    """All pairs of forms that are alike by the rule of `likeness.likeness`.

    Every pair is looked at, by its signature, which costs a nanosecond: 65,000 forms take some
    three processor seconds, and ten times the forms a hundred times that.

    Args:
        forms: distinct texts of up to `LONGEST` letters, none null.
        most: a form that more others could be like is a hub, and so is one whose letters more
            than `TRIED` times as many others could have.
    """
    order = forms.str.len_chars().arg_sort()
    ordered = _ordered(forms.gather(order))
    one, other = _scanned(ordered, most, later=True)
    if (one == other).any():
        one, other = _scanned(ordered, most, later=False)
    place = order.to_numpy()
    hubs = np.sort(place[one[one == other]]).astype(np.int64)
    pairs = Pairs.of(place[one], place[other])
    low, high = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    text = forms.to_numpy()
    alike = likeness(text[low], text[high]).alike
    return AlikeForms(low[alike], high[alike], hubs)


def _ordered(forms: pl.Series) -> Forms:
    """Forms as the kernel wants them; the commonest letters have the smallest numbers."""
    points = np.frombuffer("".join(forms.to_list()).encode("utf-32-le"), np.uint32)
    _, letter, count = np.unique(points, return_inverse=True, return_counts=True)
    number = np.empty(len(count), np.int32)
    number[np.argsort(-count, kind="stable")] = np.arange(len(count))
    letters = number[letter]
    length = forms.str.len_chars().to_numpy().astype(np.int64)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(length)])
    of_length = np.searchsorted(length, np.arange(LONGEST + 2)).astype(np.int64)
    return start, letters, signatures(start, letters), of_length


def _scanned(forms: Forms, most: int, later: bool) -> tuple[Places, Places]:
    """Forms and their neighbours, `later` in the order alone or all; hubs are their own."""
    firsts = range(0, len(forms[2]), BLOCK_FORMS)
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        blocks = threads.map(lambda first: _block(forms, (first, most, later)), firsts)
        one, other = np.concatenate([np.empty((2, 0), np.int64), *blocks], axis=1)
    return one, other


def _block(forms: Forms, limits: tuple[int, int, bool]) -> Places:
    at, most, later = limits
    end = min(at + BLOCK_FORMS, len(forms[2]))
    room, parts = room_table(), []
    while at < end:
        out = np.empty((2, max(ROOM, most + 1)), np.int64)
        at, found = scan(forms, room, (at, end, most, later), out)
        parts.append(out[:, :found].copy())
    return np.concatenate(parts, axis=1)
