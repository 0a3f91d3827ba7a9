"""A bounded walk over the packets of an OpenPGP key block (RFC 4880, RFC 9580), without crypto.

What is read here is what the block says; whether a signature holds, only gpg can tell
(`features.keys.verify`). A block past the bounds, or with a packet that no exported public key
has, is refused whole: its flaws say why.
"""

from binascii import Error, a2b_base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from evidence.spans.armor import unwrap
from features.keys.packet_fields import Signature, crc24, fingerprint, key_id, signature

MAX_BLOCK_CHARS = 256 * 1024
MAX_PACKETS = 2_000
MAX_USER_IDS = 64

SIGNATURE, PUBLIC_KEY, USER_ID, SUBKEY = 2, 6, 13, 14
PASSED_OVER = (10, 12, 17, 21)
"""Marker, trust, user attribute, padding."""
CERTIFICATIONS = range(0x10, 0x14)


class UserId(NamedTuple):
    """A user id and whether its own key seems to have signed it (the signature is not checked)."""

    text: str
    self_signed: bool


@dataclass(frozen=True)
class PublicKey:
    """One primary key of a block with what belongs to it.

    Attributes:
        fingerprint: upper-case hex, 32 digits for version 3, 40 for 4, 64 for 6.
        key_id: its 16 hex digits.
        algorithm: number of the public-key algorithm (RFC 9580, section 9.1).
        created_at: seconds since 1970.
        user_ids: in order.
        subkeys: fingerprints, in order.
        signatures: of all kinds, in order.
    """

    version: int
    fingerprint: str
    key_id: str
    algorithm: int
    created_at: int
    user_ids: tuple[UserId, ...] = ()
    subkeys: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


class Walked(NamedTuple):
    """The keys of a block and its flaws; a refused block has no keys and one flaw."""

    keys: tuple[PublicKey, ...]
    flaws: tuple[str, ...]


class Packet(NamedTuple):
    """Tag and body of a packet."""

    tag: int
    body: bytes


class Refused(ValueError):
    """The block is not walked; the message says why."""


def walk_keys(armor: str) -> Walked:
    """The public keys in one armored block; never raises, whatever the block holds."""
    try:
        octets, flaws = _octets(armor)
        return Walked(tuple(_keys(list(walk(octets)))), flaws)
    except Refused as refused:
        return Walked((), (str(refused),))


def walk_signatures(armor: str) -> tuple[Signature, ...]:
    """The signatures in one armored signature; empty where it cannot be read."""
    try:
        packets = list(walk(_octets(armor)[0]))
        return tuple(_signature(packet) for packet in packets if packet.tag == SIGNATURE)
    except Refused:
        return ()


def walk(octets: bytes) -> Iterator[Packet]:
    """The packets of a block, header by header (RFC 9580, section 4.2).

    Raises:
        Refused: a header is wrong, a packet is cut, or there are more than `MAX_PACKETS`.
    """
    place, count = 0, 0
    while place < len(octets):
        count += 1
        if count > MAX_PACKETS:
            raise Refused(f"more than {MAX_PACKETS} packets")
        if not octets[place] & 0x80:
            raise Refused(f"no packet begins at byte {place}")
        try:
            tag, start, size = _header(octets, place)
        except IndexError:
            raise Refused(f"cut inside the packet header at byte {place}") from None
        place = start + size
        if place > len(octets):
            raise Refused(f"cut: packet {count} needs {place - len(octets)} more bytes")
        yield Packet(tag, octets[start:place])


def _octets(armor: str) -> tuple[bytes, tuple[str, ...]]:
    if len(armor) > MAX_BLOCK_CHARS:
        raise Refused(f"larger than {MAX_BLOCK_CHARS // 1024} kB")
    armored = unwrap(armor)
    if armored is None:
        raise Refused("the body is not whole base64")
    body, checksum = armored
    try:
        octets = a2b_base64(body, strict_mode=True)
    except Error as error:
        raise Refused(f"the body is not base64: {error}") from None
    wrong = checksum is not None and a2b_base64(checksum[1:]) != crc24(octets).to_bytes(3, "big")
    return octets, ("wrong checksum",) if wrong else ()


def _header(octets: bytes, place: int) -> tuple[int, int, int]:
    """Tag, start and size of the body of the packet at `place`."""
    first = octets[place]
    if not first & 0x40:
        width = 1 << (first & 3)
        if width == 8:
            raise Refused("a packet of unknown length")
        start = place + 1 + width
        octets[start - 1]
        return first >> 2 & 15, start, int.from_bytes(octets[place + 1 : start], "big")
    size = octets[place + 1]
    if size < 192:
        return first & 63, place + 2, size
    if size < 224:
        return first & 63, place + 3, (size - 192 << 8) + octets[place + 2] + 192
    if size < 255:
        raise Refused("a packet in parts")
    octets[place + 5]
    return first & 63, place + 6, int.from_bytes(octets[place + 2 : place + 6], "big")


def _keys(packets: list[Packet]) -> Iterator[PublicKey]:
    shown = [packet for packet in packets if packet.tag not in PASSED_OVER]
    strange = {packet.tag for packet in shown} - {SIGNATURE, PUBLIC_KEY, USER_ID, SUBKEY}
    if strange:
        raise Refused(f"a packet that public keys do not have (tag {min(strange)})")
    if sum(packet.tag == USER_ID for packet in shown) > MAX_USER_IDS:
        raise Refused(f"more than {MAX_USER_IDS} user ids")
    if not shown or shown[0].tag != PUBLIC_KEY:
        raise Refused("does not begin with a public key")
    starts = [place for place, packet in enumerate(shown) if packet.tag == PUBLIC_KEY]
    for start, end in zip(starts, [*starts[1:], len(shown)], strict=True):
        yield _key(shown[start:end])


def _key(packets: list[Packet]) -> PublicKey:
    body = packets[0].body
    own_fingerprint = _readable(fingerprint, body)
    own_id = _readable(key_id, body)
    names: list[UserId] = []
    subkeys, signatures = [], []
    for packet in packets[1:]:
        if packet.tag == USER_ID:
            names.append(UserId(packet.body.decode("utf-8", "replace"), self_signed=False))
        elif packet.tag == SUBKEY:
            subkeys.append(_readable(fingerprint, packet.body))
        else:
            made = _signature(packet)
            signatures.append(made)
            own = made.kind in CERTIFICATIONS and {own_id, own_fingerprint} & set(made.issuers)
            if own and names and not subkeys:
                names[-1] = names[-1]._replace(self_signed=True)
    return PublicKey(
        version=body[0],
        fingerprint=own_fingerprint,
        key_id=own_id,
        algorithm=body[7] if body[0] < 4 else body[5],
        created_at=int.from_bytes(body[1:5], "big"),
        user_ids=tuple(names),
        subkeys=tuple(subkeys),
        signatures=tuple(signatures),
    )


def _readable(field: Callable[[bytes], str], body: bytes) -> str:
    try:
        return field(body)
    except (ValueError, StopIteration) as error:
        raise Refused(f"a key that cannot be read: {error}") from None


def _signature(packet: Packet) -> Signature:
    try:
        return signature(packet.body)
    except (IndexError, ValueError) as error:
        raise Refused(f"a signature that cannot be read: {error}") from None
