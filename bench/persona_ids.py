"""How many accounts keep the id of their persona over a night with 3 % new accounts?

    python bench/persona_ids.py [--accounts 3000] [--seed 11]

An invented world is delivered in two parts: the second holds every row of 3 % of the accounts, and
3 % of the listings and posts of the others. Both are taken in and recomputed one after the other;
an account that stood in a persona after the first night keeps its id if it stands in one of the
same id after the second.
"""

import csv
import json
import shutil
import sys
import tempfile
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import typer

sys.path.insert(0, ".")

from bench.scale import samehand

NEW_SHARE, LATE_ROW_SHARE = 0.03, 0.03
OWNER = ("vendor", "handle", "author", "account")


def share_of(*text: str) -> float:
    """A number from 0 to 1 that only the text decides."""
    return int.from_bytes(blake2b("\n".join(text).encode(), digest_size=6).digest()) / 2**48


def is_late(table: Path, row: dict[str, str]) -> bool:
    """Whether a row is of the second delivery."""
    owner = next((row[name] for name in OWNER if name in row), "")
    if share_of(table.parent.name, owner) < NEW_SHARE:
        return True
    return table.stem in ("listings", "posts") and share_of(*row.values()) < LATE_ROW_SHARE


def cut(delivery: Path, parts: tuple[Path, Path]) -> list[int]:
    """Write both parts of a delivery; how many rows each has."""
    counts = [0, 0]
    for part in parts:
        shutil.copytree(delivery, part, ignore=shutil.ignore_patterns("*.csv"))
        shutil.copy(delivery / "markets.csv", part)
    for table in delivery.glob("*/*.csv"):
        with table.open(newline="", encoding="utf-8") as stream:
            reader = csv.DictReader(stream)
            rows, names = list(reader), list(reader.fieldnames or ())
        for number, part in enumerate(parts):
            chosen = [row for row in rows if is_late(table, row) == bool(number)]
            counts[number] += len(chosen)
            with (part / table.relative_to(delivery)).open("w", newline="") as stream:
                writer = csv.DictWriter(stream, names)
                writer.writeheader()
                writer.writerows(chosen)
    return counts


def a_night(workspace: Path, part: Path) -> dict[str, str]:
    """Take a delivery in and recompute: the persona of each account that is in one."""
    samehand("intake", part, "--workspace", workspace)
    samehand("recompute", "--workspace", workspace)
    rows = json.loads(samehand("personas", "--json", "--workspace", workspace)[0])
    return {f"{row['market']}:{row['handle']}": row["persona_id"] for row in rows}


def main(accounts: int = 3_000, seed: int = 11) -> None:
    """Print how many keep their id; status 1 where it is less than 99.5 %."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        world, workspace, parts = place / "world", place / "w", (place / "one", place / "two")
        samehand("world", "--out", world, "--accounts", accounts, "--seed", seed)
        counts = cut(world / "delivery", parts)
        first, second = (a_night(workspace, part) for part in parts)
        changes = samehand("changes", "--count", "--json", "--workspace", workspace)[0]
    kept = Counter(second.get(account) == persona for account, persona in first.items())
    share = kept[True] / len(first)
    print(f"{accounts} accounts, seed {seed}: {counts[0]:,} rows, then {counts[1]:,}")
    print(f"{len(first):,} accounts in personas, {len(second):,} after the second night")
    print(f"{kept[True]:,} keep their id: {share:.2%}")
    print(f"{sum(a not in second for a in first):,} stand in no persona any more")
    print("causes:", {(row["kind"], row["cause"]): row["count"] for row in json.loads(changes)})
    raise typer.Exit(share < 0.995)


if __name__ == "__main__":
    typer.run(main)
