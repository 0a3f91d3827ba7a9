"""What stands in OpenPGP blocks (RFC 4880, RFC 9580), read within bounds and without crypto.

What is read here is what the block says; whether a signature holds, only gpg can tell
(`features.keys.verify`). A block past the bounds, or with a packet that no exported public key
has, is refused whole: its flaws say why.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evidence.spans.armor import QUOTE_PREFIX
from evidence.spans.armor_damage import MARKER, unescaped
from features.keys.packet_walk import (
    MAX_BLOCK_CHARS,
    MAX_PACKETS,
    PASSED_OVER,
    PUBLIC_KEY,
    SESSION_KEY,
    SIGNATURE,
    SUBKEY,
    USER_ATTRIBUTE,
    USER_ID,
    Packet,
    Refused,
    octets_of,
    walk,
)
from features.keys.public_key import (
    Certification,
    PublicKey,
    Subkey,
    UserId,
    read_key,
    read_signature,
)
from features.keys.signature_fields import Signature

__all__ = (
    "MAX_BLOCK_CHARS",
    "MAX_PACKETS",
    "MAX_USER_IDS",
    "ArmorHeaders",
    "Certification",
    "Packet",
    "PublicKey",
    "Recipients",
    "Refused",
    "Signature",
    "Subkey",
    "UserId",
    "Walked",
    "armor_headers",
    "refusals",
    "split_keys",
    "walk",
    "walk_keys",
    "walk_recipients",
    "walk_signatures",
)

MAX_USER_IDS = 64
OF_KEYS = frozenset({SIGNATURE, PUBLIC_KEY, USER_ID, SUBKEY, USER_ATTRIBUTE})
NOBODY = "0" * 16
"""The key id of a recipient who is not to be known."""

HEADER_CHARS = 2_000
"""Headers stand at the top of a block; no more of it is looked at."""
HEADER_VALUE_CHARS = 200
HEADER = re.compile(r"\b(Version|Comment): *([^\n]*?)(?= *(?:\n|$| (?:Version|Comment): ))")
FIRST_BODY_LINE = re.compile(r"(?<!\S)[A-Za-z0-9+/]{40}")


class Walked(NamedTuple):
    """The keys of a block and its flaws; a refused block has no keys and one flaw."""

    keys: tuple[PublicKey, ...]
    flaws: tuple[str, ...]


class Recipients(NamedTuple):
    """For whom a message is encrypted.

    ids: key ids (16 digits, version 3) and fingerprints (version 6) of their subkeys, as the
    message names them. hidden_count: recipients whom it does not name. flaws: why there are none.
    """

    ids: tuple[str, ...]
    hidden_count: int
    flaws: tuple[str, ...] = ()


class ArmorHeaders(NamedTuple):
    """What the program that made a block says of itself; None and empty where it says nothing."""

    version: str | None
    comments: tuple[str, ...]


def walk_keys(armor: str) -> Walked:
    """The public keys in one armored block; never raises, whatever the block holds."""
    try:
        octets, flaws = octets_of(armor)
        return Walked(tuple(read_key(packets) for packets in split_keys(octets)), flaws)
    except Refused as refused:
        return Walked((), (str(refused),))


def walk_signatures(armor: str) -> tuple[Signature, ...]:
    """The signatures in one armored signature; empty where it cannot be read."""
    try:
        packets = list(walk(octets_of(armor)[0]))
        return tuple(read_signature(packet) for packet in packets if packet.tag == SIGNATURE)
    except Refused:
        return ()


def walk_recipients(armor: str) -> Recipients:
    """For whom one armored encrypted message is; never raises, whatever it holds."""
    named: list[str] = []
    flaws: tuple[str, ...] = ()
    try:
        for packet in walk(octets_of(armor)[0]):
            if packet.tag == SESSION_KEY:
                named.append(_recipient(packet.body))
    except Refused as refused:
        flaws = () if named else (str(refused),)
    ids = tuple(dict.fromkeys(name for name in named if name != NOBODY))
    return Recipients(ids, named.count(NOBODY), flaws)


def armor_headers(raw: str) -> ArmorHeaders:
    """The headers of an armored block (RFC 9580, section 6.2.2.1), quoted, indented or on one line.

    Args:
        raw: the block as it stands in its text (mended blocks have lost their headers), from its
            BEGIN marker.
    """
    head = FIRST_BODY_LINE.split(unescaped(raw[:HEADER_CHARS]), maxsplit=1)[0]
    top = QUOTE_PREFIX.sub("", MARKER.sub("\n", head))
    found: dict[str, list[str]] = {"Version": [], "Comment": []}
    for name, value in HEADER.findall(top):
        found[name].append(value.strip()[:HEADER_VALUE_CHARS])
    versions = found["Version"]
    return ArmorHeaders(versions[0] if versions else None, tuple(found["Comment"]))


def refusals(walked: Iterable[Walked]) -> dict[str, int]:
    """How many blocks were refused for which reason, the reasons sorted, without their details."""
    reasons = [block.flaws[0].split(":")[0] for block in walked if not block.keys and block.flaws]
    return dict(sorted(Counter(reasons).items()))


def split_keys(octets: bytes) -> Iterator[list[Packet]]:
    """The packets of one primary key after the other, without those that say nothing.

    Raises:
        Refused: past the bounds, or not public keys.
    """
    shown = [packet for packet in walk(octets) if packet.tag not in PASSED_OVER]
    strange = {packet.tag for packet in shown} - OF_KEYS
    if strange:
        raise Refused(f"a packet that public keys do not have (tag {min(strange)})")
    if sum(packet.tag == USER_ID for packet in shown) > MAX_USER_IDS:
        raise Refused(f"more than {MAX_USER_IDS} user ids")
    if not shown or shown[0].tag != PUBLIC_KEY:
        raise Refused("does not begin with a public key")
    starts = [place for place, packet in enumerate(shown) if packet.tag == PUBLIC_KEY]
    for start, end in zip(starts, [*starts[1:], len(shown)], strict=True):
        yield shown[start:end]


def _recipient(body: bytes) -> str:
    """Whom a session key is for (RFC 9580, section 5.1): a key id or a fingerprint.

    Raises:
        Refused: of an unknown version, or cut.
    """
    if len(body) >= 10 and body[0] in (2, 3):
        return body[1:9].hex().upper()
    if len(body) >= 3 and body[0] == 6 and len(body) > body[1] + 1:
        return body[3 : 2 + body[1]].hex().upper() or NOBODY
    raise Refused("a session key that cannot be read")
