"""An invented world in memory: who is attacked, what everybody leaves behind, and corpora of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

import polars as pl

from evidence.assembly import assemble
from evidence.corpus import Corpus
from evidence.intake.rows import finished
from evidence.records import TABLES, account_id
from world.events import make_plan
from world.leavings import Leavings, Writer
from world.markets import EARLY, MARKETS
from world.parameters import BASE
from world.plan import Account, Plan
from world.rows import Row, post

CLEAN = replace(
    BASE,
    impostor_share=0.0,
    key_quote_share=0.0,
    key_share=1.0,
    photo_share=1.0,
    late_scrape_share=0.0,
    missed_row_share=0.0,
)
"""A world without adversaries, in which everybody has all that can be copied."""
ACCOUNTS_PER_VICTIM = 2
RECEIVED = datetime(2020, 1, 1, tzinfo=UTC)
SOURCE = sha256(b"an invented delivery").hexdigest()
SEEN_TYPES = {"captured_at": pl.Datetime("us", "UTC"), "captured_precision": pl.String}


class Memory:
    """Pictures, and what reading keys and pictures gave before, in memory."""

    def __init__(self) -> None:
        self.bytes_of: dict[str, bytes] = {}
        self.kept: dict[tuple[str, str], bytes] = {}

    def add(self, content: bytes) -> str:
        """The SHA-256 of a picture that can be read from now on."""
        blob = sha256(content).hexdigest()
        self.bytes_of[blob] = content
        return blob

    def read(self, blob: str) -> bytes:
        """The bytes of a picture."""
        return self.bytes_of[blob]

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """What reading these contents gave before."""
        return {c: self.kept[kind, c] for c in contents if (kind, c) in self.kept}

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep what reading gave."""
        self.kept |= {(kind, content): answer for content, answer in found.items()}

    def turn(self) -> None:
        """Nothing is ever dropped."""


@dataclass
class Stage:
    """A world without adversaries, and who is to be attacked in it.

    Attributes:
        seed: which world.
        plan: its accounts; attackers are opened in it, too.
        victims: sellers on markets that opened early.
        honest: the rows of everybody who was there before the attackers.
    """

    seed: int
    plan: Plan
    victims: list[Account]
    writer: Writer
    memory: Memory = field(default_factory=Memory)
    honest: list[Row] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, victim_count: int, seed: int) -> "Stage":
        """A world with so many victims."""
        plan = make_plan(seed, max(40, ACCOUNTS_PER_VICTIM * victim_count), CLEAN)
        attacking = {tie.right for tie in plan.ties if not tie.same}
        early = {market.name for market in EARLY}
        victims = [
            account
            for account in plan.accounts
            if account.market in early and account.listings and account.number not in attacking
        ]
        stage = cls(seed, plan, victims[:victim_count], Writer(seed, plan))
        for account in [one for one in plan.accounts if one.number not in attacking]:
            stage.honest += stage.left_by(account).rows
            stage.honest.append(address(account, account.hand))
        return stage

    def left_by(self, account: Account) -> Leavings:
        """What an account leaves behind; its pictures can be shown from now on."""
        left = self.writer.leave(account)
        self.pictures |= left.pictures
        return left

    def id_of(self, number: int) -> str:
        """The id of the account of that number."""
        account = self.plan.accounts[number]
        return account_id(account.market, account.handle)

    def hand_of(self) -> dict[str, int]:
        """The hand of each account, by its id."""
        return {account_id(a.market, a.handle): a.hand for a in self.plan.accounts}

    def same_hand(self) -> pl.DataFrame:
        """The pairs of one hand, as account ids left < right."""
        pairs = [(self.id_of(t.left), self.id_of(t.right)) for t in self.plan.ties if t.same]
        rows = [tuple(sorted(pair)) for pair in pairs]
        return pl.DataFrame(rows, schema={"left": pl.String, "right": pl.String}, orient="row")

    def corpus(self, attack: Iterable[Row], *, dated: bool = True) -> Corpus:
        """The world with these rows of attackers; undated where no scrape says when they came."""
        rows = {name: self._table(name, attack, dated) for name in TABLES if name != "markets"}
        kept = {name: table for name, table in rows.items() if table.height}
        return assemble({**kept, "markets": _markets()}, self.memory, self.memory)

    def _table(self, name: str, attack: Iterable[Row], dated: bool) -> pl.DataFrame:
        values = [v for row in self.honest for v in self._values(row, name)]
        values += [
            v if dated else {**v, "stated_at": None}
            for row in attack
            for v in self._values(row, name)
        ]
        stated = {"stated_precision": "second", "captured_at": None, "captured_precision": None}
        schema = {**TABLES[name].schema, **SEEN_TYPES, "place": pl.String, "position": pl.Int64}
        rows = [
            {
                **dict.fromkeys(TABLES[name].schema),
                **v,
                **stated,
                "place": f"row {n}",
                "position": n,
            }
            for n, v in enumerate(values, 1)
        ]
        frame = pl.DataFrame(rows, schema=schema).drop("row_id", "flaws")
        done = finished(frame, name).unique("row_id", keep="first", maintain_order=True)
        return done.with_columns(
            source_id=pl.lit(SOURCE), received_at=pl.lit(RECEIVED, pl.Datetime("us", "UTC"))
        )

    def _values(self, row: Row, table: str) -> list[dict[str, object]]:
        """What of a row stands in a table of the archive."""
        account = self.plan.accounts[row.account]
        said = dict(row.values)
        photos, block = said.pop("photos", None), said.pop("pgp", None)
        own = {"market": account.market, "handle": account.handle, "stated_at": row.at}
        if table == "photos" and photos:
            shown = [self.pictures[name] for name in str(photos).split(";")]
            return [
                {**own, "path": f"{n}.jpg", "blob": self.memory.add(p), "size_bytes": len(p)}
                for n, p in enumerate(shown)
            ]
        if table == "keys" and block:
            return [{**own, "block": block}]
        return [{**own, **said}] if row.table == table and table != "keys" else []


def address(account: Account, hand: int) -> Row:
    """A post that gives the address of a hand as the account's own."""
    body = f"You can reach me, my e-mail is hand{hand}x@mail{hand % 7}.example.org any time."
    return post(account, account.opened_at, "how to reach me", body)


def _markets() -> pl.DataFrame:
    rows = [
        {
            "row_id": market.name,
            "market": market.name,
            "kind": market.kind,
            "opened_at": market.opened_at,
            "closed_at": market.closed_at,
            "aliases": [],
            "belongs_to": market.belongs_to,
            "flaws": [],
        }
        for market in MARKETS
    ]
    return pl.DataFrame(rows, schema=TABLES["markets"].schema)
