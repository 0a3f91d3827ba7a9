"""OpenPGP keys and messages from a seed: the same seed, the same bytes, and signatures that hold.

Version 4 packets with Ed25519 as GnuPG writes them (RFC 9580, sections 4, 5.2.3 and 5.5.2.2), in
armor with a checksum, without which GnuPG 2.2 stumbles. A key only signs: it has no subkey.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha1, sha256

from world.ed25519 import public_key, sign

EDDSA, SHA256 = 22, 8
CURVE = bytes.fromhex("092b06010401da470f01")
PUBLIC_KEY, USER_ID, SIGNATURE = 6, 13, 2
TEXT, CERTIFIED, SELF_CERTIFIED = 0x01, 0x10, 0x13
CREATED_AT, KEY_FLAGS, ISSUER, ISSUER_FINGERPRINT = 2, 27, 16, 33
MAY_CERTIFY_AND_SIGN = b"\x03"
ARMOR_WIDTH = 64
CRC24_START, CRC24_GENERATOR = 0xB704CE, 0x1864CFB


@dataclass(frozen=True)
class SigningKey:
    """A key of an invented person: 32 secret bytes, a user id, and when it was created."""

    seed: bytes
    user_id: str
    created_at: datetime

    @cached_property
    def fingerprint(self) -> str:
        """40 hex digits in capitals (RFC 9580, section 5.5.4.2)."""
        return sha1(_framed(self.body), usedforsecurity=False).hexdigest().upper()

    @cached_property
    def body(self) -> bytes:
        """What its public key packet holds."""
        point = _integer(b"\x40" + self._public)
        return b"\x04" + _seconds(self.created_at) + bytes([EDDSA]) + CURVE + point

    @cached_property
    def _public(self) -> bytes:
        return public_key(self.seed)

    def block(self, certified_by: Sequence["Certification"] = ()) -> str:
        """The armored public key with its self-signature, and what others certify of it."""
        own = Certification(self, self.created_at)
        return _armored(
            "PUBLIC KEY BLOCK",
            _packet(PUBLIC_KEY, self.body)
            + _packet(USER_ID, self.user_id.encode())
            + b"".join(each.packet(self) for each in (own, *certified_by)),
        )

    def sign(self, text: str, at: datetime) -> str:
        """The text clear-signed at that time (RFC 9580, section 7)."""
        lines = [line.rstrip(" \t\r") for line in text.split("\n")]
        packet = self.signature(TEXT, "\r\n".join(lines).encode(), at)
        shown = "\n".join("- " + line if line.startswith("-") else line for line in lines)
        begin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        return f"{begin}{shown}\n{_armored('SIGNATURE', packet)}"

    def signature(self, kind: int, content: bytes, at: datetime) -> bytes:
        """A signature packet over content, made at that time (RFC 9580, section 5.2.3)."""
        print_bytes = bytes.fromhex(self.fingerprint)
        facts = _subpacket(CREATED_AT, _seconds(at))
        facts += _subpacket(ISSUER_FINGERPRINT, b"\x04" + print_bytes)
        if kind == SELF_CERTIFIED:
            facts += _subpacket(KEY_FLAGS, MAY_CERTIFY_AND_SIGN)
        hashed = bytes([4, kind, EDDSA, SHA256]) + len(facts).to_bytes(2, "big") + facts
        trailer = b"\x04\xff" + len(hashed).to_bytes(4, "big")
        digest = sha256(content + hashed + trailer).digest()
        made = sign(self.seed, self._public, digest)
        issuer = _subpacket(ISSUER, print_bytes[-8:])
        numbers = _integer(made[:32]) + _integer(made[32:])
        unhashed = len(issuer).to_bytes(2, "big") + issuer
        return _packet(SIGNATURE, hashed + unhashed + digest[:2] + numbers)


@dataclass(frozen=True)
class Certification:
    """Whose key says, and when, that a key belongs to the name on it (RFC 9580, 5.2.1.4)."""

    by: SigningKey
    at: datetime

    def packet(self, key: SigningKey) -> bytes:
        """The signature over a key and its user id; the key's own where it is the signer."""
        name = key.user_id.encode()
        content = _framed(key.body) + b"\xb4" + len(name).to_bytes(4, "big") + name
        kind = SELF_CERTIFIED if self.by == key else CERTIFIED
        return self.by.signature(kind, content, self.at)


def _framed(body: bytes) -> bytes:
    return b"\x99" + len(body).to_bytes(2, "big") + body


def _seconds(at: datetime) -> bytes:
    return int(at.timestamp()).to_bytes(4, "big")


def _integer(content: bytes) -> bytes:
    """A multiprecision integer: its length in bits, then its bytes without leading zeros."""
    number = int.from_bytes(content, "big")
    bits = number.bit_length()
    return bits.to_bytes(2, "big") + number.to_bytes((bits + 7) // 8, "big")


def _subpacket(kind: int, content: bytes) -> bytes:
    return bytes([len(content) + 1, kind]) + content


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag]) + _length(len(body)) + body


def _length(size: int) -> bytes:
    """The length of a packet below 8,384 bytes (RFC 9580, section 4.2.1)."""
    if size < 192:
        return bytes([size])
    return bytes([(size - 192 >> 8) + 192, size - 192 & 255])


def _armored(name: str, content: bytes) -> str:
    body = b64encode(content).decode()
    lines = [body[start : start + ARMOR_WIDTH] for start in range(0, len(body), ARMOR_WIDTH)]
    check = "=" + b64encode(_checksum(content)).decode()
    edges = (f"-----BEGIN PGP {name}-----", f"-----END PGP {name}-----")
    return "\n".join([edges[0], "", *lines, check, edges[1]])


def _checksum(content: bytes) -> bytes:
    """CRC-24 (RFC 9580, section 6.1.1)."""
    remainder = CRC24_START
    for byte in content:
        remainder ^= byte << 16
        for _ in range(8):
            remainder <<= 1
            remainder ^= CRC24_GENERATOR * (remainder >> 24)
    return remainder.to_bytes(3, "big")
