"""What the key feature says to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from features.feature import Citation
from features.keys.cues import PLACED, SAID
from features.keys.signatures import NAMED, NAMED_WITH_MARKET

SHARED = {"shared_subkey": "a subkey", "same_email": "an address in their self-signed user ids"}
ROTATIONS = {
    "rotation_proved": "each key signed that the other is its owner's too",
    "rotation_signed": "one key signed for the other, and signatures bind both accounts",
    "rotation_shown": "one key signed for the other",
}
"""What is said of levels that two keys make."""


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
    def deed_with_key(self) -> str:
        """The same with the key in the place of "it"."""
        return f"of {self.key} {self.deed}"

    @property
    def deed(self) -> str:
        """What this side does with the key, as a clause."""
        row = self.row
        market = " and its market" if row["grade"] == NAMED_WITH_MARKET else ""
        named = f"the {self.name} signed with it a message that names it{market}"
        signed = f"the {self.name} posted a message signed with it that does not name it"
        deeds = (
            (row["grade"] >= NAMED, named),
            (row["quoting"], f"the {self.name} shows it as somebody else's"),
            (row["owner"], f"its user id bears the {self.name} handle"),
            (row["voice"] == SAID, f"the {self.name} says it is its own"),
            (row["voice"] == PLACED, f"the {self.name} shows it where one shows one's own"),
            (row["grade"] > 0, signed),
            (True, f"the {self.name} shows it"),
        )
        return next(clause for done, clause in deeds if done)


def sentence(level: str, left: Side, right: Side, showers: int) -> str:
    """The finding in words; `showers` accounts show the key, or what the keys share."""
    if level.startswith("different_keys"):
        verb = "signed with" if level == "different_keys_signed" else "show"
        return f"{verb} different keys as their own: {left.key} and {right.key}"
    count = f"{showers} accounts show it"
    if level in SHARED:
        return f"keys {left.key} and {right.key} have {SHARED[level]} in common; {count}"
    if level in ROTATIONS:
        return (
            f"{ROTATIONS[level]}: keys {left.key} and {right.key}; {left.deed_with_key}; "
            f"{right.deed_with_key}"
        )
    verb = "both signed with" if level == "same_key_proved" else "both show"
    named = "; a message signed with it names the other and its market"
    more = named if level == "one_signed_for_both" else ""
    return f"{verb} key {left.key}: {left.deed}; {right.deed}{more}; {count}"


def missing(left_keys: int, right_keys: int) -> str:
    """Why there was nothing to compare, from how many keys each side shows."""
    if not (left_keys or right_keys):
        return "no key on either side"
    if not (left_keys and right_keys):
        return f"no key on the {'right' if left_keys else 'left'}"
    return "they have no key in common, and one shows only keys of others"
