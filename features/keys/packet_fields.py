"""The insides of key packets: version, numbers, fingerprint."""

from collections.abc import Iterator
from hashlib import md5, sha1, sha256

MAX_NUMBER_BITS = 16_384
MAX_EXPONENT_BITS = 64
"""Of RSA; with more, a check of one signature may take seconds."""
MAX_GROUP_BITS = 512
"""Of the order of DSA's group, for the same reason."""

RSA, ELGAMAL, DSA = (1, 2, 3), (16, 20), (17,)
NUMBER_COUNTS = {**dict.fromkeys(RSA, 2), **dict.fromkeys(ELGAMAL, 3), **dict.fromkeys(DSA, 4)}
"""How many integers a public key of an algorithm has (RFC 9580, section 5.5.5)."""


def fingerprint(body: bytes) -> str:
    """The fingerprint of a key or subkey packet (RFC 9580, section 5.5.4), upper-case hex.

    For versions 2 and 3 the MD5 of the octets of modulus and exponent (RFC 4880, section 12.2).

    Raises:
        ValueError: the version is not 2, 3, 4 or 6, or the packet is too short.
    """
    if len(body) < 12:
        raise ValueError("a key packet that is too short")
    size = len(body)
    if body[0] in (2, 3):
        modulus, exponent = _first_two(body)
        return md5(modulus + exponent, usedforsecurity=False).hexdigest().upper()
    if body[0] == 4:
        head = b"\x99" + size.to_bytes(2, "big") if size < 1 << 16 else b""
        return sha1(head + body, usedforsecurity=False).hexdigest().upper()
    if body[0] == 6:
        return sha256(b"\x9b" + size.to_bytes(4, "big") + body).hexdigest().upper()
    raise ValueError(f"a key of version {body[0]}")


def key_id(body: bytes, whole: str) -> str:
    """The key id of a key packet whose fingerprint is `whole`: 16 upper-case hex digits."""
    if body[0] in (2, 3):
        return _first_two(body)[0][-8:].hex().upper()
    return whole[:16] if body[0] == 6 else whole[-16:]


def algorithm(body: bytes) -> int:
    """Number of the public-key algorithm (RFC 9580, section 9.1) of a packet with a fingerprint."""
    return body[7] if body[0] < 4 else body[5]


def made_at(body: bytes) -> int:
    """When the key was made, in seconds since 1970."""
    return int.from_bytes(body[1:5], "big")


def lifetime_s(body: bytes) -> int | None:
    """How long a key of version 2 or 3 says it lives (later ones say it in a signature)."""
    days = int.from_bytes(body[5:7], "big") if body[0] < 4 else 0
    return days * 86_400 or None


def size_bits(body: bytes) -> int | None:
    """How long the first number of an RSA, ElGamal or DSA key is; None for other algorithms.

    Raises:
        ValueError: a number is cut, or larger than anybody needs: such keys are made to keep
            those busy who check signatures.
    """
    kind = algorithm(body)
    count = NUMBER_COUNTS.get(kind)
    if count is None:
        return None
    start = {6: 10, 4: 6}.get(body[0], 8)
    sizes = [size for size, _ in zip(_number_bits(body[start:]), range(count), strict=False)]
    if len(sizes) < count:
        raise ValueError("its numbers are cut")
    if max(sizes) > MAX_NUMBER_BITS:
        raise ValueError(f"a number of more than {MAX_NUMBER_BITS} bits")
    if kind in RSA and sizes[1] > MAX_EXPONENT_BITS:
        raise ValueError(f"an exponent of more than {MAX_EXPONENT_BITS} bits")
    if kind in DSA and sizes[1] > MAX_GROUP_BITS:
        raise ValueError(f"a group order of more than {MAX_GROUP_BITS} bits")
    return sizes[0]


def _first_two(body: bytes) -> tuple[bytes, bytes]:
    """The octets of modulus and exponent of a key of version 2 or 3, without their lengths."""
    numbers = []
    place = 8
    for bits in _number_bits(body[8:]):
        end = place + 2 + (bits + 7) // 8
        numbers.append(body[place + 2 : end])
        place = end
        if len(numbers) == 2:
            return numbers[0], numbers[1]
    raise ValueError("its numbers are cut")


def _number_bits(octets: bytes) -> Iterator[int]:
    """How many bits each whole multi-precision integer has, one after another."""
    place = 0
    while place + 2 <= len(octets):
        bits = int.from_bytes(octets[place : place + 2], "big")
        place += 2 + (bits + 7) // 8
        if place > len(octets):
            return
        yield bits
