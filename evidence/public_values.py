"""Public values in the ledger: what people ruled to be everybody's links nobody.

An escrow wallet, a staff key, a maker's picture, a phrase of the market's own form. A value is in
force until it is undone; what was ruled, by whom and why stays to be seen.
"""

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import insert, select, update

from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.ledger_schema import PUBLIC_ROWS
from evidence.public_texts import SPANS_OF
from evidence.spans.extraction import extract

KINDS = ("key", "wallet", "contact", "photo", "phrase")
FINGERPRINT = re.compile(r"(0X)?([0-9A-F]{40}|[0-9A-F]{64})")
PHOTO_HASH = re.compile(r"[0-9a-f]{16}")
PHRASE_MIN_WORDS = 3
PHRASE_MIN_CHARS = 12
FORMS = {
    "key": "a fingerprint of 40 or 64 hex digits",
    "wallet": "an address of Bitcoin, Litecoin, Monero or Ethereum whose checksum holds",
    "contact": "an e-mail address, an onion, a link, or MESSENGER:name (jabber:me@example.org)",
    "photo": "a picture's file, or its perceptual hash of 16 hex digits",
    "phrase": f"at least {PHRASE_MIN_WORDS} words and {PHRASE_MIN_CHARS} characters",
}


@dataclass(frozen=True)
class PublicValue:
    """A value that a person ruled public; `undone_at` is None while it is in force."""

    kind: str
    value: str
    person: str
    reason: str
    added_at: datetime
    number: int = 0
    """Its place in the ledger; 0 before it is there."""
    undone_by: str | None = None
    undone_why: str | None = None
    undone_at: datetime | None = None


def normalised(kind: str, value: str) -> str:
    """The value as features and extraction show it.

    Raises:
        RefusedInput: it is none of that kind; says what is wanted.
    """
    found = {"key": _fingerprint, "photo": _photo_hash, "phrase": _phrase}.get(kind, _span_value)
    normal = found(kind, value)
    if normal is None:
        raise RefusedInput(f"{value!r} is no {kind}: {FORMS[kind]} is wanted")
    return normal


def add_public_value(ledger: Ledger, ruled: PublicValue) -> int:
    """Rule a value public; its number in the ledger.

    Raises:
        RefusedInput: it is not a value of that kind, no reason is given, or it is public already.
    """
    ruled = PublicValue(
        ruled.kind, normalised(ruled.kind, ruled.value), *_said(ruled), ruled.added_at
    )
    if any((r.kind, r.value) == (ruled.kind, ruled.value) for r in _in_force(ledger)):
        raise RefusedInput(f"{ruled.kind} {ruled.value} is public already")
    row = {name: value for name, value in asdict(ruled).items() if name != "number"}
    with ledger.writing() as connection:
        added = connection.execute(insert(PUBLIC_ROWS), row)
    return int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0


def undo_public_value(
    ledger: Ledger, number: int, person: str, why: str, at: datetime
) -> PublicValue:
    """Take a ruling back; from the next run on the value counts again.

    Raises:
        UnknownThing: no value in force has that number.
        RefusedInput: no reason is given.
    """
    ruled = next((r for r in _in_force(ledger) if r.number == number), None)
    if ruled is None:
        raise UnknownThing("public value in force", str(number))
    if not why.strip():
        raise RefusedInput("say why the ruling is undone")
    change = update(PUBLIC_ROWS).where(PUBLIC_ROWS.c.number == number)
    with ledger.writing() as connection:
        connection.execute(change.values(undone_by=person, undone_why=why.strip(), undone_at=at))
    return ruled


def public_values(ledger: Ledger) -> list[PublicValue]:
    """Every ruling, in the order they were made, the undone ones among them."""
    with ledger.reading() as connection:
        rows = connection.execute(select(PUBLIC_ROWS).order_by(PUBLIC_ROWS.c.number)).mappings()
        return [PublicValue(**row) for row in rows]


def _in_force(ledger: Ledger) -> list[PublicValue]:
    return [ruled for ruled in public_values(ledger) if ruled.undone_at is None]


def _said(ruled: PublicValue) -> tuple[str, str]:
    if not ruled.reason.strip():
        raise RefusedInput("say why the value is public")
    return ruled.person, ruled.reason.strip()


def _fingerprint(_: str, value: str) -> str | None:
    found = FINGERPRINT.fullmatch(re.sub(r"[\s:]", "", value).upper())
    return found[2] if found else None


def _photo_hash(_: str, value: str) -> str | None:
    found = PHOTO_HASH.fullmatch(value.strip().lower())
    return found[0] if found else None


def _phrase(_: str, value: str) -> str | None:
    words = unicodedata.normalize("NFC", value).split()
    phrase = " ".join(words)
    return phrase if len(words) >= PHRASE_MIN_WORDS and len(phrase) >= PHRASE_MIN_CHARS else None


def _span_value(kind: str, value: str) -> str | None:
    """The value of the span that extraction finds in all of the text, of a kind that fits."""
    text = value.strip()
    whole = (pl.col("end") == len(text)) & pl.col("kind").is_in(SPANS_OF[kind])
    spans = extract(pl.Series([text], dtype=pl.String)).filter(whole).sort("start", "kind")
    if spans.is_empty():
        return None
    found = spans.row(0, named=True)
    return str(found["value"] or text[found["start"] :])
