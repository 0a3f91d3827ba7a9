"""Which rulings wait for a second person: those that would join two confirmed personas.

Accounts that `same` rulings hold together are confirmed. A `same` ruling that would join two groups
of two or more confirmed accounts each waits until another person rules the same; the same person
once more is not enough. This follows from the record alone, read in the order in which the
decisions were made: each is judged by what was in force when it was made, and stays what it is
until the pair is ruled on again. Nobody takes an account out of its group to join it alone: to who
undid a ruling, its accounts are still confirmed.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

SAME, DIFFERENT, UNSURE = RULED = ("same", "different", "unsure")
PEOPLE_NEEDED = 2
Pair = tuple[str, str]


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


def ruled_pairs(decisions: Iterable[tuple[str, str, str, str]]) -> dict[Pair, Ruled]:
    """What counts for each pair of accounts, left < right as text.

    Args:
        decisions: left, right, ruling and person of each, in the order they were made.
    """
    found: dict[Pair, Ruled] = {}
    held: dict[str, set[str]] = {}
    undone: dict[str, dict[str, set[str]]] = {}
    for one, other, ruling, person in decisions:
        pair = (min(one, other), max(one, other))
        before = found.get(pair)
        agrees = before if before is not None and before.ruling == ruling else None
        said_by = (agrees.said_by if agrees else frozenset()) | {_name(person)}
        own = undone.setdefault(_name(person), {})
        fresh = ruling == SAME and (agrees is None or agrees.awaits)
        asks = fresh and _joins_two(held, own, pair)
        found[pair] = Ruled(ruling, said_by, asks and len(said_by) < PEOPLE_NEEDED)
        if before is not None and before.counts_as == SAME != found[pair].counts_as:
            _hold(own, pair, True)
        _hold(held, pair, found[pair].counts_as == SAME)
    return found


def _name(person: str) -> str:
    """One spelling for one person: full width, accents set apart and what nobody sees count not."""
    letters = unicodedata.normalize("NFKC", person)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join(seen.split()).casefold()


def _joins_two(held: Mapping[str, Set[str]], undone: Mapping[str, Set[str]], pair: Pair) -> bool:
    """Whether either side is confirmed with others, and not yet with the other side.

    Args:
        held: by account those that rulings in force hold beside it.
        undone: the same by rulings that the person who rules had undone.
        pair: the two.
    """
    confirmed = all(
        held.get(side) or undone.get(side, set()) - {other} for side, other in (pair, pair[::-1])
    )
    return confirmed and pair[1] not in _group_of(held, pair[0])


def _group_of(held: Mapping[str, Set[str]], account: str) -> set[str]:
    group, coming = {account}, [account]
    while coming:
        fresh = held.get(coming.pop(), set()) - group
        group |= fresh
        coming += fresh
    return group


def _hold(held: dict[str, set[str]], pair: Pair, together: bool) -> None:
    for side, other in (pair, pair[::-1]):
        beside = held.setdefault(side, set())
        if together:
            beside.add(other)
        else:
            beside.discard(other)
