"""Clear-signed messages that accounts published as their own words, and which keys signed them."""

import re
from typing import NamedTuple

import polars as pl

from evidence.corpus import Corpus
from evidence.recall import Recall
from evidence.spans.armor import unwrap
from features.keys.displays import Displays
from features.keys.packets import walk_signatures
from features.keys.verify import Claim, verify

MESSAGE = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:Hash: [^\n]*\n)*[ \t]*\r?\n"
    r"(?P<words>.*?)\r?\n?(?P<signature>-----BEGIN PGP SIGNATURE-----.*)",
    re.DOTALL,
)


class Message(NamedTuple):
    """A clear-signed message that an account published outside quotations.

    `text` is the row of the corpus's texts, `words` what is signed, without dash-escapes.
    """

    account: int
    text: int
    raw: str
    words: str
    signature: str
    """The base64 of the signature: equal for replays of one message."""
    signers: tuple[int, ...]
    """Keys of the corpus that validly signed it, ascending."""


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
        keys = sorted({key for name in issuers for key in holders.get(name, ())})
        if keys:
            words = _unescaped(parsed["words"])
            found.append(Message(row["account"], row["text"], raw, words, armored[0], tuple(keys)))
    return found


def _unescaped(words: str) -> str:
    """The signed words without dash-escapes (RFC 9580, section 7.2)."""
    return re.sub(r"^- ", "", words, flags=re.MULTILINE)


def _signers(
    published: list[Message], displays: Displays, recall: Recall
) -> dict[str, tuple[int, ...]]:
    numbers = {key.fingerprint: number for number, key in enumerate(displays.keys)}
    candidates = {one.raw: one.signers for one in published}
    claims = [
        Claim(message, tuple(armor for key in keys for armor in displays.keys[key].armors))
        for message, keys in sorted(candidates.items())
    ]
    verdicts = verify(claims, recall)
    return {
        claim.message: tuple(sorted(numbers[signer] for signer in signers & numbers.keys()))
        for claim, signers in zip(claims, verdicts, strict=True)
    }
