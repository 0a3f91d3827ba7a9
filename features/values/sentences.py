"""What the features of values say to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Side:
    """One side of a pair and its row of the trait: what it does with the value in question."""

    name: Literal["left", "right"]
    row: Mapping[str, Any]

    @property
    def value(self) -> str:
        """The value as extraction writes it."""
        return str(self.row["value"])

    @property
    def deed(self) -> str:
        """What this side does with the value, as a clause."""
        where = "in posts" if self.row["talk"] else f"in its {self.row['ground']}"
        if self.row["quoting"]:
            verb = "shows it as somebody else's"
        elif self.row["named"]:
            verb = "shows it, and it bears its handle,"
        else:
            verb = (
                "gives it as its own"
                if self.row["given"]
                else "shows it without saying whose it is"
            )
        return f"the {self.name} {verb} {where}"


def sentence(level: str, left: Side, right: Side) -> str:
    """The finding in words."""
    if level.startswith("different"):
        return f"give different ones of one kind as their own: {left.value} and {right.value}"
    count = f"{left.row['showers']} accounts show it"
    parts = [f"both show {left.value}: {left.deed}", right.deed, count, _first(left, right)]
    said = left.row["said"]
    parts.append(f"it is known as {said}" if said else "")
    return "; ".join(part for part in parts if part)


def _first(left: Side, right: Side) -> str:
    """Who of the two showed it first, where the times say so."""
    times = left.row["seen_at"], right.row["seen_at"]
    if None in times or times[0] == times[1]:
        return ""
    first = left if times[0] < times[1] else right
    return f"the {first.name} showed it first, on {first.row['seen_at'].date().isoformat()}"


def missing(kind: str, left: bool, right: bool) -> str:
    """Why there was nothing to compare."""
    if not (left or right):
        return f"no {kind} on either side"
    return f"no {kind} on the {'right' if left else 'left'}"
