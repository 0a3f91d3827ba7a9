"""Features read side by side, and what they give comes in their order."""

from threading import Barrier

import pytest

from linkage.readings import LANES, side_by_side


def test_what_tasks_give_comes_in_their_order():
    tasks = [lambda number=number: number for number in range(20)]
    assert list(side_by_side(tasks)) == list(range(20))


def test_some_are_at_work_at_the_same_time():
    """Each waits for the others of its lane; one after another they would wait for ever."""
    together = Barrier(LANES, timeout=60)
    assert sorted(side_by_side([together.wait] * LANES)) == list(range(LANES))


def test_what_fails_is_raised():
    def fail() -> None:
        raise LookupError("lamp")

    with pytest.raises(LookupError, match="lamp"):
        list(side_by_side([list, fail, list]))


def test_nothing_to_do_is_nothing():
    assert list(side_by_side([])) == []
