"""Which personas changed since the run before, and whether people, data or a model changed them.

Whether decisions did it is not guessed: the accounts around every ruling that came, went or turned
are grouped once more as if it had not. Where that gives the company an account keeps now, decisions
did not bring it; where it gives the company it kept before, nothing else did.
"""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from linkage.bonds import AGAINST, COPY, KINDS, LINK, RULED_DIFFERENT, RULED_SAME, holds_in
from linkage.causes import DECISION, Causes, Conclusions, joined
from linkage.personas import group

RULINGS = (KINDS[RULED_SAME], KINDS[RULED_DIFFERENT])
PAIR = ("left", "right")
PERSONA_CHANGED = "persona changed"
Company = Callable[[str], frozenset[str]]
"""By account, the accounts of its persona; itself alone where it is in none."""


def changed_personas(
    before: Conclusions, after: Conclusions, links: pl.DataFrame, causes: Causes
) -> Iterator[tuple[str, str, str, str]]:
    """Each persona whose accounts came or went, as rows of `run_tables.CHANGES`.

    Args:
        before: the run before.
        after: the new run.
        links: the links that changed: left, right, cause.
        causes: what bears on pairs.
    """
    old, new = before.members(), after.members()
    had, has = _company(old), _company(new)
    undone = _as_if_not_ruled(before, after, has)
    of_account = _of_account(links)
    for persona in sorted(old.keys() | new.keys()):
        came = new.get(persona, frozenset()) - old.get(persona, frozenset())
        went = old.get(persona, frozenset()) - new.get(persona, frozenset())
        moved = came | went
        if moved:
            why = {DECISION} if any(undone(a) != has(a) for a in moved) else set()
            if not why or any(undone(a) != had(a) for a in moved):
                around = frozenset().union(*(had(a) | has(a) for a in moved))
                why |= _other_causes(moved, around, of_account, causes)
            words = [f"+ {a}" for a in sorted(came)] + [f"- {a}" for a in sorted(went)]
            yield PERSONA_CHANGED, persona, ", ".join(words), joined(why)


def _company(personas: Mapping[str, frozenset[str]]) -> Company:
    of_account = {account: members for members in personas.values() for account in members}
    return lambda account: of_account.get(account, frozenset((account,)))


def _of_account(links: pl.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """By account the other side and the cause of each link of its that changed."""
    found: dict[str, list[tuple[str, str]]] = {}
    for left, right, cause in links.select(*PAIR, "cause").iter_rows():
        found.setdefault(left, []).append((right, cause))
        found.setdefault(right, []).append((left, cause))
    return found


def _other_causes(
    moved: frozenset[str],
    around: frozenset[str],
    of_account: Mapping[str, list[tuple[str, str]]],
    causes: Causes,
) -> set[str]:
    """Why links between accounts that moved and those around them changed, else these accounts."""
    found = {
        part
        for account in moved
        for other, cause in of_account.get(account, ())
        if other in around
        for part in cause.split(", ")
    }
    return found or causes.of_accounts(around)


def _as_if_not_ruled(before: Conclusions, after: Conclusions, has: Company) -> Company:
    """The company of accounts in the new run, had the rulings stayed what they were."""
    turned = _turned(before, after)
    if turned.is_empty() or after.join_bits is None:
        return has
    bonds = _bonds_as_ruled(after, turned)
    ids, holds = holds_in(bonds.drop_nulls("kind"))
    parts = group(len(ids), holds.bonds, holds.walls, after.join_bits)
    concerned = (account for side in PAIR for account in bonds[side])
    members = {account: frozenset((account,)) for account in concerned}
    for part in parts:
        accounts = frozenset(ids[row] for row in part)
        members |= dict.fromkeys(accounts, accounts)
    return lambda account: members[account] if account in members else has(account)


def _turned(before: Conclusions, after: Conclusions) -> pl.DataFrame:
    """Rulings of one run that the other has not, on accounts that both saw: left, right, ruled.

    `ruled` is what the run before went by; null where nobody had ruled.
    """
    if before.inputs.decisions_hash == after.inputs.decisions_hash:
        return pl.DataFrame(schema={"left": pl.String, "right": pl.String, "ruled": pl.String})
    rulings = [run.tables["bonds"].filter(pl.col("kind").is_in(RULINGS)) for run in (before, after)]
    old, new = (table.select(*PAIR, "kind") for table in rulings)
    both = old.join(new, on=PAIR, how="full", coalesce=True)
    seen = [run.tables["accounts"]["account_id"].implode() for run in (before, after)]
    known = [pl.col(side).is_in(ids) for side in PAIR for ids in seen]
    turned = ~pl.col("kind").eq_missing(pl.col("kind_right"))
    return both.filter(turned, *known).select(*PAIR, ruled="kind")


def _bonds_as_ruled(after: Conclusions, turned: pl.DataFrame) -> pl.DataFrame:
    """The bonds around turned rulings, each pair as the run before had it ruled.

    The kind is null where nothing would stand between the two.
    """
    bonds, named = after.tables["bonds"], pl.concat([turned["left"], turned["right"]]).implode()
    beside = bonds.filter(pl.any_horizontal(pl.col(side).is_in(named) for side in PAIR))
    near = pl.col("tangle").is_in(beside["tangle"].drop_nulls().unique().implode())
    around = bonds.filter(near | pl.col("tangle").is_null())
    copies = after.tables["links"].filter(verdict="copies").select(*PAIR, copied=pl.lit(True))
    reverted = (
        turned.join(around, on=PAIR, how="left")
        .join(copies, on=PAIR, how="left")
        .with_columns(pl.col("bits").fill_null(0.0))
        .with_columns(kind=pl.coalesce("ruled", _by_evidence()))
    )
    return pl.concat([around.join(turned, on=PAIR, how="anti"), reverted.select(around.columns)])


def _by_evidence() -> pl.Expr:
    """The kind of bond between two on whom nobody ruled; null for none."""
    copied = pl.when(pl.col("copied")).then(pl.lit(KINDS[COPY]))
    link = copied.when(pl.col("bits") > 0).then(pl.lit(KINDS[LINK]))
    return link.when(pl.col("bits") < 0).then(pl.lit(KINDS[AGAINST]))
