"""From armor to packets, within bounds (RFC 9580, sections 4.2 and 6): nothing here is trusted."""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from typing import NamedTuple

from evidence.spans.armor import unwrap
from features.keys.crc24 import crc24

MAX_BLOCK_CHARS = 256 * 1024
MAX_PACKETS = 2_000

MENDED = re.compile(
    r"-----BEGIN [A-Z ]+-----\n\n"
    r"(?P<body>(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]+={0,2})\n"
    r"(?P<checksum>=[A-Za-z0-9+/]{4}\n)?-----END [A-Z ]+-----\n"
)
"""Armor without damage and headers, as `evidence.spans.armor.mend` leaves it."""

SESSION_KEY, SIGNATURE, PUBLIC_KEY, USER_ID, SUBKEY, USER_ATTRIBUTE = 1, 2, 6, 13, 14, 17
PASSED_OVER = (10, 12, 21)
"""Marker, trust, padding."""


class Packet(NamedTuple):
    """Tag and body of a packet."""

    tag: int
    body: bytes


class Refused(ValueError):
    """The block is not walked; the message says why, what it counts behind a colon."""


def octets_of(armor: str) -> tuple[bytes, tuple[str, ...]]:
    """What an armored block holds, and its flaws: a wrong checksum is one, and no refusal.

    Raises:
        Refused: it is larger than `MAX_BLOCK_CHARS`, or no base64.
    """
    if len(armor) > MAX_BLOCK_CHARS:
        raise Refused(f"larger than {MAX_BLOCK_CHARS // 1024} kB")
    armored = _unwrapped(armor)
    if armored is None:
        raise Refused("the body is not whole base64")
    body, checksum = armored
    try:
        octets = a2b_base64(body, strict_mode=True)
    except Error as error:
        raise Refused(f"the body is not base64: {error}") from None
    wrong = checksum is not None and a2b_base64(checksum[1:]) != crc24(octets).to_bytes(3, "big")
    return octets, ("wrong checksum",) if wrong else ()


def _unwrapped(armor: str) -> tuple[str, str | None] | None:
    """Body and checksum of a block; what is mended takes no search for damage."""
    mended = MENDED.fullmatch(armor)
    if mended is None:
        return unwrap(armor)
    checksum = mended["checksum"]
    return mended["body"].replace("\n", ""), checksum and checksum.strip()


def walk(octets: bytes, most: int = MAX_PACKETS) -> Iterator[Packet]:
    """The packets of a block, header by header.

    Raises:
        Refused: a header is wrong, a packet is cut, or there are more packets than `most`.
    """
    place, count = 0, 0
    while place < len(octets):
        count += 1
        if count > most:
            raise Refused(f"more than {most} packets")
        if not octets[place] & 0x80:
            raise Refused(f"no packet begins where one should: at byte {place}")
        try:
            tag, start, size = _header(octets, place)
        except IndexError:
            raise Refused(f"cut inside a packet header: at byte {place}") from None
        place = start + size
        if place > len(octets):
            raise Refused(f"cut: packet {count} needs {place - len(octets)} more bytes")
        yield Packet(tag, octets[start:place])


def packet_of(tag: int, body: bytes) -> bytes:
    """The octets of a packet."""
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


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
