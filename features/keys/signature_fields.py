"""The insides of signature packets (RFC 9580, section 5.2): what a signature says of itself."""

from collections.abc import Iterator
from typing import NamedTuple

MADE_AT, LIFETIME, KEY_LIFETIME, ISSUER_ID, REASON, ISSUER_FINGERPRINT = 2, 3, 9, 16, 29, 33

CERTIFICATIONS = range(0x10, 0x14)
SUBKEY_BINDING, DIRECT = 0x18, 0x1F
KEY_REVOCATION, SUBKEY_REVOCATION, CERTIFICATION_REVOCATION = 0x20, 0x28, 0x30


class Signature(NamedTuple):
    """What a signature says of itself; whether it is true, only GnuPG can tell.

    kind: its type (RFC 9580, section 5.2.1). issuers: key ids and fingerprints it names, in upper
    case. made_at: seconds since 1970. key_lifetime_s: how long the key lives that it is about,
    from when that was made. reason: code of a revocation (0 none, 1 superseded, 2 stolen, 3 no
    longer used, 32 user id no longer right). None where it says nothing.
    """

    kind: int
    issuers: tuple[str, ...]
    made_at: int | None
    key_lifetime_s: int | None = None
    reason: int | None = None


def signature(body: bytes) -> Signature:
    """A signature packet of version 3, 4 or 6.

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
    fields = list(_subpackets(hashed))
    said = dict(reversed(fields))
    fields += _subpackets(_area(rest, width)[0])
    return Signature(
        kind=body[1],
        issuers=_issuers(fields),
        made_at=_number(said.get(MADE_AT)),
        key_lifetime_s=_number(said.get(KEY_LIFETIME)),
        reason=_number(said.get(REASON, b"")[:1]),
    )


def _issuers(fields: list[tuple[int, bytes]]) -> tuple[str, ...]:
    named = [value for tag, value in fields if tag == ISSUER_ID]
    named += [value[1:] for tag, value in fields if tag == ISSUER_FINGERPRINT]
    return tuple(dict.fromkeys(issuer.hex().upper() for issuer in named))


def _number(octets: bytes | None) -> int | None:
    return int.from_bytes(octets, "big") if octets else None


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
