"""Base58 as coins and Bitmessage write it; each kind of address has a checksum of its own."""

from hashlib import sha256, sha512

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUE_OF = {letter: value for value, letter in enumerate(ALPHABET)}
COIN_BYTES = 25
MONERO_BLOCK_CHARS = 11
MONERO_BLOCK_BYTES = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def number_of(letters: str) -> int:
    """The number that base58 letters spell, most significant first.

    Raises:
        KeyError: a letter that base58 has not.
    """
    number = 0
    for letter in letters:
        number = number * 58 + VALUE_OF[letter]
    return number


def coin_version(address: str) -> int | None:
    """The version byte of a base58check address of 25 bytes; None where the checksum is wrong.

    Bitcoin and its kin: version, 20 bytes of hash, the first four bytes of the double SHA-256.
    """
    number = number_of(address)
    if number.bit_length() > 8 * COIN_BYTES:
        return None
    raw = number.to_bytes(COIN_BYTES, "big")
    zeros = COIN_BYTES - len(raw.lstrip(b"\0"))
    ones = len(address) - len(address.lstrip("1"))
    digest = sha256(sha256(raw[:-4]).digest()).digest()
    return raw[0] if zeros == ones and raw[-4:] == digest[:4] else None


def is_bitmessage(address: str) -> bool:
    """Does the checksum of `BM-` and base58 hold (four bytes of the double SHA-512)?"""
    number = number_of(address.removeprefix("BM-"))
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return raw[-4:] == sha512(sha512(raw[:-4]).digest()).digest()[:4]


def monero_bytes(address: str) -> bytes | None:
    """The bytes of Monero's base58, blocks of 11 letters for 8 bytes; None where one overflows."""
    raw = b""
    for start in range(0, len(address), MONERO_BLOCK_CHARS):
        block = address[start : start + MONERO_BLOCK_CHARS]
        number, size = number_of(block), MONERO_BLOCK_BYTES[len(block)]
        if number >> (8 * size):
            return None
        raw += number.to_bytes(size, "big")
    return raw
