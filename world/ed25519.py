"""Ed25519 signatures, after the sample code of RFC 8032, section 6: the same seed, the same bytes.

It is not made to resist an observer with a clock, and need not: the keys belong to nobody.
"""

from functools import cache, reduce
from hashlib import sha512
from itertools import accumulate, repeat

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
SCALAR_BYTES = 32

Point = tuple[int, int, int, int]
"""Extended homogeneous coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""

NEUTRAL: Point = (0, 1, 1, 0)
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte secret seed (RFC 8032, section 5.1.5)."""
    return _compressed(_times_base(_secret(seed)[0]))


def sign(seed: bytes, public: bytes, message: bytes) -> bytes:
    """The 64-byte signature of a message by a seed and its public key (RFC 8032, 5.1.6)."""
    scalar, prefix = _secret(seed)
    nonce = _number(prefix + message) % ORDER
    point = _compressed(_times_base(nonce))
    challenge = _number(point + public + message) % ORDER
    return point + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


def _secret(seed: bytes) -> tuple[int, bytes]:
    digest = sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ((1 << 254) - 8) | (1 << 254), digest[32:]


def _number(content: bytes) -> int:
    return int.from_bytes(sha512(content).digest(), "little")


def _added(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE_D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


@cache
def _multiples() -> tuple[tuple[Point, ...], ...]:
    """For each byte of a scalar, the base point times every value that the byte can have."""
    rows, unit = [], BASE
    for _ in range(SCALAR_BYTES):
        rows.append(tuple(accumulate(repeat(unit, 255), _added, initial=NEUTRAL)))
        unit = _added(rows[-1][-1], unit)
    return tuple(rows)


def _times_base(scalar: int) -> Point:
    digits = scalar.to_bytes(SCALAR_BYTES, "little")
    return reduce(_added, (row[digit] for row, digit in zip(_multiples(), digits, strict=True)))


def _compressed(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")
