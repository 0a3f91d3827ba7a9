"""The insides of OpenPGP packets: fingerprints, signatures, the checksum of armor."""

from collections.abc import Iterator
from hashlib import md5, sha1, sha256
from typing import NamedTuple

MADE_AT, ISSUER_ID, ISSUER_FINGERPRINT = 2, 16, 33
CRC24_START, CRC24_POLYNOMIAL = 0xB704CE, 0x1864CFB


class Signature(NamedTuple):
    """What a signature says of itself.

    kind: its type (RFC 9580, section 5.2.1). issuers: key ids and fingerprints it names, in upper
    case. made_at: seconds since 1970, None where it says nothing.
    """

    kind: int
    issuers: tuple[str, ...]
    made_at: int | None


def fingerprint(body: bytes) -> str:
    """The fingerprint of a key or subkey packet (RFC 9580, section 5.5.4), upper-case hex.

    Raises:
        ValueError: the version is not 2, 3, 4 or 6, or the packet is too short.
    """
    if len(body) < 12:
        raise ValueError("a key packet that is too short")
    size = len(body)
    if body[0] in (2, 3):
        modulus, exponent = list(_integers(body[8:]))[:2]
        return md5(modulus + exponent, usedforsecurity=False).hexdigest().upper()
    if body[0] == 4:
        head = b"\x99" + size.to_bytes(2, "big") if size < 1 << 16 else b""
        return sha1(head + body, usedforsecurity=False).hexdigest().upper()
    if body[0] == 6:
        return sha256(b"\x9b" + size.to_bytes(4, "big") + body).hexdigest().upper()
    raise ValueError(f"a key of version {body[0]}")


def key_id(body: bytes) -> str:
    """The key id of a key packet: 16 upper-case hex digits. Raises as `fingerprint` does."""
    if body[0] in (2, 3):
        modulus = next(iter(_integers(body[8:])))
        return modulus[-8:].hex().upper()
    whole = fingerprint(body)
    return whole[:16] if body[0] == 6 else whole[-16:]


def signature(body: bytes) -> Signature:
    """A signature packet of version 3, 4 or 6 (RFC 9580, section 5.2).

    Raises:
        ValueError, IndexError: another version, or cut.
    """
    if body[0] in (2, 3):
        if len(body) < 15:
            raise ValueError("too short")
        return Signature(body[2], (body[7:15].hex().upper(),), int.from_bytes(body[3:7], "big"))
    if body[0] not in (4, 6):
        raise ValueError(f"version {body[0]}")
    width = 2 if body[0] == 4 else 4
    hashed, rest = _area(body[4:], width)
    unhashed, _ = _area(rest, width)
    fields = [*_subpackets(hashed), *_subpackets(unhashed)]
    times = [int.from_bytes(value, "big") for tag, value in _subpackets(hashed) if tag == MADE_AT]
    issuers = [value for tag, value in fields if tag == ISSUER_ID]
    issuers += [value[1:] for tag, value in fields if tag == ISSUER_FINGERPRINT]
    named = tuple(dict.fromkeys(issuer.hex().upper() for issuer in issuers))
    return Signature(body[1], named, times[0] if times else None)


def crc24(octets: bytes) -> int:
    """The checksum of armor (RFC 9580, section 6.1.1)."""
    crc = CRC24_START
    for octet in octets:
        crc = (crc << 8 ^ CRC24_TABLE[crc >> 16 ^ octet]) & 0xFFFFFF
    return crc


def _crc24_of(octet: int) -> int:
    crc = octet << 16
    for _ in range(8):
        crc = crc << 1 ^ (CRC24_POLYNOMIAL if crc & 0x800000 else 0)
    return crc


CRC24_TABLE = tuple(_crc24_of(octet) for octet in range(256))


def _integers(octets: bytes) -> Iterator[bytes]:
    """The multi-precision integers one after another, without their lengths."""
    place = 0
    while place + 2 <= len(octets):
        size = (int.from_bytes(octets[place : place + 2], "big") + 7) // 8
        yield octets[place + 2 : place + 2 + size]
        place += 2 + size


def _area(octets: bytes, width: int) -> tuple[bytes, bytes]:
    """A counted area of subpackets and what follows it."""
    end = width + int.from_bytes(octets[:width], "big")
    if len(octets) < max(end, width):
        raise ValueError("cut in its subpackets")
    return octets[width:end], octets[end:]


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each subpacket (RFC 9580, section 5.2.3.7); the critical bit is dropped."""
    place = 0
    while place < len(area):
        size, start = area[place], place + 1
        if 192 <= size < 255:
            size, start = (size - 192 << 8) + area[place + 1] + 192, place + 2
        elif size == 255:
            size, start = int.from_bytes(area[place + 1 : place + 5], "big"), place + 5
        if not size or start + size > len(area):
            raise ValueError("cut in a subpacket")
        yield area[start] & 0x7F, area[start + 1 : start + size]
        place = start + size
