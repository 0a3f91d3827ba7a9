"""Which join of a grouping each bond took part in."""

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from linkage.average_linkage import Integers


@compiled
def joins_of(
    account_count: int, joins: tuple[Integers, Integers], bonds: tuple[Integers, Integers]
) -> tuple[Integers, NDArray[np.float64]]:
    """The join by which the two ends of each bond came into one group.

    Some m bonds cost m log(n): the smaller group hangs below the larger one, so that no way up is
    longer than log2(n), and the last step of the way on which two ends meet is the join.

    Args:
        account_count: n, how many accounts there are.
        joins: an account of either group, in order, see `average_linkage.join`.
        bonds: left, right of bonds whose ends are in one group.

    Returns:
        The number of the join of each bond; and of each join how many pairs it brought together.
    """
    above, since = np.arange(account_count), np.full(account_count, len(joins[0]))
    size, between = np.ones(account_count), np.zeros(len(joins[0]))
    for number in range(len(joins[0])):
        one, other = _top(above, joins[0][number]), _top(above, joins[1][number])
        if size[one] < size[other]:
            one, other = other, one
        between[number] = size[one] * size[other]
        above[other], since[other] = one, number
        size[one] += size[other]
    join_of = np.empty(len(bonds[0]), np.int64)
    for bond in range(len(bonds[0])):
        join_of[bond] = _meeting(above, since, bonds[0][bond], bonds[1][bond])
    return join_of, between


@compiled
def _top(above: Integers, account: int) -> int:
    while above[account] != account:
        account = above[account]
    return account


@compiled
def _meeting(above: Integers, since: Integers, one: int, other: int) -> int:
    last = -1
    while one != other:
        if since[one] > since[other]:
            one, other = other, one
        last = since[one]
        one = above[one]
    return last
