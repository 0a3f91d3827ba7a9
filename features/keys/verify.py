"""Do signed messages verify? GnuPG answers, in homes that are thrown away.

A signature counts when it was right under its key, though key or signature have expired since:
possession does not expire, and the answer must not hang on today's date. One by a revoked key does
not count, since anybody may hold that secret.
"""

from collections.abc import Sequence
from typing import NamedTuple

from evidence.recall import NoRecall, Recall
from features.keys.gnupg_home import BoundedGpg
from features.keys.packet_fields import fingerprint
from features.keys.packet_walk import SIGNATURE, Refused, octets_of, packet_of, walk
from features.keys.public_key import read_signature
from features.keys.questions import Found, Lost, Question, answers
from features.keys.signature_fields import Signature
from features.keys.slimming import Asked, primary_of, slim

KIND = "signature/1"
MAX_MESSAGE_BYTES = 1_000_000
MAX_SIGNATURES = 16
LITERAL, CANONICAL_TEXT = 11, 1
SIGNATURE_EDGE = "-----BEGIN PGP SIGNATURE-----"


class Claim(NamedTuple):
    """A message and the armored keys that may have signed it, those to be believed first.

    `signature`: a detached one, armored; None where the message is clear-signed.
    """

    message: str
    keys: tuple[str, ...]
    signature: str | None = None


class Verdict(NamedTuple):
    """Fingerprints (upper case) of the primary keys that validly signed, or why none could be."""

    signers: frozenset[str]
    why: str | None = None


def verify(claims: Sequence[Claim], recall: Recall | None = None) -> list[frozenset[str]]:
    """For each claim the fingerprints (upper case) of the primary keys that signed it validly.

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
    """
    return [verdict.signers for verdict in judge(claims, recall)]


def judge(claims: Sequence[Claim], recall: Recall | None = None) -> list[Verdict]:
    """For each claim who signed it validly, or why that cannot be said.

    Nothing is asked of GnuPG that it, or the bounds here, answered before (`recall`).

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
    """
    questions = [_question(claim) for claim in claims]
    asked = [one for one in questions if isinstance(one, Question)]
    found = answers(asked, KIND, recall or NoRecall(), _ask)
    return [_verdict(found[one] if isinstance(one, Question) else one) for one in questions]


def _verdict(answer: Found | Lost | str) -> Verdict:
    if isinstance(answer, str):
        return Verdict(frozenset(), answer)
    if isinstance(answer, Lost):
        return Verdict(frozenset(), answer.why)
    return Verdict(frozenset(answer))


def _question(claim: Claim) -> Question | str:
    """What GnuPG is asked, or why it is not."""
    try:
        packets, signatures = _signatures(claim)
    except Refused as refused:
        return str(refused)
    ids = frozenset(name for one in signatures for name in one.issuers)
    keys = slim(claim.keys, Asked(ids))
    if not keys:
        return "none of the keys is the one that the signature names"
    files = _files(claim, packets, signatures)
    if max(map(len, files)) > MAX_MESSAGE_BYTES:
        return f"a message of more than {MAX_MESSAGE_BYTES:,} bytes"
    return Question(keys, files)


def _signatures(claim: Claim) -> tuple[bytes, list[Signature]]:
    """The packets of a claim's signatures, and what they say.

    Raises:
        Refused: they cannot be read, there are too many, or there is something else among them.
    """
    edge = claim.message.rfind(SIGNATURE_EDGE)
    if claim.signature is None and edge < 0:
        raise Refused("no signature")
    octets, _ = octets_of(claim.message[edge:] if claim.signature is None else claim.signature)
    packets = list(walk(octets, MAX_SIGNATURES))
    if not packets or {packet.tag for packet in packets} != {SIGNATURE}:
        raise Refused("a signature with something else in it")
    return octets, [read_signature(packet) for packet in packets]


def _files(claim: Claim, packets: bytes, signatures: list[Signature]) -> tuple[bytes, ...]:
    """The message as it may have been signed: in UTF-8, or in the code page of old Windows.

    A detached signature is put before its text as a signed message is (RFC 9580, section 10.3).
    """
    texts = [claim.message.encode(encoding, "replace") for encoding in ("utf-8", "cp1252")]
    if claim.signature is not None:
        canonical = any(one.kind == CANONICAL_TEXT for one in signatures)
        texts = [packets + _literal(text, canonical=canonical) for text in texts]
    return tuple(dict.fromkeys(texts))


def _literal(text: bytes, *, canonical: bool) -> bytes:
    """A literal data packet (RFC 9580, section 5.9); canonical lines end in CR and LF."""
    lines = text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if canonical else text
    return packet_of(LITERAL, b"b\0" + bytes(4) + lines)


def _ask(gpg: BoundedGpg, questions: Sequence[Question]) -> list[Found]:
    paths = [
        [gpg.home / f"{number}-{form}.asc" for form in range(len(question.files))]
        for number, question in enumerate(questions)
    ]
    for forms, question in zip(paths, questions, strict=True):
        for path, octets in zip(forms, question.files, strict=True):
            path.write_bytes(octets)
    signers = gpg.signers_by_file([str(path) for forms in paths for path in forms])
    found = (set().union(*(signers.get(str(path), ()) for path in forms)) for forms in paths)
    asked = ({fingerprint(primary_of(key)) for key in question.keys} for question in questions)
    return [sorted(own & signed) for own, signed in zip(asked, found, strict=True)]
