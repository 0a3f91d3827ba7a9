"""Who writes a world: one process or several, and the same rows in the same order.

What an account leaves behind depends on seed, parameters and its number only. Each process plans
the world for itself, so that nothing but numbers is handed to it.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from world.events import make_plan
from world.leavings import Writer
from world.parameters import BASE, Parameters
from world.plan import Plan
from world.rows import Row

ACCOUNTS_AT_ONCE = 50
LEAST_TO_SHARE = 1500
"""Smaller worlds are written sooner than a second process starts."""
MOST_PROCESSES = 8


@dataclass(frozen=True)
class Order:
    """Which world is wanted."""

    seed: int
    account_count: int
    parameters: Parameters = BASE

    def plan(self) -> Plan:
        """The plan of it; to be read only.

        Raises:
            ValueError: see `make_plan`.
        """
        return _plan(self)


@dataclass(frozen=True)
class Portion:
    """Accounts of one market to be written, by number, and the folder for their pictures."""

    order: Order
    market: str
    numbers: tuple[int, ...]
    folder: Path


@dataclass(frozen=True)
class Written:
    """The rows of a portion, account by account, and how many pictures were put into its folder."""

    portion: Portion
    rows: list[Row]
    pictures: int


def write(portion: Portion) -> Written:
    """Write a portion: its pictures into the folder, its rows into the answer."""
    writer, accounts = _writer(portion.order), portion.order.plan().accounts
    rows: list[Row] = []
    pictures = 0
    for number in portion.numbers:
        left = writer.leave(accounts[number])
        rows += left.rows
        pictures += len(left.pictures)
        for name, content in left.pictures.items():
            path = portion.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return Written(portion, rows, pictures)


def write_all(portions: Sequence[Portion], processes: int | None = None) -> Iterator[Written]:
    """Write the portions, in as many processes as are worth it; they come back in order."""
    accounts = sum(len(portion.numbers) for portion in portions)
    several = min(cpu_count() or 1, MOST_PROCESSES) if accounts >= LEAST_TO_SHARE else 1
    count = several if processes is None else processes
    if count == 1:
        yield from map(write, portions)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield from pool.map(write, portions)


@lru_cache(maxsize=1)
def _plan(order: Order) -> Plan:
    return make_plan(order.seed, order.account_count, order.parameters)


@lru_cache(maxsize=1)
def _writer(order: Order) -> Writer:
    return Writer(order.seed, order.plan())
