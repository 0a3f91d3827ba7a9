"""A corpus without handles, keys or contacts: how good is what is left?

Every masked piece becomes the same token, whatever stood there and however long it was.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Literal, get_args

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.extraction import ARMOR_KINDS, spans_of
from evidence.spans.intervals import PLACES, merged, touching

Masked = Literal["handle", "key", "contact"]
"""What can be masked."""
MASKABLE: tuple[Masked, ...] = get_args(Masked)

MASK_TOKEN = "\u2588\u2588\u2588"
"""Stands for every masked piece; blocks, so that it is no word, no handle and no address."""

MASKED_KINDS = {
    "handle": ("mention", "handle_word"),
    "key": (*ARMOR_KINDS, "signed_message", "signed_text", "fingerprint"),
    "contact": ("email", "onion", "link", "phone", "wallet", "contact"),
}
OWN_HANDLE_MIN_CHARS = 3
FREE_TEXT = {
    "listings": ("record_id", "title", "description"),
    "posts": ("record_id", "thread", "title", "body"),
    "profiles": ("record_id", "profile"),
    "photos": ("record_id", "path"),
}
"""Columns in which anything may stand; a masked corpus has them null, its texts say the same."""


def mask(corpus: Corpus, what: Collection[Masked]) -> Corpus:
    """The corpus as it would be had its accounts hidden `what`.

    handle: no account has one; each account's own handle (from three characters on, in any case,
    also within words) and all mentions of handles are replaced. `account_id` stays, as an identity
    that no feature reads. key: key blocks, signed and encrypted messages, signatures, fingerprints
    are replaced, keys delivered as a column are dropped. contact: e-mail addresses, onions, links,
    phones, wallets and messenger names are replaced.

    Armor is no text: a handle or contact that its base64 happens to spell stays. A signed message
    in which something was replaced no longer verifies. Free text of the tables is null, so that
    `texts` is the one place to read from; spans are extracted anew from the masked texts. Tags are
    gone: they name what is masked.
    """
    if not what:
        return corpus
    hidden = corpus.accounts.with_columns(handle=pl.lit(None, pl.String))
    accounts = hidden if "handle" in what else corpus.accounts
    texts = _masked_texts(corpus, what)
    if "key" in what:
        texts = texts.filter(pl.col("ground") != "key")
    return replace(
        corpus,
        accounts=accounts,
        texts=texts,
        spans=spans_of(texts, accounts),
        listings=_without_text(corpus.listings, "listings"),
        posts=_without_text(corpus.posts, "posts"),
        profiles=_without_text(corpus.profiles, "profiles"),
        photos=_without_text(corpus.photos, "photos"),
        tags=corpus.tags.clear(),
    )


def _without_text(table: pl.DataFrame, name: str) -> pl.DataFrame:
    return table.with_columns(pl.lit(None, pl.String).alias(column) for column in FREE_TEXT[name])


def _masked_texts(corpus: Corpus, what: Collection[Masked]) -> pl.DataFrame:
    return replaced(corpus.texts, _places(corpus, what))


def replaced(texts: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """A corpus's texts with `MASK_TOKEN` at these places (`intervals.PLACES`; may overlap)."""
    joined = merged(places)
    numbers = joined["text"].unique(maintain_order=True)
    old = texts["text"].gather(numbers)
    cuts = joined.group_by("text", maintain_order=True).agg("start", "end")
    new = [
        _replaced(text, starts, ends)
        for text, starts, ends in zip(old, cuts["start"], cuts["end"], strict=True)
    ]
    masked = pl.DataFrame({"number": numbers, "masked": pl.Series(new, dtype=pl.String)})
    return (
        texts.with_row_index("number")
        .join(masked, on="number", how="left", maintain_order="left")
        .with_columns(text=pl.coalesce("masked", "text"))
        .select(texts.columns)
    )


def _replaced(text: str, starts: pl.Series, ends: pl.Series) -> str:
    kept, place = [], 0
    for start, end in zip(starts, ends, strict=True):
        kept.append(text[place:start])
        place = end
    return MASK_TOKEN.join([*kept, text[place:]])


def _places(corpus: Corpus, what: Collection[Masked]) -> pl.DataFrame:
    """What to replace, as (text, start, end); places may overlap."""
    kinds = [kind for name in what for kind in MASKED_KINDS[name]]
    spans = corpus.spans.filter(pl.col("kind").is_in(kinds)).select(*PLACES)
    if "handle" not in what:
        return spans
    own = pl.DataFrame(_own_handles(corpus), schema=PLACES, orient="row")
    armor = corpus.spans.filter(pl.col("kind").is_in(ARMOR_KINDS))
    return pl.concat([spans, own.filter(~touching(own, armor))])


def _own_handles(corpus: Corpus) -> list[tuple[int, int, int]]:
    found = []
    texts = corpus.texts["text"].to_list()
    handles = corpus.accounts["handle"].to_list()
    patterns = [
        re.compile(re.escape(handle), re.IGNORECASE)
        if handle is not None and len(handle) >= OWN_HANDLE_MIN_CHARS
        else None
        for handle in handles
    ]
    for number, account in enumerate(corpus.texts["account"].to_list()):
        pattern = patterns[account]
        if pattern is not None:
            found += [(number, *hit.span()) for hit in pattern.finditer(texts[number])]
    return found
