"""A small world in which every feature finds something: thirty hands, each with two accounts."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

import numpy as np
import polars as pl
from PIL import Image
from pysequoia import SignatureMode, Tsk, sign

from evidence.corpus import Corpus
from tests.builders import CorpusBuilder
from tests.hands import Hand

HANDS, ACCOUNTS = 30, 60
MARKETS = ("amber", "birch", "cedar", "dell")
POSTS, LISTINGS = 6, 5
BEGIN = datetime(2020, 1, 6, tzinfo=UTC)
TREES = ("oak", "elm", "ash", "fir", "yew", "bay", "lime", "pine", "plum", "rowan")
THINGS = ("table", "kettle", "lamp", "ladle", "anvil", "quill", "stool", "spoon", "brush", "clock")
PLACES = ("Germany", "Netherlands", "United Kingdom", "Canada", "Australia", "Spain")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class Tokens:
    """Which handles, keys, contacts and photos the world shows; another set is another token."""

    names: int = 0
    keys: int = 0
    contacts: int = 0
    photos: int = 0
    plain: frozenset[int] = frozenset()
    """Hands that show neither key nor photo, contact nor wallet."""

    def handle(self, hand: int, side: int) -> str:
        """Handles of any set sort alike, so that account i stays account i."""
        rng = np.random.default_rng(1_000 * self.names + hand)
        letters = "".join(rng.choice(list("bcdfgklmnprstvz"), 6 + 2 * self.names))
        return f"{chr(ord('a') + hand % 26)}{hand // 26}{letters}" + ("_2020" if side else "")


PLAIN = Tokens()


@cache
def a_key(keys: int, hand: int) -> Tsk:
    return Tsk.generate(f"hand {hand} <{hand}.{keys}@example.org>")


def a_signed(keys: int, hand: int, words: str) -> str:
    signer = a_key(keys, hand).signer()
    return sign(signer, words.encode(), mode=SignatureMode.CLEAR).decode()


@cache
def a_picture(photos: int, hand: int) -> bytes:
    rng = np.random.default_rng(1_000 * photos + hand)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
    out = io.BytesIO()
    small.resize((120, 90), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def a_wallet(contacts: int, hand: int) -> str:
    """A Bitcoin address of the first kind: version, 20 bytes, checksum, in base 58."""
    body = b"\0" + sha256(f"wallet {contacts} {hand}".encode()).digest()[:20]
    whole = body + sha256(sha256(body).digest()).digest()[:4]
    number, digits = int.from_bytes(whole, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = BASE58[rest] + digits
    return "1" + digits


def an_address(contacts: int, hand: int) -> str:
    return f"{'abcdefghij'[contacts]}ddress{hand}@mail{contacts}.example.org"


def owner_of(tokens: Tokens, number: int) -> tuple[str, str]:
    hand, side = divmod(number, 2)
    return MARKETS[2 * side + hand % 2], tokens.handle(hand, side)


@cache
def world(tokens: Tokens = PLAIN) -> Corpus:
    """Accounts 2k and 2k + 1 are of one hand; by which features it is seen differs."""
    builder = CorpusBuilder()
    for market in MARKETS[:3]:
        builder.market(market)
    builder.market(MARKETS[3], kind="forum", belongs_to=MARKETS[0])
    for number in range(ACCOUNTS):
        hand, side = divmod(number, 2)
        owner = owner_of(tokens, number)
        rng = np.random.default_rng(number)
        builder.account(*owner, _profile(tokens, hand, side))
        _write(builder, owner, hand, rng)
        _sell(builder, owner, hand, rng)
        if hand not in tokens.plain:
            _show(builder, owner, hand, tokens)
    return builder.build()


def _profile(tokens: Tokens, hand: int, side: int) -> str:
    market, handle = owner_of(tokens, 2 * hand + side)
    text = f"{handle} sells lamps on {market}."
    if side and hand % 3 == 0:
        former, name = owner_of(tokens, 2 * hand)
        text += f" I was {name} on {former} before it closed."
    return text


def _write(builder: CorpusBuilder, owner: tuple[str, str], hand: int, rng) -> None:
    for place in range(POSTS if hand % 6 else 1):
        hour = (3 * hand + int(rng.integers(4))) % 24
        at = BEGIN + timedelta(days=3 * place + hand % 3, hours=hour, minutes=int(rng.integers(60)))
        body = Hand(hand).post(rng)
        builder.post(*owner, body, stated_at=at, stated_precision="minute")
    habit = np.random.default_rng(900 + hand)
    for day in range(24 if hand % 6 == 1 else 0):
        at = BEGIN + timedelta(days=60 + day, hours=(3 * hand + int(habit.integers(4))) % 24)
        builder.post(*owner, "ok", stated_at=at, stated_precision="minute")


def _sell(builder: CorpusBuilder, owner: tuple[str, str], hand: int, rng) -> None:
    mine = np.random.default_rng(500 + hand)
    wares, origin = mine.choice(THINGS, 3, replace=False), str(mine.choice(PLACES))
    for place in range(LISTINGS if hand % 8 else 0):
        amount, ware, tree = int(rng.integers(1, 60)), rng.choice(wares), rng.choice(TREES)
        builder.listing(
            *owner,
            f"{amount} g {tree} {ware} ~{'*' * (hand % 4)} no {hand % 9}{'!' * (hand % 3)}",
            description=f"{Hand(hand).post(rng, 25)} {tree} {ware} of {mine.choice(TREES)}",
            category=str(ware),
            price=float(amount * (5 + hand)) + 0.5,
            currency="USD",
            ships_from=origin,
            ships_to=str(mine.choice(("Worldwide", "EU", origin))),
            stated_at=BEGIN + timedelta(days=place),
            stated_precision="day",
        )


def _show(builder: CorpusBuilder, owner: tuple[str, str], hand: int, tokens: Tokens) -> None:
    if hand % 4 == 1:
        block = a_key(tokens.keys, hand).extract_certificate()
        builder.post(*owner, f"this is my key:\n{block}")
    if hand == 5:
        words = f"I am {owner[1]} on {owner[0]}.\n"
        builder.post(*owner, a_signed(tokens.keys, hand, words))
    if hand % 5 == 0:
        builder.photo(*owner, a_picture(tokens.photos, hand))
    if hand % 5 == 1:
        builder.post(*owner, f"write to {an_address(tokens.contacts, hand)} for a quote")
    if hand % 5 == 2:
        builder.post(*owner, f"pay to {a_wallet(tokens.contacts, hand)} in advance")


def turned(corpus: Corpus) -> Corpus:
    """The same with the accounts in the opposite order: account i is account n - 1 - i now."""
    last = corpus.account_count - 1
    accounts = corpus.accounts.reverse().with_columns(
        account_id=pl.format("{}", pl.int_range(pl.len()) + 1_000_000)
    )

    def moved(table: pl.DataFrame) -> pl.DataFrame:
        turned = (last - pl.col("account").cast(pl.Int64)).cast(pl.UInt32)
        return table.with_columns(account=turned).sort("account", maintain_order=True)

    texts = moved(corpus.texts.with_row_index("old"))
    places = texts.select(text="old", new=pl.int_range(pl.len(), dtype=pl.UInt32))
    spans = corpus.spans.join(places, on="text", how="left", maintain_order="left")
    return replace(
        corpus,
        accounts=accounts,
        listings=moved(corpus.listings),
        posts=moved(corpus.posts),
        profiles=moved(corpus.profiles),
        photos=moved(corpus.photos),
        texts=texts.drop("old"),
        spans=spans.with_columns(text="new").drop("new").sort("text", maintain_order=True),
    )


@cache
def hostile_world() -> Corpus:
    """What adversaries write: NULs, marks that turn lines around, planes beyond the first, floods,
    broken armor, pictures that are none, times at the ends of time."""
    nasty = (
        "\0" * 50,
        "\u202e\u202d\u2066evil\u2069\u200b\u200f" * 20,
        "\U0010ffff\U000e0041\ud7ff\ue000\ufffe\ufeff" * 30,
        "a\u0301\u0302\u0303\u0304\u0305" * 200,
        "x" * 1_000_000,
        ("y " * 500_000).strip(),
        "\n" * 5_000,
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + "A" * 500 + "\n" * 3,
        str(a_key(0, 1).extract_certificate()).replace("x", "y"),
        "-----BEGIN PGP SIGNED MESSAGE-----\n" * 200,
        "> > > > quoted\n" * 500,
        "[quote]" * 500,
        "@a.b " * 500 + "1" * 500,
        "﷽𝔘𝔫𝔦ⅷ½①…" * 60,
    )
    builder = CorpusBuilder()
    end = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    for number, text in enumerate(nasty):
        handle = text.strip()[:40].strip() or f"nobody{number}"
        for market in ("amber", "birch"):
            owner = (market, f"{handle}{number}")
            builder.account(*owner, text).post(
                *owner, text, stated_at=datetime(1, 1, 1, tzinfo=UTC)
            )
            builder.listing(
                *owner, text[:3_000], description=text, price=float("inf"), currency=text[:9],
                ships_from=text[:200], ships_to=text[:200], category=text[:50], stated_at=end,
            )  # fmt: skip
            builder.listing(*owner, "", price=-0.0, currency="", ships_from="", ships_to="")
            builder.key(*owner, text[:2_000]).photo(*owner, text.encode()[:2_000])
    return builder.build()
