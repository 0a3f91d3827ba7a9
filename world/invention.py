"""Invent a world: plan it, let its accounts write, deliver it, and write down the truth."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path

from world.crew import ACCOUNTS_AT_ONCE, Order, Portion, Written, write_all
from world.deliver import Record, deliver_market, write_markets
from world.events import LEAST_ACCOUNTS
from world.markets import MARKET_OF, MARKETS, scraped
from world.parameters import BASE, Parameters
from world.plan import Plan
from world.rows import Row
from world.truth import find_cases, write_cases, write_truth

__all__ = ("LEAST_ACCOUNTS", "Watch", "World", "invent")

Watch = Callable[[int], None]
"""Called with the number of accounts written so far."""

README = """\
An invented world: every name, text, key and picture in it was made up by a program.
{wrong}
delivery/   what a scraper would have brought: markets.csv, and a folder for each market
truth.csv   which accounts are one hand, which only look like it, and why
cases.json  four cases to look at, and where their evidence stands

Take it in and link it:
    samehand intake {out}/delivery
    samehand recompute
    samehand links
"""


@dataclass
class World:
    """What was invented, counted: ties by kind; pictures, and rows by table, that were scraped."""

    accounts: int
    hands: int
    keys: int
    ties: Counter[str]
    pictures: int = 0
    rows: Counter[str] = field(default_factory=Counter)


def invent(
    out: Path,
    account_count: int,
    seed: int,
    parameters: Parameters = BASE,
    watch: Watch | None = None,
    processes: int | None = None,
) -> World:
    """Write a world with so many accounts into a folder, the same bytes for the same arguments.

    `out/delivery` is what is to be taken in; `truth.csv`, `cases.json` and `README.txt` lie beside
    it. `processes` changes nothing but the time; large worlds are written by several.

    Raises:
        ValueError: too few accounts, see `make_plan`.
    """
    order = Order(seed, account_count, parameters)
    plan = order.plan()
    ties = Counter(str(tie.kind) for tie in plan.ties)
    made = World(len(plan.accounts), plan.hand_count, len(plan.keys), ties)
    delivery = out / "delivery"
    delivery.mkdir(parents=True, exist_ok=True)
    write_markets(delivery / "markets.csv", MARKETS)
    cases = find_cases(plan)
    shown = {number for tie in cases.values() for number in (tie.left, tie.right)}
    written = _counted(write_all(_portions(order, delivery), processes), made, watch)
    records = _deliver(delivery, plan, written, shown)
    write_truth(out / "truth.csv", plan)
    write_cases(out / "cases.json", plan, cases, records)
    wrong = _wrong(parameters)
    (out / "README.txt").write_text(README.format(out=out, wrong=wrong), encoding="utf-8")
    return made


def _portions(order: Order, delivery: Path) -> list[Portion]:
    """The accounts of the scraped markets, market by market."""
    plan = order.plan()
    portions = []
    for market in scraped(order.parameters.missing_market_count):
        numbers = [a.number for a in plan.accounts if a.market == market.name]
        portions += [
            Portion(order, market.name, tuple(some), delivery / market.name)
            for start in range(0, len(numbers), ACCOUNTS_AT_ONCE)
            if (some := numbers[start : start + ACCOUNTS_AT_ONCE])
        ]
    return portions


def _counted(portions: Iterator[Written], made: World, watch: Watch | None) -> Iterator[Written]:
    """The same portions; what they hold is added to the counts as they pass."""
    done = 0
    for written in portions:
        done += len(written.portion.numbers)
        made.pictures += written.pictures
        made.rows.update(row.table for row in written.rows)
        if watch is not None:
            watch(done)
        yield written


def _deliver(
    delivery: Path, plan: Plan, written: Iterator[Written], shown: set[int]
) -> list[Record]:
    """Write market after market, so that the rows of one are in memory at a time."""
    records: list[Record] = []
    for market, portions in groupby(written, lambda some: some.portion.market):
        rows: Iterator[Row] = (row for portion in portions for row in portion.rows)
        folder = delivery / market
        records += deliver_market(folder, MARKET_OF[market], rows, plan.accounts, shown)
    return records


def _wrong(parameters: Parameters) -> str:
    """What differs from the base world, in words."""
    base, other = asdict(BASE), asdict(parameters)
    changes = [
        f"{name} {other[name]:g}, not {base[name]:g}" for name in base if base[name] != other[name]
    ]
    return f"\nIt is wrong on purpose: {'; '.join(changes)}.\n" if changes else ""
