"""What is true of the invented world, and the four cases that the demonstration shows."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from world.deliver import Record
from world.markets import scraped
from world.plan import Account, Kind, Plan, Tie

CASES: Mapping[str, Kind] = {
    "moved with handle and key": "kept_handle_and_key",
    "changed handle and key": "changed_both",
    "impostor with a copied handle": "impostor",
    "quoted key": "quoted_key",
}


def write_truth(path: Path, plan: Plan) -> None:
    """Write every tie, also the indirect ones of a hand with three accounts, as CSV.

    Columns: market_a, handle_a (the older account), market_b, handle_b, same (1 or 0), kind.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("market_a", "handle_a", "market_b", "handle_b", "same", "kind"))
        for tie in plan.ties:
            left, right = plan.accounts[tie.left], plan.accounts[tie.right]
            sides = (left.market, left.handle, right.market, right.handle)
            writer.writerow((*sides, int(tie.same), tie.kind))


def find_cases(plan: Plan) -> dict[str, Tie]:
    """By case, the first tie of its kind whose accounts wrote enough to be told apart or together.

    Where a market is missing, cases may be missing with it.
    """
    found = {name: next(_shown(plan, kind), None) for name, kind in CASES.items()}
    return {name: tie for name, tie in found.items() if tie is not None}


def write_cases(
    path: Path, plan: Plan, cases: Mapping[str, Tie], records: Sequence[Record]
) -> None:
    """Write the cases with the places of all that their accounts left behind, as JSON.

    A case: `case`, `kind`, and for `left` (the older account) and `right`: market, handle and
    `records`, each with file, place, table and what it `holds` (key, signature).
    """
    told = [
        {
            "case": name,
            "kind": tie.kind,
            "left": _side(plan.accounts[tie.left], records),
            "right": _side(plan.accounts[tie.right], records),
        }
        for name, tie in cases.items()
    ]
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _shown(plan: Plan, kind: Kind) -> Iterator[Tie]:
    there = {market.name for market in scraped(plan.parameters.missing_market_count)}
    for tie in plan.ties:
        sides = (plan.accounts[tie.left], plan.accounts[tie.right])
        telling = kind == "changed_both" or sides[0].key is not None
        if tie.kind == kind and telling and all(s.talkative and s.market in there for s in sides):
            yield tie


def _side(account: Account, records: Sequence[Record]) -> dict[str, object]:
    own = [
        {
            "file": record.file,
            "place": record.place,
            "table": record.row.table,
            "holds": list(record.row.holds),
        }
        for record in records
        if record.row.account == account.number
    ]
    return {"market": account.market, "handle": account.handle, "records": own}
