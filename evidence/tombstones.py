"""Tombstones: what was erased is known again when it comes, and by nothing else.

A tombstone holds the HMAC-SHA256 (RFC 2104) of the source's id under a random key of this ledger:
the id is a hash of the bytes, and whoever can guess short bytes can guess their hash.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes

from sqlalchemy import Connection, insert, select

from evidence.acts import Act
from evidence.ledger import Ledger
from evidence.ledger_schema import SECRETS, TOMBSTONES

KEY_NAME = "tombstones"
KEY_BYTES = 32


@dataclass(frozen=True)
class Tombstone:
    """Who had something erased, why and when."""

    mac: str
    person: str
    reason: str
    erased_at: datetime


def lay_tombstone(connection: Connection, source_id: str, act: Act) -> str:
    """Mark a source as erased; returns its mac (64 hex digits)."""
    key = _key(connection)
    if key is None:
        key = token_bytes(KEY_BYTES)
        connection.execute(insert(SECRETS), {"name": KEY_NAME, "value": key})
    row: dict[str, object] = {"person": act.person, "reason": act.reason}
    row |= {"mac": _mac(key, source_id), "erased_at": act.at}
    connection.execute(insert(TOMBSTONES).prefix_with("OR IGNORE"), row)
    return _mac(key, source_id)


def tombstone_of(ledger: Ledger, source_id: str) -> Tombstone | None:
    """The tombstone of a source; None where it was not erased."""
    with ledger.reading() as connection:
        key = _key(connection)
        if key is None:
            return None
        query = select(TOMBSTONES).where(TOMBSTONES.c.mac == _mac(key, source_id))
        row = connection.execute(query).mappings().first()
    return None if row is None else Tombstone(**row)


def tombstones(ledger: Ledger) -> list[Tombstone]:
    """All of them, in the order of erasure."""
    query = select(TOMBSTONES).order_by(TOMBSTONES.c.erased_at, TOMBSTONES.c.mac)
    with ledger.reading() as connection:
        return [Tombstone(**row) for row in connection.execute(query).mappings()]


def _key(connection: Connection) -> bytes | None:
    return connection.execute(select(SECRETS.c.value).where(SECRETS.c.name == KEY_NAME)).scalar()


def _mac(key: bytes, source_id: str) -> str:
    return hmac.new(key, source_id.encode(), "sha256").hexdigest()
