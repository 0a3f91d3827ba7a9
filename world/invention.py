"""Invent a world: plan it, let its accounts write, deliver it, and write down the truth."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from world.deliver import Place, deliver_market, write_markets
from world.events import LEAST_ACCOUNTS, make_plan
from world.keys import open_keyring
from world.leavings import Row, Writer
from world.markets import MARKETS
from world.plan import Plan
from world.truth import write_cases, write_truth

__all__ = ("LEAST_ACCOUNTS", "World", "invent")

README = """\
An invented world: every name, text, key and picture in it was made up by a program.

delivery/   what a scraper would have brought: markets.csv, and a folder for each market
truth.csv   which accounts are one hand, which only look like it, and why
cases.json  four cases to look at, and where their evidence stands

Take it in and link it:
    samehand intake {out}/delivery
    samehand recompute
    samehand links
"""


@dataclass(frozen=True)
class World:
    """What was invented, counted: rows by table, pictures by account, ties by kind."""

    accounts: int
    hands: int
    keys: int
    pictures: int
    rows: Counter[str]
    ties: Counter[str]


def invent(out: Path, account_count: int, seed: int) -> World:
    """Write a world with so many accounts into a folder, the same for the same seed but its keys.

    `out/delivery` is what is to be taken in; `truth.csv`, `cases.json` and `README.txt` lie beside
    it. See `make_plan` for the smallest world.
    """
    plan = make_plan(seed, account_count)
    delivery = out / "delivery"
    delivery.mkdir(parents=True, exist_ok=True)
    rows, pictures = _write_down(delivery, plan, seed)
    places = _deliver(delivery, plan, rows)
    write_truth(out / "truth.csv", plan)
    write_cases(out / "cases.json", plan, rows, places)
    (out / "README.txt").write_text(README.format(out=out), encoding="utf-8")
    tables, kinds = Counter(row.table for row in rows), Counter(str(t.kind) for t in plan.ties)
    return World(len(plan.accounts), plan.hand_count, len(plan.keys), pictures, tables, kinds)


def _write_down(delivery: Path, plan: Plan, seed: int) -> tuple[list[Row], int]:
    """All rows; pictures go to their market's folder at once. Returns rows, number of pictures."""
    rows: list[Row] = []
    pictures = 0
    with open_keyring(plan.keys) as ring:
        writer = Writer(seed, plan, ring)
        for account in plan.accounts:
            left = writer.leave(account)
            rows += left.rows
            pictures += len(left.pictures)
            for name, content in left.pictures.items():
                path = delivery / account.market / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return rows, pictures


def _deliver(delivery: Path, plan: Plan, rows: list[Row]) -> dict[int, Place]:
    write_markets(delivery / "markets.csv", MARKETS)
    places: dict[int, Place] = {}
    for market in MARKETS:
        here = [
            number
            for number, row in enumerate(rows)
            if plan.accounts[row.account].market == market.name
        ]
        stands = deliver_market(
            delivery / market.name, market, [rows[number] for number in here], plan.accounts
        )
        places |= {here[number]: place for number, place in stands.items()}
    return places
