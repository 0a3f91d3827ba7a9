"""Who stood in one persona with either account of a ruling when it was made: kept with the ruling.

Only accounts that people have ruled on are kept, for nobody else is confirmed. They are taken from
the published run of every view: a view in which two accounts stand alone is no way around the one
in which they do not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, delete, insert, literal, select, union

from evidence.ledger_schema import BESIDE_ROWS, DECISION_ROWS, PERSONA_ACCOUNTS, RUNS, VIEWS
from evidence.second_person import DIFFERENT, SAME

Mates = tuple[list[str], list[str]]
"""Account ids beside the left and beside the right, ascending."""


def keep_mates(connection: Connection, entered: ColumnElement[bool]) -> None:
    """Keep with rulings that were just entered who stands beside each of the two.

    With `same` from runs in which the two stand apart, with `different` from those in which they
    are in one persona: what the ruling would join, or part.

    Args:
        connection: that entered them, in the same transaction.
        entered: which rows of `decisions` they are.
    """
    columns = DECISION_ROWS.c
    query = select(columns.number, columns.left, columns.right, columns.ruling).where(entered)
    rulings = [tuple(row) for row in connection.execute(query)]
    kept: set[tuple[int, str, str]] = set()
    for homes in _published_homes(connection):
        members = defaultdict(list)
        for account, persona in homes.items():
            members[persona].append(account)
        for number, left, right, ruling in rulings:
            one, other = homes.get(left, left), homes.get(right, right)
            if ruling == (DIFFERENT if one == other else SAME):
                kept |= {(number, "left", mate) for mate in members[one] if mate != left}
                kept |= {(number, "right", mate) for mate in members[other] if mate != right}
    if kept:
        names = BESIDE_ROWS.c.keys()
        rows = [dict(zip(names, row, strict=True)) for row in sorted(kept)]
        connection.execute(insert(BESIDE_ROWS), rows)


def mates(connection: Connection) -> Mapping[int, Mates]:
    """What was kept with each ruling, by its number; nobody where nothing was."""
    columns = BESIDE_ROWS.c
    query = select(columns.number, columns.side, columns.account_id).order_by(columns.account_id)
    kept: defaultdict[int, Mates] = defaultdict(lambda: ([], []))
    for number, side, account in connection.execute(query):
        kept[number][side == "right"].append(account)
    return kept


def forget_rulings(connection: Connection, source_id: str) -> None:
    """Remove the rulings that came in a file, and what was kept with them."""
    of_source = DECISION_ROWS.c.source_id == source_id
    numbers = select(DECISION_ROWS.c.number).where(of_source)
    connection.execute(delete(BESIDE_ROWS).where(BESIDE_ROWS.c.number.in_(numbers)))
    connection.execute(delete(DECISION_ROWS).where(of_source))


def _published_homes(connection: Connection) -> Iterator[Mapping[str, str]]:
    """By the published run of each view: the accounts that people ruled on, with their personas."""
    views = union(select(literal("all")), select(VIEWS.c.view))
    published = select(RUNS.c.view, RUNS.c.run_id).where(
        RUNS.c.published_at.is_not(None), RUNS.c.view.in_(views)
    )
    in_time = published.order_by(RUNS.c.published_at, RUNS.c.run_id)
    last = {view: run_id for view, run_id in connection.execute(in_time)}
    columns = PERSONA_ACCOUNTS.c
    ruled_on = union(select(DECISION_ROWS.c.left), select(DECISION_ROWS.c.right))
    for run_id in last.values():
        homes = select(columns.account_id, columns.persona_id).where(
            columns.run_id == run_id, columns.account_id.in_(ruled_on)
        )
        yield {account: persona for account, persona in connection.execute(homes)}
