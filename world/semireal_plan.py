"""The plan of a semi-real world: what becomes of each carrier, and what is true of two accounts.

Every market of the corpus has an invented successor beside it. A carrier moves (its later half
opens an account there), poses as another, quotes another's key, or stays, on one of the two. The
rates are those of `world.parameters`; who shall move and cannot be cut in two stays, as does
everybody with OpenPGP armor of his own: what the armor says cannot be made to fit an invention.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator

from world.handles import look_alike, new_handle, renamed
from world.keys import KeyOrder
from world.parameters import Parameters
from world.plan import DAY, Kind, Statement, Tie

Part = Literal["whole", "early", "late"]
KEY_AGE = timedelta(days=30)
"""So old is the first key of an account at its first record."""


class Carrier(NamedTuple):
    """A row of `carriers.CARRIERS`."""

    carrier: int
    market: str
    handle: str
    record_count: int
    listing_count: int
    photo_count: int
    first_at: datetime | None
    last_at: datetime | None
    cut_at: datetime | None
    armored: bool


@dataclass(frozen=True)
class Staged:
    """An account of the semi-real world: whose rows it carries, under which name, with what.

    `copies`, `copies_photos`, `replays` and `quotes` name other accounts by number; times are null
    where the carrier's rows are undated.
    """

    number: int
    carrier: Carrier
    part: Part
    market: str
    handle: str
    first_at: datetime | None
    last_at: datetime | None
    key: int | None = None
    """The key it shows."""
    certified_by: int | None = None
    """An older key that certifies the one it shows."""
    statements: tuple[Statement, ...] = ()
    copies: int | None = None
    copies_photos: int | None = None
    replays: int | None = None
    quotes: int | None = None
    marks_quotes: bool = True


@dataclass
class Script:
    """All accounts, ties and keys; grows while the world is planned, and is only read then.

    Attributes:
        rng: what draws.
        rates: how often things happen.
        markets: those of the corpus.
        handles: of all carriers, folded; nobody new gets one.
        told: for each tie, in words, what happened.
        known: by market of the corpus, the dated accounts of those who stayed, without armor.
    """

    rng: Generator
    rates: Parameters
    markets: frozenset[str]
    handles: frozenset[str]
    accounts: list[Staged] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    keys: list[KeyOrder] = field(default_factory=list)
    known: dict[str, list[Staged]] = field(default_factory=dict)
    _opened: set[tuple[str, str]] = field(default_factory=set)

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in that share of cases."""
        return bool(self.rng.random() < share)

    def successor(self, market: str) -> str:
        """The invented market beside one of the corpus."""
        name = f"{market}-2"
        while name in self.markets:
            name += "-2"
        return name

    def open(self, account: Staged) -> Staged:
        """Open an account under the next number."""
        self._opened.add((account.market, account.handle.lower()))
        self.accounts.append(replace(account, number=len(self.accounts)))
        return self.accounts[-1]

    def is_free(self, market: str, handle: str, but_for: str = "") -> bool:
        """Whether nobody there has that handle, nor a carrier anywhere (`but_for` one)."""
        folded = handle.lower()
        is_anybodys = folded in self.handles and folded != but_for.lower()
        return not is_anybodys and (market, folded) not in self._opened

    def new_key(self, name: str, created_at: datetime) -> int:
        """The number of a key made to order."""
        self.keys.append(KeyOrder(len(self.keys), name, created_at))
        return self.keys[-1].number

    def tie(self, left: Staged, right: Staged, kind: Kind, told: Sequence[str]) -> None:
        """Write down what is true of two accounts, and what happened."""
        same = kind not in ("impostor", "quoted_key")
        self.ties.append(Tie(left.number, right.number, same, kind))
        self.told.append("; ".join(told))


Course = Callable[[Script, Carrier], None]


def write_script(carriers: pl.DataFrame, rates: Parameters, seed: int) -> Script:
    """What becomes of each carrier (see `carriers.CARRIERS`); the same for the same seed."""
    people = [Carrier(*row) for row in carriers.iter_rows()]
    script = Script(
        np.random.default_rng([seed, 6]),
        rates,
        frozenset(one.market for one in people),
        frozenset(one.handle.lower() for one in people),
    )
    shares = np.cumsum([rates.move_share, rates.impostor_share, rates.key_quote_share])
    drawn = np.searchsorted(shares, script.rng.random(len(people)), side="right")
    courses: tuple[tuple[int, Course], ...] = ((3, stay), (0, move), (1, pose), (2, quote))
    for number, course in courses:
        for place in np.flatnonzero(drawn == number):
            course(script, people[place])
    return script


def stay(script: Script, one: Carrier) -> None:
    """Somebody has one account, on the market or on its successor."""
    place = one.market if script.happens(0.5) else script.successor(one.market)
    account = _whole(one, place, one.handle)
    if one.armored or one.first_at is None:
        script.open(account)
    else:
        opened = script.open(_with_key(script, account))
        script.known.setdefault(one.market, []).append(opened)


def move(script: Script, one: Carrier) -> None:
    """Somebody goes to the successor; of handle and key he keeps both, one or neither."""
    if one.cut_at is None or one.armored:
        stay(script, one)
        return
    old = replace(_whole(one, one.market, one.handle), part="early", last_at=one.cut_at)
    keeps_handle, keeps_key = _kept(script)
    old = script.open(_with_key(script, old, surely=keeps_handle != keeps_key))
    place = script.successor(one.market)
    handle, said = (one.handle, "handle kept") if keeps_handle else _other_name(script, place, one)
    new = replace(_whole(one, place, handle), part="late", first_at=one.cut_at)
    new, told = _same_key(script, old, new) if keeps_key else _other_key(script, old, new)
    script.tie(old, script.open(new), _kind(old, new), (said, told))


def pose(script: Script, one: Carrier) -> None:
    """Somebody takes the name of one who was there before, and copies what can be copied."""
    before = _there_before(script, one, one.first_at)
    if one.armored or not before:
        stay(script, one)
        return
    victim = before[int(script.rng.integers(len(before)))]
    same = script.happens(script.rates.impostor_same_handle_share)
    handle = victim.handle if same else look_alike(script.rng, victim.handle)
    successor = script.successor(one.market)
    place = one.market if victim.market == successor else successor
    if not script.is_free(place, handle, but_for=victim.handle):
        stay(script, one)
        return
    fake, told = _copying(script, _whole(one, place, handle), victim)
    said = "handle copied" if same else "handle looks alike"
    script.tie(victim, script.open(fake), "impostor", (said, *told))


def quote(script: Script, one: Carrier) -> None:
    """Somebody posts the key block of one who was there before."""
    owners = [o for o in _there_before(script, one, one.last_at) if o.key is not None]
    if one.armored or not owners:
        stay(script, one)
        return
    owner = owners[int(script.rng.integers(len(owners)))]
    place = one.market if script.happens(0.5) else script.successor(one.market)
    marks = script.happens(script.rates.quote_marked_share)
    poster = replace(_whole(one, place, one.handle), quotes=owner.number, marks_quotes=marks)
    told = "quotation marked" if marks else "quotation not marked"
    script.tie(owner, script.open(poster), "quoted_key", (told,))


def _whole(one: Carrier, market: str, handle: str) -> Staged:
    return Staged(-1, one, "whole", market, handle, one.first_at, one.last_at)


def _there_before(script: Script, one: Carrier, at: datetime | None) -> list[Staged]:
    known = script.known.get(one.market, ())
    return [o for o in known if at is not None and o.first_at is not None and o.first_at <= at]


def _with_key(script: Script, account: Staged, surely: bool = False) -> Staged:
    """The account with a key, and maybe a message that it signed; or without."""
    has_key = surely or script.happens(script.rates.key_share)
    if account.first_at is None or not has_key:
        return account
    key = script.new_key(account.handle, account.first_at - KEY_AGE)
    said = Statement(key, account.first_at, "who I am")
    signs = script.happens(script.rates.sign_share)
    return replace(account, key=key, statements=(said,) if signs else ())


def _kept(script: Script) -> tuple[bool, bool]:
    """Whether a mover keeps the handle, and whether he keeps the key."""
    rates = script.rates
    shares = (rates.kept_both_share, rates.kept_handle_only_share, rates.kept_key_only_share)
    drawn = int(np.searchsorted(np.cumsum(shares), script.rng.random(), side="right"))
    return drawn in (0, 1), drawn in (0, 2)


def _other_name(script: Script, place: str, one: Carrier) -> tuple[str, str]:
    alike = script.happens(script.rates.renamed_alike_share)
    handle = renamed(script.rng, one.handle) if alike else new_handle(script.rng)
    while not script.is_free(place, handle, but_for=one.handle if alike else ""):
        handle, alike = new_handle(script.rng), False
    return handle, "handle changed, alike" if alike else "handle changed, unlike"


def _same_key(script: Script, old: Staged, new: Staged) -> tuple[Staged, str]:
    if old.key is None or new.first_at is None:
        return new, "no key"
    said = Statement(old.key, new.first_at, "where I moved", old.number)
    signs = script.happens(script.rates.sign_share)
    return replace(new, key=old.key, statements=(said,) if signs else ()), "key kept"


def _other_key(script: Script, old: Staged, new: Staged) -> tuple[Staged, str]:
    """A key of its own, if there was one before; the old one signs a message about it, or not."""
    at = new.first_at
    if old.key is None or at is None:
        return new, "no key"
    new = replace(new, key=script.new_key(new.handle, at - DAY))
    if old.handle != new.handle or not script.happens(script.rates.old_key_signs_share):
        return new, "key replaced"
    said = Statement(old.key, at, "my new key", old.number)
    certified = replace(new, certified_by=old.key, statements=(said,))
    return certified, "key announced and certified by the old one"


def _kind(old: Staged, new: Staged) -> Kind:
    if old.handle == new.handle:
        if old.key is None:
            return "kept_handle"
        return "kept_handle_and_key" if old.key == new.key else "changed_key"
    is_kept = old.key is not None and old.key == new.key
    return "changed_handle" if is_kept else "changed_both"


def _copying(script: Script, fake: Staged, victim: Staged) -> tuple[Staged, list[str]]:
    """The impostor with what it copies of the victim, and that in words."""
    rates, theirs = script.rates, victim.carrier
    told: list[str] = []
    if victim.key is not None and script.happens(rates.impostor_key_copied_share):
        fake, told = replace(fake, key=victim.key), [*told, "key copied"]
    if theirs.photo_count and script.happens(rates.impostor_photos_copied_share):
        fake, told = replace(fake, copies_photos=victim.number), [*told, "photos copied"]
    if theirs.listing_count and script.happens(rates.impostor_text_copied_share):
        fake, told = replace(fake, copies=victim.number), [*told, "listings copied"]
    if victim.statements and script.happens(rates.impostor_signature_replayed_share):
        fake, told = replace(fake, replays=victim.number), [*told, "signatures replayed"]
    return fake, told
