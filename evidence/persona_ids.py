"""Which persona keeps which id from one run to the next."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from secrets import token_hex

Pair = tuple[str, str]
Votes = tuple[int, int]
Homes = Mapping[str, str]
"""Account ids, each with the id of its persona."""


def name_groups(
    groups: Sequence[Sequence[str]], before: Homes, confirmed: Collection[Pair]
) -> list[str]:
    """Ids for groups of accounts, one a group.

    A group keeps the id under which people held most of its accounts together, else the one that
    most of its accounts had (ties: the smaller id); an id that two groups claim goes to the one
    with more such accounts. The other groups get ids that nobody had.

    Args:
        groups: account ids of each.
        before: the personas until now, see `persona_homes`.
        confirmed: pairs that people ruled to be one hand.
    """
    number_of = {account: str(n) for n, group in enumerate(groups) for account in group}
    votes = _votes(before, number_of, confirmed)
    claims = sorted((-vote[0], -vote[1], old, int(n)) for (old, n), vote in votes.items())
    given: dict[int, str] = {}
    taken: set[str] = set()
    for *_, persona, number in claims:
        if number not in given and persona not in taken:
            given[number] = persona
            taken.add(persona)
    return [given.get(number) or f"p-{token_hex(6)}" for number in range(len(groups))]


def successors(before: Homes, after: Homes, confirmed: Collection[Pair]) -> dict[str, str]:
    """For each id that is left without a persona the one that took its place, if any did.

    That is where the accounts went that people held together in it, else most of its accounts.
    """
    alive = set(after.values())
    votes = _votes(before, after, confirmed)
    ranked = sorted((old, -vote[0], -vote[1], new) for (old, new), vote in votes.items())
    return {old: new for old, _, _, new in reversed(ranked) if old not in alive}


def _votes(before: Homes, after: Homes, confirmed: Collection[Pair]) -> dict[Pair, Votes]:
    """How many accounts went from one persona to another: those confirmed in both, and all."""
    moves = Counter((before[a], after[a]) for a in after if a in before)
    together = {
        account
        for left, right in confirmed
        if left in before and before.get(left) == before.get(right)
        if left in after and after.get(left) == after.get(right)
        for account in (left, right)
    }
    held = Counter((before[a], after[a]) for a in together)
    return {move: (held[move], count) for move, count in moves.items()}
