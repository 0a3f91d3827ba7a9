"""Which accounts published a message validly signed by a key, and what the message binds."""

import re
from typing import NamedTuple

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from evidence.spans.armor import unwrap
from features.keys.displays import Displays
from features.keys.packets import walk_signatures
from features.keys.verify import Claim, verify

MESSAGE = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:Hash: [^\n]*\n)*[ \t]*\r?\n"
    r"(?P<words>.*?)\r?\n?(?P<signature>-----BEGIN PGP SIGNATURE-----.*)",
    re.DOTALL,
)
NAMED_MIN_CHARS = 3

SIGNED, NAMED, NAMED_WITH_MARKET = 1, 2, 3
"""What a valid signature says of the account that published it: nothing (it may be a replay); its
handle, in a message that nobody published before; its handle and its market."""

SIGNATURES = pl.Schema(
    {"account": pl.UInt32, "key": pl.UInt32, "grade": pl.Int8, "text": pl.UInt32}
)


class Published(NamedTuple):
    """A clear-signed message that an account published as its own words."""

    account: int
    text: int
    message: str
    words: str
    signature: str
    """The base64 of the signature: equal for replays of one message."""
    candidates: tuple[int, ...]
    """Keys of the corpus that it may be signed with."""


class MarketNames(NamedTuple):
    """What a market is called, and what others are called whose name holds that."""

    own: list[str]
    """Its name, its aliases, the market it serves."""
    longer: list[str]


def read_signatures(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """(account, key, grade, text): the best valid signature of each account under each key.

    Only messages outside quotations, whose signature names a key that the corpus holds, are given
    to GnuPG, each once however often it was published.

    Raises:
        MissingProgram: there are such messages and GnuPG does not run.
    """
    published = _published(corpus, displays)
    signers = _signers(published, displays)
    first = _first_publishers(published, corpus.texts)
    numbers = {key.fingerprint: number for number, key in enumerate(displays.keys)}
    owners = list(zip(corpus.accounts["handle"], _market_names(corpus), strict=True))
    rows = [
        (one.account, numbers[signer], _grade(one, first, *owners[one.account]), one.text)
        for one in published
        for signer in signers[one.message] & numbers.keys()
    ]
    made = pl.DataFrame(rows, schema=SIGNATURES, orient="row")
    best = made.sort("account", "key", "grade", "text", descending=[False, False, True, False])
    return best.unique(["account", "key"], keep="first", maintain_order=True)


def _published(corpus: Corpus, displays: Displays) -> list[Published]:
    holders: dict[str, list[int]] = {}
    for number, key in enumerate(displays.keys):
        for name in key.ids:
            holders.setdefault(name, []).append(number)
    spans = corpus.spans.filter((pl.col("kind") == "signed_message") & ~pl.col("quoted"))
    texts = corpus.texts.select(
        "account", pl.col("text").alias("body"), text=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    found = []
    for row in spans.join(texts, on="text", maintain_order="left").iter_rows(named=True):
        raw = row["body"][row["start"] : row["end"]] if row["value"] is None else row["value"]
        parsed = MESSAGE.fullmatch(raw)
        armored = unwrap(parsed["signature"]) if parsed else None
        if parsed is None or armored is None:
            continue
        issuers = {name for made in walk_signatures(parsed["signature"]) for name in made.issuers}
        candidates = sorted({key for name in issuers for key in holders.get(name, ())})
        if candidates:
            owner = (row["account"], row["text"], raw, _unescaped(parsed["words"]), armored[0])
            found.append(Published(*owner, tuple(candidates)))
    return found


def _unescaped(words: str) -> str:
    """The signed words without dash-escapes (RFC 9580, section 7.2)."""
    return re.sub(r"^- ", "", words, flags=re.MULTILINE)


def _signers(published: list[Published], displays: Displays) -> dict[str, frozenset[str]]:
    candidates = {one.message: one.candidates for one in published}
    claims = [
        Claim(message, tuple(armor for key in keys for armor in displays.keys[key].armors))
        for message, keys in sorted(candidates.items())
    ]
    return dict(zip(sorted(candidates), verify(claims), strict=True)) if claims else {}


def _first_publishers(
    published: list[Published], texts: pl.DataFrame
) -> frozenset[tuple[int, str]]:
    """(account, signature) where no other account published it, or surely none before it."""
    rows = [(one.account, one.signature, texts["seen_at"][one.text]) for one in published]
    schema = {"account": pl.UInt32(), "signature": pl.String(), "seen_at": UTC_TIME}
    seen = (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by("signature", "account")
        .agg(pl.col("seen_at").min(), undated=pl.col("seen_at").is_null().any())
    )
    known = ~pl.col("undated").any().over("signature")
    rank = pl.col("seen_at").rank("max").over("signature")
    alone = pl.len().over("signature") == 1
    first = seen.filter(alone | (known & (rank == 1).fill_null(value=False)))
    return frozenset(first.select("account", "signature").iter_rows())


def _grade(
    one: Published,
    first: frozenset[tuple[int, str]],
    handle: str | None,
    market: MarketNames,
) -> int:
    if handle is None or len(handle) < NAMED_MIN_CHARS or not _says(one.words, handle):
        return SIGNED
    words = one.words
    for name in market.longer:
        words = re.sub(_as_name(name), " ", words, flags=re.IGNORECASE)
    if any(_says(words, name) for name in market.own):
        return NAMED_WITH_MARKET
    return NAMED if (one.account, one.signature) in first else SIGNED


def _says(words: str, name: str) -> bool:
    """Does the text hold the name, and not merely a longer one that it is a part of?"""
    return bool(re.search(_as_name(name), words, re.IGNORECASE))


def _as_name(name: str) -> str:
    """The name in any text, joined to nothing: `bob` stands neither in `bobby` nor in `bob-2`."""
    return rf"(?<!\w)(?<!\w[-.@]){re.escape(name)}(?!\w)(?![-.@]\w)"


def _market_names(corpus: Corpus) -> list[MarketNames]:
    """For each account what its market is called, and what others of a longer name are."""
    aliases = {
        market: list(others or [])
        for market, others in corpus.markets.select("market", "aliases").iter_rows()
    }
    places = corpus.accounts.select("market", "belongs_to").unique(maintain_order=True)
    called = {
        (market, serves): [n for n in (market, serves, *aliases.get(market, [])) if n]
        for market, serves in places.iter_rows()
    }
    known = {*aliases, *(name for names in (*called.values(), *aliases.values()) for name in names)}
    found = {place: MarketNames(own, _longer(own, known)) for place, own in called.items()}
    return [found[place] for place in corpus.accounts.select("market", "belongs_to").iter_rows()]


def _longer(own: list[str], known: set[str]) -> list[str]:
    others = known - set(own)
    longer = {other for other in others for name in own if name.lower() in other.lower()}
    return sorted(longer, key=lambda name: (-len(name), name))
