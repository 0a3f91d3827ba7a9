"""What the key feature says to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from features.feature import Citation
from features.keys.signatures import NAMED, NAMED_WITH_MARKET


@dataclass(frozen=True)
class Side:
    """One side of a pair and its row of the trait: what it does with the key in question."""

    name: Literal["left", "right"]
    row: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint."""
        return str(self.row["fingerprint"])

    @property
    def key(self) -> str:
        """The key in short: `0x` and its long key id."""
        whole = self.fingerprint
        return "0x" + (whole[:16] if len(whole) == 64 else whole[-16:])

    def citations(self) -> tuple[Citation, ...]:
        """Where the block and the signed message stand."""
        return tuple(
            Citation(*(self.row[prefix + part] for part in ("source_id", "place", "row_id")))
            for prefix in ("", "signed_")
            if self.row[f"{prefix}row_id"] is not None
        )

    @property
    def deed(self) -> str:
        """What this side does with the key, as a clause."""
        if self.row["grade"] == NAMED_WITH_MARKET:
            return f"the {self.name} signed with it a message that names it and its market"
        if self.row["grade"] == NAMED:
            return f"the {self.name} signed with it a message that names it"
        if self.row["quoting"]:
            return f"the {self.name} shows it as somebody else's"
        if self.row["owner"]:
            return f"its user id bears the {self.name} handle"
        if self.row["grade"]:
            return f"the {self.name} posted a message signed with it that does not name it"
        return f"the {self.name} shows it"


def sentence(level: str, left: Side, right: Side, showers: int) -> str:
    """The finding in words; `showers` accounts show the key, or the subkey, in question."""
    if level == "different_keys":
        return f"show different keys as their own: {left.key} and {right.key}"
    count = f"{showers} accounts show it"
    if level == "shared_subkey":
        return f"keys {left.key} and {right.key} have a subkey in common; {count}"
    verb = "both signed with" if level == "same_key_proved" else "both show"
    return f"{verb} key {left.key}: {left.deed}; {right.deed}; {count}"


def missing(left_keys: int, right_keys: int) -> str:
    """Why there was nothing to compare, from how many keys each side shows."""
    without = [name for name, count in (("left", left_keys), ("right", right_keys)) if not count]
    if without:
        return f"no key on the {' and the '.join(without)}"
    return "they have no key in common, and one shows only keys of others"
