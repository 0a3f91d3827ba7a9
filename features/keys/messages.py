"""Signed messages that accounts published as their own words, and which keys signed them."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from evidence.corpus import Corpus
from evidence.recall import Recall
from evidence.spans.armor import unwrap
from evidence.spans.extraction import ARMOR_KINDS
from features.keys.displays import Displays
from features.keys.packets import walk_signatures
from features.keys.verify import SIGNATURE_EDGE, Claim, verify

MESSAGE = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:Hash: [^\n]*\n)*[ \t]*\r?\n"
    r"(?P<words>.*?)\r?\n?(?P<signature>-----BEGIN PGP SIGNATURE-----.*)",
    re.DOTALL,
)


class Message(NamedTuple):
    """A clear-signed message that an account published outside quotations, or signed words.

    `text` is the row of the corpus's texts, `raw` the whole message, `words` what is signed,
    without dash-escapes.
    """

    account: int
    text: int
    raw: str
    words: str
    signature: str
    """The base64 of the signature: equal for replays of one message."""
    signers: tuple[int, ...]
    """Keys of the corpus that validly signed it, ascending."""
    detached: str | None = None
    """The armored signature that stands below the words; None where the message is clear-signed."""


def read_messages(corpus: Corpus, displays: Displays) -> tuple[Message, ...]:
    """Every message that a key of the corpus validly signed, in the order of the texts.

    Only messages whose signature names a key that the corpus holds are given to GnuPG, each once
    however often it was published.

    Raises:
        MissingProgram: there are such messages and GnuPG does not run.
    """
    published = _published(corpus, displays)
    signers = _signers(published, displays, corpus.recall)
    signed = (one._replace(signers=signers[one.raw]) for one in published)
    return tuple(one for one in signed if one.signers)


def _published(corpus: Corpus, displays: Displays) -> list[Message]:
    """The messages with the keys that may have signed them."""
    holders: dict[str, list[int]] = {}
    for number, key in enumerate(displays.keys):
        for name in key.ids:
            holders.setdefault(name, []).append(number)
    found = []
    for one in [*_clear_signed(corpus), *_signed_below(corpus)]:
        armor = one.raw[max(one.raw.rfind(SIGNATURE_EDGE), 0) :]
        issuers = {name for made in walk_signatures(armor) for name in made.issuers}
        keys = sorted({key for name in issuers for key in holders.get(name, ())})
        if keys:
            found.append(one._replace(signers=tuple(keys)))
    return sorted(found, key=lambda one: one.text)


def _clear_signed(corpus: Corpus) -> Iterator[Message]:
    spans = corpus.spans.filter((pl.col("kind") == "signed_message") & ~pl.col("quoted"))
    for row in _with_texts(corpus, spans):
        raw = row["body"][row["start"] : row["end"]] if row["value"] is None else row["value"]
        parsed = MESSAGE.fullmatch(raw)
        armored = unwrap(parsed["signature"]) if parsed else None
        if parsed is not None and armored is not None:
            words = _unescaped(parsed["words"])
            yield Message(row["account"], row["text"], raw, words, armored[0], ())


def _signed_below(corpus: Corpus) -> Iterator[Message]:
    """The words above an armored signature, from the armor before them on, or from the beginning.

    Nobody says whether the line break at their end was signed: both are tried.
    """
    armor = corpus.spans.filter(pl.col("kind").is_in([*ARMOR_KINDS, "signed_message"]))
    signatures = armor.filter((pl.col("kind") == "signature") & ~pl.col("quoted"))
    others = armor.filter(pl.col("text").is_in(signatures["text"].unique().implode()))
    ends: dict[int, list[tuple[int, int]]] = {}
    for text, start, end, kind in others.select("text", "start", "end", "kind").iter_rows():
        if kind != "signature":
            ends.setdefault(text, []).append((start, end))
    for row in _with_texts(corpus, signatures):
        around = ends.get(row["text"], [])
        if any(start <= row["start"] < end for start, end in around):
            continue
        above = max((end for _, end in around if end <= row["start"]), default=0)
        detached = row["body"][row["start"] : row["end"]]
        armored = unwrap(detached)
        words = row["body"][above : row["start"]].strip()
        if not words or armored is None:
            continue
        for said in (words, f"{words}\n"):
            raw = f"{said}\n{detached}"
            yield Message(row["account"], row["text"], raw, said, armored[0], (), detached)


def _with_texts(corpus: Corpus, spans: pl.DataFrame) -> Iterator[dict[str, Any]]:
    texts = corpus.texts.select(
        "account", pl.col("text").alias("body"), text=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    return spans.join(texts, on="text", maintain_order="left").iter_rows(named=True)


def _unescaped(words: str) -> str:
    """The signed words without dash-escapes (RFC 9580, section 7.2)."""
    return re.sub(r"^- ", "", words, flags=re.MULTILINE)


def _signers(
    published: list[Message], displays: Displays, recall: Recall
) -> dict[str, tuple[int, ...]]:
    numbers = {key.fingerprint: number for number, key in enumerate(displays.keys)}
    messages = sorted({one.raw: one for one in published}.items())
    claims = [
        Claim(
            raw if one.detached is None else one.words,
            tuple(armor for key in one.signers for armor in displays.keys[key].armors),
            one.detached,
        )
        for raw, one in messages
    ]
    verdicts = verify(claims, recall)
    return {
        raw: tuple(sorted(numbers[signer] for signer in signers & numbers.keys()))
        for (raw, _), signers in zip(messages, verdicts, strict=True)
    }
