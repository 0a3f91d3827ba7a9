"""What is true of the invented world, and the four cases that the demonstration shows."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from world.deliver import Place
from world.leavings import Row
from world.plan import Account, Kind, Plan, Tie

CASES: Mapping[str, Kind] = {
    "moved with handle and key": "kept_handle_and_key",
    "changed handle and key": "changed_both",
    "impostor with a copied handle": "impostor",
    "quoted key": "quoted_key",
}
TALKATIVE = 20


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


def write_cases(path: Path, plan: Plan, rows: Sequence[Row], places: Mapping[int, Place]) -> None:
    """Write the four cases with the places of all that their accounts left behind, as JSON.

    A case: `case`, `kind`, and for `left` (the older account) and `right`: market, handle and
    `records`, each with file, place, table and what it `holds` (key, signature).
    """
    cases = []
    for name, kind in CASES.items():
        tie = _shown(plan, kind)
        sides = {
            side: _side(plan.accounts[number], rows, places)
            for side, number in (("left", tie.left), ("right", tie.right))
        }
        cases.append({"case": name, "kind": kind, **sides})
    path.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _shown(plan: Plan, kind: Kind) -> Tie:
    """The first tie of that kind whose accounts wrote enough to be told apart or together."""
    return next(
        tie
        for tie in plan.ties
        if tie.kind == kind
        and plan.accounts[tie.left].posts >= TALKATIVE
        and plan.accounts[tie.right].posts >= TALKATIVE
        and (kind == "changed_both" or plan.accounts[tie.left].key is not None)
    )


def _side(account: Account, rows: Sequence[Row], places: Mapping[int, Place]) -> dict[str, object]:
    records = [
        {
            "file": places[number].file,
            "place": places[number].place,
            "table": row.table,
            "holds": list(row.holds),
        }
        for number, row in enumerate(rows)
        if row.account == account.number
    ]
    return {"market": account.market, "handle": account.handle, "records": records}
