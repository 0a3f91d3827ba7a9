"""Coin addresses whose checksum holds. Armor and links are full of strings that only look alike."""

import re
from collections.abc import Iterator
from hashlib import sha256

from evidence.armor import Found
from evidence.keccak import keccak_256

WALLET_HINT = (
    r"[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?i:bc1)[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71}"
    r"|[48][1-9A-HJ-NP-Za-km-z]{94}"
)
ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<base58>[13][1-9A-HJ-NP-Za-km-z]{25,34})"
    r"|(?P<bech32>bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})"
    r"|(?P<monero>[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?))(?![A-Za-z0-9])"
)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BITCOIN_VERSIONS = (0, 5)
MONERO_TAGS = (18, 19, 42)
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
MONERO_BLOCK_BYTES = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}
BECH32_CONSTANT, BECH32M_CONSTANT = 1, 0x2BC830A3


def find_wallets(text: str) -> Iterator[Found]:
    """Bitcoin (base58check, bech32, bech32m) and Monero addresses with a right checksum."""
    valid = {"base58": is_base58check, "bech32": is_segwit, "monero": is_monero}
    for found in ADDRESS.finditer(text):
        form = str(found.lastgroup)
        if valid[form](found[0]):
            value = found[0].lower() if form == "bech32" else found[0]
            yield Found("wallet", found.start(), found.end(), value)


def is_base58check(address: str) -> bool:
    """Is it a main-net Bitcoin address of the old form (25 bytes, double SHA-256 checksum)?"""
    number = 0
    for letter in address:
        number = number * 58 + BASE58.index(letter)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    leading = len(address) - len(address.lstrip("1"))
    digest = sha256(sha256(raw[:21]).digest()).digest()
    return zeros == leading and raw[0] in BITCOIN_VERSIONS and raw[21:] == digest[:4]


def is_segwit(address: str) -> bool:
    """Is it a main-net segwit address: version 0 in bech32 (BIP 173), others in bech32m (350)?"""
    data = [BECH32.index(letter) for letter in address.lower()[3:]]
    version, program_bits = data[0], 5 * (len(data) - 7)
    constant = BECH32_CONSTANT if version == 0 else BECH32M_CONSTANT
    size, spare = divmod(program_bits, 8)
    fits = size in (20, 32) if version == 0 else 2 <= size <= 40
    padding = data[-7] & ((1 << spare) - 1) if spare else 0
    sound = version <= 16 and fits and spare < 5 and not padding
    return sound and _bech32_polymod([3, 3, 0, 2, 3, *data]) == constant


def is_monero(address: str) -> bool:
    """Is it a main-net Monero address (standard, integrated, sub) with its Keccak checksum?"""
    raw = b""
    for start in range(0, len(address), 11):
        block, number = address[start : start + 11], 0
        for letter in block:
            number = number * 58 + BASE58.index(letter)
        size = MONERO_BLOCK_BYTES[len(block)]
        if number >> (8 * size):
            return False
        raw += number.to_bytes(size, "big")
    return raw[0] in MONERO_TAGS and keccak_256(raw[:-4])[:4] == raw[-4:]


def _bech32_polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum
