"""Constrained average linkage over a sparse graph of bonds, exactly and in one go.

Two groups become one in falling order of the mean bits over all pairs between them; a pair without
a bond counts as 0. A mean between two groups is never above the means of their parts (average
linkage is reducible: Bruynooghe 1978; Murtagh & Contreras, WIREs Data Mining 2012), so a heap of
the bonds, each corrected only when it comes up, meets the joins in the right order. Sums are
integers: equal bonds give equal groups whatever the order in which they were added up.

Invariant of the kernel: `sums` has one entry for each two roots with a bond between them, and
`barred` one for each two with a wall, under `_key` of the two.
"""

from heapq import heapify, heappop, heappush

import numba
import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled

Integers = NDArray[np.int64]
Lists = tuple[Integers, Integers, Integers, Integers, Integers]
MICRO = 1_000_000
"""Bits are added up as whole millionths."""


def join(
    account_count: int,
    bonds: tuple[Integers, Integers, NDArray[np.float64]],
    walls: tuple[Integers, Integers],
    join_bits: float,
) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """The joins of accounts into groups, in order.

    Some m bonds cost m log(m); memory grows with m.

    Args:
        account_count: how many accounts there are.
        bonds: left, right, bits of each: over 0 holds together, under 0 apart; no pair twice.
        walls: left, right of pairs that may not stand in one group.
        join_bits: the mean from which on two groups become one; over 0.

    Returns:
        For each join an account of either group, and the mean bits between the two.
    """
    if join_bits <= 0:
        raise ValueError(f"a mean of {join_bits} bits holds nothing together")
    left, right, bits = bonds
    micro = np.round(bits * MICRO).astype(np.int64)
    return _join(account_count, (left, right, micro), walls, join_bits * MICRO)


@compiled
def _join(
    account_count: int,
    bonds: tuple[Integers, Integers, Integers],
    walls: tuple[Integers, Integers],
    threshold: float,
) -> tuple[Integers, Integers, NDArray[np.float64]]:
    left, right, micro = bonds
    parent = np.arange(account_count)
    size = np.ones(account_count)
    sums, beside = _table(account_count, left, right, micro), _lists(account_count, left, right)
    ones = np.ones(len(walls[0]), np.int64)
    barred, behind = _table(account_count, *walls, ones), _lists(account_count, *walls)
    heap = [(-float(micro[i]), left[i], right[i]) for i in np.flatnonzero(micro >= threshold)]
    heapify(heap)
    joined = [(0, 0, 0.0) for _ in range(0)]
    while heap:
        known, one, other = heappop(heap)
        kept, gone = _root(parent, one), _root(parent, other)
        pair = _key(kept, gone, account_count)
        mean = sums.get(pair, 0) / (size[kept] * size[gone])
        if kept == gone or pair in barred or mean < threshold:
            continue
        if mean < -known:
            heappush(heap, (-mean, one, other))
            continue
        if beside[2][kept] + behind[2][kept] < beside[2][gone] + behind[2][gone]:
            kept, gone = gone, kept
        joined.append((kept, gone, mean / MICRO))
        parent[gone] = kept
        size[kept] += size[gone]
        _move(sums, beside, parent, kept, gone)
        _move(barred, behind, parent, kept, gone)
    return _columns(joined)


@compiled
def _table(account_count: int, left: Integers, right: Integers, value: Integers) -> dict[int, int]:
    table: dict[int, int] = numba.typed.Dict.empty(numba.int64, numba.int64)
    for i in range(len(left)):
        table[_key(left[i], right[i], account_count)] = value[i]
    return table


@compiled
def _key(one: int, other: int, account_count: int) -> int:
    return min(one, other) * account_count + max(one, other)


@compiled
def _root(parent: Integers, account: int) -> int:
    while parent[account] != account:
        parent[account] = parent[parent[account]]
        account = parent[account]
    return account


@compiled
def _lists(account_count: int, left: Integers, right: Integers) -> Lists:
    """Chained lists of partners: first and last link and number of each, next link, partner."""
    first = np.full(account_count, -1)
    last = np.full(account_count, -1)
    count = np.zeros(account_count, np.int64)
    following = np.full(2 * len(left), -1)
    partner = np.empty(2 * len(left), np.int64)
    for i in range(len(left)):
        for link, own, its in ((2 * i, left[i], right[i]), (2 * i + 1, right[i], left[i])):
            partner[link] = its
            following[link] = first[own]
            first[own] = link
            if last[own] < 0:
                last[own] = link
            count[own] += 1
    return first, last, count, following, partner


@compiled
def _move(table: dict[int, int], lists: Lists, parent: Integers, kept: int, gone: int) -> None:
    """Add the entries of a group that is gone to those of the one it became part of."""
    first, last, count, following, partner = lists
    account_count = len(first)
    table.pop(_key(kept, gone, account_count), 0)
    link = first[gone]
    while link >= 0:
        its = _root(parent, partner[link])
        value = table.pop(_key(gone, its, account_count), 0)
        if its != kept and value != 0:
            key = _key(kept, its, account_count)
            table[key] = table.get(key, 0) + value
        link = following[link]
    if first[gone] >= 0:
        if first[kept] < 0:
            first[kept] = first[gone]
        else:
            following[last[kept]] = first[gone]
        last[kept] = last[gone]
        count[kept] += count[gone]


@compiled
def _columns(
    joined: list[tuple[int, int, float]],
) -> tuple[Integers, Integers, NDArray[np.float64]]:
    kept = np.empty(len(joined), np.int64)
    gone = np.empty(len(joined), np.int64)
    mean = np.empty(len(joined))
    for i in range(len(joined)):
        kept[i], gone[i], mean[i] = joined[i]
    return kept, gone, mean
