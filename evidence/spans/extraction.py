"""One pass over every text into spans: what stands where, quoted or not."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from evidence.corpus import SPAN_COLUMNS
from evidence.spans.addresses import (
    DEFANGED_EMAIL_HINTS,
    EMAIL_HINTS,
    LINK_HINTS,
    ONION_HINTS,
    find_defanged_emails,
    find_emails,
    find_links,
    find_onions,
)
from evidence.spans.armor import ARMOR_HINTS, find_armor
from evidence.spans.coins import checksums_hold
from evidence.spans.contact_ids import IDS_HINTS, JABBER_HINTS, find_ids, find_jabber
from evidence.spans.fingerprints import FINGERPRINT_HINTS, find_fingerprints
from evidence.spans.found import Found
from evidence.spans.hints import Chain, HintedTexts
from evidence.spans.intervals import PLACES, touching
from evidence.spans.mentions import find_mentions
from evidence.spans.messengers import LABEL_HINTS, find_labelled
from evidence.spans.phones import PHONE_HINTS, find_phones
from evidence.spans.quotes import QUOTE_HINT, quoted_regions
from evidence.spans.wallets import WALLET_HINTS, find_wallets

SPAN_KINDS = (
    "key_block",
    "key_block_cut",
    "private_key_block",
    "signed_message",
    "signed_text",
    "signature",
    "encrypted_message",
    "fingerprint",
    "email",
    "onion",
    "link",
    "phone",
    "wallet",
    "contact",
    "mention",
    "handle_word",
)
"""`key_block`: a whole public key, `value` its mended armor. `key_block_cut`: one that is cut,
damaged or without its frame, named and never parsed. `signed_message`: a whole clear-signed
message with its signature, `value` its mended form where it was damaged; `signed_text`: the words
in it that are signed, `value` without dash-escapes and damage where it had any. `signature`: an
armored signature, also the one of a signed message. `fingerprint`: 40 or 16 hex digits, or 8 that
are called a key id. `email`, `onion`, `link`: in lower case, as they were meant. `phone`: E.164.
`wallet`: an address whose checksum holds (`coins.coin_of` says of which coin). `contact`:
`MESSENGER:name`. `mention`: a handle of the corpus, in lower case; `handle_word`: one that is
a word of the language there, and names nobody."""

ARMOR_KINDS = (
    "key_block",
    "key_block_cut",
    "private_key_block",
    "signature",
    "encrypted_message",
)
"""Kinds that are base64 and headers: nothing within them is text."""


class Finder(NamedTuple):
    """How one family of spans is found: which texts may hold one, and where in a text they are.

    `hold` says of n distinct values which are true ones; it judges those of all texts together.
    """

    hints: Sequence[Chain]
    find: Callable[[str], Iterator[Found]]
    hold: Callable[[Sequence[str]], Sequence[bool]] | None = None


FINDERS = (
    Finder(ARMOR_HINTS, find_armor),
    Finder(FINGERPRINT_HINTS, find_fingerprints),
    Finder(EMAIL_HINTS, find_emails),
    Finder(DEFANGED_EMAIL_HINTS, find_defanged_emails),
    Finder(ONION_HINTS, find_onions),
    Finder(LINK_HINTS, find_links),
    Finder(PHONE_HINTS, find_phones),
    Finder(WALLET_HINTS, find_wallets, checksums_hold),
    Finder(IDS_HINTS, find_ids),
    Finder(JABBER_HINTS, find_jabber),
    Finder(LABEL_HINTS, find_labelled),
)


def spans_of(texts: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The spans of a corpus's texts, with mentions of its accounts.

    Args:
        texts: `corpus.TEXT_COLUMNS`.
        accounts: `corpus.ACCOUNT_COLUMNS`, row i is account i.
    """
    shown = accounts["handle"].gather(texts["account"])
    selling = texts["ground"].is_in(["title", "description"])
    sellers = pl.select(pl.when(selling).then(shown)).to_series()
    return extract(texts["text"], accounts["handle"], sellers)


def extract(
    texts: pl.Series, handles: pl.Series | None = None, sellers: pl.Series | None = None
) -> pl.DataFrame:
    """The spans of n texts.

    Args:
        texts: n texts, without nulls.
        handles: handles to look for as mentions; None looks for none.
        sellers: of n texts the handle of the account whose listing they describe, null for others.

    Returns:
        `corpus.SPAN_COLUMNS`, sorted by (text, start, end, kind, value). Spans of different kinds
        may overlap (an onion within a link); nothing is reported from within armor, no e-mail
        address, fingerprint or phone from within a contact, no phone from within another address.
    """
    nobody = pl.Series([], dtype=pl.String)
    mentions = find_mentions(texts, nobody if handles is None else handles, sellers)
    hinted = HintedTexts(texts)
    spans = pl.concat(
        [
            *(_found(hinted, finder) for finder in FINDERS),
            mentions,
        ]
    ).unique()
    spans = _outside(spans, ARMOR_KINDS, pl.lit(value=True))
    kind = pl.col("kind")
    spans = _outside(spans, ("contact",), kind.is_in(["email", "fingerprint", "phone"]))
    spans = _outside(spans, ("link", "wallet", "fingerprint", "email"), kind == "phone")
    return (
        _with_quoted(spans, texts)
        .select(SPAN_COLUMNS.names())
        .sort("text", "start", "end", "kind", "value")
    )


def _found(texts: HintedTexts, finder: Finder) -> pl.DataFrame:
    rows = [
        (number, *found)
        for number, text in texts.matching(finder.hints)
        for found in finder.find(text)
    ]
    schema = {name: SPAN_COLUMNS[name] for name in ("text", "kind", "start", "end", "value")}
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    if finder.hold is None:
        return spans
    values = spans["value"].unique().sort()
    true = values.filter(pl.Series(finder.hold(values.to_list()), dtype=pl.Boolean))
    return spans.filter(pl.col("value").is_in(true.implode()))


def _outside(spans: pl.DataFrame, covers: tuple[str, ...], which: pl.Expr) -> pl.DataFrame:
    """Without the spans of other kinds, `which` among them, that touch a span of `covers`."""
    kind = pl.col("kind")
    hit = touching(spans, spans.filter(kind.is_in(covers)))
    other = ~kind.is_in([*covers, "signed_message", "signed_text"])
    return spans.filter(~(hit & which & other))


def _with_quoted(spans: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Mark the spans that begin within somebody else's words."""
    numbers = spans["text"].unique().sort()
    bodies = texts.gather(numbers)
    hinted = bodies.str.contains(QUOTE_HINT)
    chosen = zip(numbers.filter(hinted).to_list(), bodies.filter(hinted).to_list(), strict=True)
    found = [(number, *region) for number, text in chosen for region in quoted_regions(text)]
    regions = pl.DataFrame(found, schema=PLACES, orient="row")
    beginnings = spans.with_columns(end=pl.col("start") + 1)
    return spans.with_columns(quoted=touching(beginnings, regions))
