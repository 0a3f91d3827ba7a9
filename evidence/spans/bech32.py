"""Segwit addresses: bech32 (BIP 173) for version 0, bech32m (BIP 350) for the later ones."""

from collections.abc import Collection

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
BECH32_CONSTANT, BECH32M_CONSTANT = 1, 0x2BC830A3
MAX_CHARS, CHECKSUM_CHARS = 90, 6


def is_segwit(address: str, prefixes: Collection[str]) -> bool:
    """Is it a segwit address under one of the human-readable prefixes, its checksum right?

    Lower or upper case, never mixed; 20 or 32 bytes in version 0, 2 to 40 in versions 1 to 16.
    """
    prefix, _, letters = address.lower().rpartition("1")
    one_case = address in (address.lower(), address.upper())
    if prefix not in prefixes or not one_case or len(address) > MAX_CHARS:
        return False
    data = [ALPHABET.find(letter) for letter in letters]
    if -1 in data or len(data) <= CHECKSUM_CHARS:
        return False
    constant = BECH32M_CONSTANT if data[0] else BECH32_CONSTANT
    return _is_program(data) and _polymod([*_expanded(prefix), *data]) == constant


def _is_program(data: list[int]) -> bool:
    """Are version and length allowed, and the bits beyond whole bytes few and zero?"""
    version, words = data[0], data[1:-CHECKSUM_CHARS]
    size, spare = divmod(5 * len(words), 8)
    fits = size in (20, 32) if version == 0 else 2 <= size <= 40
    return version <= 16 and fits and spare < 5 and not words[-1] & ((1 << spare) - 1)


def _expanded(prefix: str) -> list[int]:
    codes = [ord(letter) for letter in prefix]
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum
