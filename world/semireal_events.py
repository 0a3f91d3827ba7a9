"""The rows that invented identity events leave behind, beside the carriers' own."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl
from numpy.random import Generator

from evidence.records import TABLES
from world.carriers import Tables
from world.keys import KeyRing
from world.openpgp import Certification
from world.plan import Statement
from world.semireal_plan import Script, Staged
from world.statements import signed

COPIED_LISTINGS = 5
"""So many listings of its victim an impostor offers at most."""

Values = dict[str, object]


class Inventor:
    """Writes what the accounts of one script leave behind besides the rows that they carry.

    No words but those that an event needs: key blocks, signed messages that name accounts and
    keys, quotations of key blocks, and copies of a victim's listings and photos.
    """

    def __init__(self, script: Script, ring: KeyRing, carried: Tables, rng: Generator) -> None:
        self._script, self._ring, self._carried, self._rng = script, ring, carried, rng

    def tables(self) -> dict[str, pl.DataFrame]:
        """By table the invented rows, with `number`, the account's number."""
        rows: dict[str, list[Values]] = {}
        for account in self._script.accounts:
            own = {"number": account.number, "market": account.market, "handle": account.handle}
            for table, at, values in self._events(account):
                dated = {
                    "stated_at": at.replace(microsecond=0),
                    "stated_precision": "second",
                    **own,
                }
                rows.setdefault(table, []).append({**values, **dated})
        return {
            table: pl.DataFrame(values, schema={**TABLES[table].schema, "number": pl.Int64})
            for table, values in rows.items()
        }

    def _events(self, account: Staged) -> Iterator[tuple[str, datetime, Values]]:
        """Table, time and values of each row."""
        first_at, last_at, others = account.first_at, account.last_at, self._script.accounts
        if first_at is None or last_at is None:
            return
        if account.key is not None:
            yield "keys", first_at, {"block": self._block(account, account.key)}
        for said in account.statements:
            yield "posts", first_at, {"body": self._signed(account, said)}
        if account.replays is not None:
            for said in others[account.replays].statements:
                yield "posts", last_at, {"body": self._signed(others[account.replays], said)}
        if account.quotes is not None:
            yield "posts", last_at, {"body": self._quotation(account, others[account.quotes])}
        yield from (("listings", last_at, row) for row in self._goods(account.copies))
        yield from (("photos", last_at, row) for row in self._photos(account.copies_photos))

    def _block(self, account: Staged, key: int) -> str:
        if account.certified_by is None or account.first_at is None:
            return self._ring[key].block()
        return self._ring[key].block(
            [Certification(self._ring[account.certified_by], account.first_at)]
        )

    def _signed(self, account: Staged, said: Statement) -> str:
        return signed(account, self._script.accounts, said, self._ring)

    def _quotation(self, account: Staged, owner: Staged) -> str:
        block = "" if owner.key is None else self._block(owner, owner.key)
        return f"[quote={owner.handle}]\n{block}\n[/quote]" if account.marks_quotes else block

    def _goods(self, victim: int | None) -> list[Values]:
        """Some of a victim's listings, word for word."""
        if victim is None:
            return []
        theirs = self._carried["listings"].filter(number=victim)
        chosen = self._rng.permutation(theirs.height)[:COPIED_LISTINGS]
        said = ("title", "description", "category", "price", "currency", "ships_from", "ships_to")
        return theirs.select(said)[sorted(chosen.tolist())].to_dicts()

    def _photos(self, victim: int | None) -> list[Values]:
        if victim is None:
            return []
        return (
            self._carried["photos"]
            .filter(number=victim)
            .select("path", "blob", "size_bytes")
            .to_dicts()
        )
