"""Which persona each account of a run is in; and which one rests for it, if none.

A persona rests while its accounts have all gone from every persona and no other has taken its
place: for those that it had last, should they come back.
"""

from sqlalchemy import Connection, insert, select

from evidence.ledger_schema import PERSONA_ACCOUNTS, PERSONA_RESTS
from evidence.persona_ids import Homes


def homes_of(connection: Connection, run_id: str | None) -> Homes:
    """Accounts, each with the persona that it is in by a run, else with the one that rests."""
    homes: dict[str, str] = {}
    for table in (PERSONA_RESTS, PERSONA_ACCOUNTS):
        query = select(table.c.account_id, table.c.persona_id).where(table.c.run_id == run_id)
        homes |= {account: persona for account, persona in connection.execute(query)}
    return homes


def record_homes(connection: Connection, run_id: str, homes: Homes, resting: Homes) -> None:
    """Record for a run the personas that accounts are in, and those that rest for others."""
    for table, known in ((PERSONA_ACCOUNTS, homes), (PERSONA_RESTS, resting)):
        rows = [{"run_id": run_id, "account_id": a, "persona_id": p} for a, p in known.items()]
        if rows:
            connection.execute(insert(table).prefix_with("OR REPLACE"), rows)
