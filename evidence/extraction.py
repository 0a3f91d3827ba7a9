"""One pass over every text into spans: what stands where, quoted or not."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import polars as pl

from evidence.armor import Found, find_armor
from evidence.contacts import (
    CONTACT_HINT,
    FINGERPRINT_HINT,
    find_contacts,
    find_emails,
    find_fingerprints,
    find_links,
    find_onions,
)
from evidence.corpus import SPAN_COLUMNS
from evidence.intervals import PLACES, touching
from evidence.mentions import find_mentions
from evidence.quotes import QUOTE_HINT, quoted_regions
from evidence.wallets import WALLET_HINT, find_wallets

SPAN_KINDS = (
    "key_block",
    "key_block_cut",
    "private_key_block",
    "signed_message",
    "signature",
    "encrypted_message",
    "fingerprint",
    "email",
    "onion",
    "link",
    "wallet",
    "contact",
    "mention",
)
"""`key_block`: a whole public key, `value` its mended armor. `key_block_cut`: one that is cut or
damaged, named and never parsed. `signed_message`: a whole clear-signed message with its signature,
`value` its mended form where it was damaged. `signature`: an armored signature, also the one of a
signed message. `fingerprint`: 40 or 16 hex digits, 8 after 0x. `email`, `onion`, `link`: in lower
case. `wallet`: an address whose checksum holds. `contact`: `MESSENGER:name`. `mention`: a handle of
the corpus, in lower case."""

ARMOR_KINDS = (
    "key_block",
    "key_block_cut",
    "private_key_block",
    "signature",
    "encrypted_message",
)
"""Kinds that are base64 and headers: nothing within them is text."""


class Finder(NamedTuple):
    """How one family of spans is found: which texts may hold one, and where in a text they are."""

    hint: str
    find: Callable[[str], Iterator[Found]]


FINDERS = (
    Finder("BEGIN PGP ", find_armor),
    Finder(FINGERPRINT_HINT, find_fingerprints),
    Finder("@", find_emails),
    Finder(r"(?i)\.onion", find_onions),
    Finder(r"(?i)https?://|www\.", find_links),
    Finder(WALLET_HINT, find_wallets),
    Finder(CONTACT_HINT, find_contacts),
)


def extract(texts: pl.Series, handles: pl.Series | None = None) -> pl.DataFrame:
    """The spans of n texts.

    Args:
        texts: n texts, without nulls.
        handles: handles to look for as mentions; None looks for none.

    Returns:
        `corpus.SPAN_COLUMNS`, sorted by (text, start, end, kind). Spans of different kinds may
        overlap (an onion within a link); nothing is reported from within armor, and no e-mail
        address from within a contact.
    """
    mentions = find_mentions(texts, pl.Series([], dtype=pl.String) if handles is None else handles)
    spans = pl.concat(
        [
            *(_found(texts, finder) for finder in FINDERS),
            mentions.select("text", pl.lit("mention").alias("kind"), "start", "end", "value"),
        ]
    )
    spans = _outside(spans, ARMOR_KINDS, pl.lit(value=True))
    spans = _outside(spans, ("contact",), pl.col("kind") == "email")
    return (
        _with_quoted(spans, texts).select(SPAN_COLUMNS.names()).sort("text", "start", "end", "kind")
    )


def _found(texts: pl.Series, finder: Finder) -> pl.DataFrame:
    rows = [
        (number, *found)
        for number, text in _hinted(texts, finder.hint)
        for found in finder.find(text)
    ]
    schema = {name: SPAN_COLUMNS[name] for name in ("text", "kind", "start", "end", "value")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _hinted(texts: pl.Series, hint: str) -> Iterator[tuple[int, str]]:
    places = texts.str.contains(hint).arg_true()
    return zip(places.to_list(), texts.gather(places).to_list(), strict=True)


def _outside(spans: pl.DataFrame, covers: tuple[str, ...], which: pl.Expr) -> pl.DataFrame:
    """Without the spans of other kinds, `which` among them, that touch a span of `covers`."""
    kind = pl.col("kind")
    hit = touching(spans, spans.filter(kind.is_in(covers)))
    other = ~kind.is_in([*covers, "signed_message"])
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
