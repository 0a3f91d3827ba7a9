"""Which rulings wait for a second person: those that would join two confirmed personas.

Accounts that `same` rulings hold together are confirmed. A `same` ruling that would join two groups
of two or more confirmed accounts each waits until another person rules the same; the same person
once more is not enough. A group is what rulings hold together, with those that stood in one persona
with either account when it was ruled, see `persona_mates`. This follows from the record alone, read
in the order in which the decisions were made: each is judged by what was in force when it was made,
and stays what it is until the pair is ruled on again. Nobody takes an account out of its group to
join it alone: to who undid a ruling, or ruled two of a confirmed persona different, its accounts
are still confirmed.
"""

import unicodedata
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from typing import NamedTuple

SAME, DIFFERENT, UNSURE = RULED = ("same", "different", "unsure")
PEOPLE_NEEDED = 2
Pair = tuple[str, str]
Held = dict[str, set[str]]
Groups = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Ruled:
    """What people say of a pair.

    Attributes:
        ruling: the last one: same, different or unsure.
        said_by: who says so, since somebody last said otherwise.
        awaits: it joins nothing before a second person says the same.
    """

    ruling: str
    said_by: frozenset[str]
    awaits: bool

    @property
    def counts_as(self) -> str:
        """The ruling as a run takes it: unsure while it waits."""
        return UNSURE if self.awaits else self.ruling


class Made(NamedTuple):
    """A decision, and who stood in a persona with either account when it was made."""

    left: str
    right: str
    ruling: str
    person: str
    beside_left: Collection[str] = ()
    beside_right: Collection[str] = ()


def ruled_pairs(decisions: Iterable[Made]) -> dict[Pair, Ruled]:
    """What counts for each pair of accounts, left < right as text.

    Args:
        decisions: in the order they were made.
    """
    found: dict[Pair, Ruled] = {}
    joined: dict[Pair, Groups] = {}
    held: Held = {}
    undone: dict[str, Held] = {}
    for made in map(_left_first, decisions):
        pair, ruling = (made.left, made.right), made.ruling
        before = found.get(pair)
        agrees = before if before is not None and before.ruling == ruling else None
        said_by = (agrees.said_by if agrees else frozenset()) | {_name(made.person)}
        own = undone.setdefault(_name(made.person), {})
        groups = _groups(made, joined.get(pair))
        fresh = ruling == SAME and (agrees is None or agrees.awaits)
        alone = frozenset({made.left}), frozenset({made.right})
        asks = fresh and any(_joins_two(held, own, sides) for sides in (alone, groups))
        found[pair] = now = Ruled(ruling, said_by, asks and len(said_by) < PEOPLE_NEEDED)
        if _takes_out(before, now) or _parts(made, held, own):
            _hold(own, pair, True)
        if now.counts_as == SAME:
            joined[pair] = groups
        _hold(held, pair, now.counts_as == SAME)
    return found


def _left_first(made: Made) -> Made:
    if made.left < made.right:
        return made
    return made._replace(
        left=made.right,
        right=made.left,
        beside_left=made.beside_right,
        beside_right=made.beside_left,
    )


def _name(person: str) -> str:
    """One spelling for one person: full width, accents set apart and what nobody sees count not."""
    letters = unicodedata.normalize("NFKC", person)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join(seen.split()).casefold()


def _groups(made: Made, joined: Groups | None) -> Groups:
    """The two accounts with who stands beside each, or stood when a ruling joined the two."""
    ones, others = joined or (frozenset(), frozenset())
    if made.ruling == SAME:
        ones, others = ones.union(made.beside_left), others.union(made.beside_right)
    return ones | {made.left}, others | {made.right}


def _takes_out(before: Ruled | None, now: Ruled) -> bool:
    """Whether what held two accounts together holds them no more."""
    return before is not None and before.counts_as == SAME != now.counts_as


def _parts(made: Made, held: Held, undone: Held) -> bool:
    """Whether it rules two accounts of a confirmed persona different."""
    together = {made.left, *made.beside_left} & {made.right, *made.beside_right}
    is_apart = made.ruling == DIFFERENT
    return is_apart and bool(together) and _is_confirmed(held, undone, together, set())


def _joins_two(held: Held, undone: Held, groups: Groups) -> bool:
    """Whether either side is confirmed with others, and not yet with the other side.

    Args:
        held: by account those that rulings in force hold beside it.
        undone: the same by rulings that the person who rules had undone.
        groups: the two, alone or each with who stands beside it.
    """
    ones, others = groups
    sides = _is_confirmed(held, undone, ones, others), _is_confirmed(held, undone, others, ones)
    return all(sides) and _group_of(held, ones).isdisjoint(others)


def _is_confirmed(held: Held, undone: Held, side: Set[str], far: Set[str]) -> bool:
    return any(held.get(account) or undone.get(account, set()) - far for account in side)


def _group_of(held: Held, accounts: Set[str]) -> set[str]:
    group, coming = set(accounts), list(accounts)
    while coming:
        fresh = held.get(coming.pop(), set()) - group
        group |= fresh
        coming += fresh
    return group


def _hold(held: Held, pair: Pair, together: bool) -> None:
    for side, other in (pair, pair[::-1]):
        beside = held.setdefault(side, set())
        if together:
            beside.add(other)
        else:
            beside.discard(other)
