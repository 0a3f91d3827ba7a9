"""The checksum of armor (RFC 9580, section 6.1.1), compiled: it runs over every octet."""

import numba
import numpy as np
from numpy.typing import NDArray

CRC24_START, CRC24_POLYNOMIAL = 0xB704CE, 0x1864CFB


def crc24(octets: bytes) -> int:
    """The checksum of armor (RFC 9580, section 6.1.1)."""
    return int(_crc24(np.frombuffer(octets, np.uint8), CRC24_TABLE))


@numba.njit(cache=True)
def _crc24(octets: NDArray[np.uint8], table: NDArray[np.int64]) -> int:
    crc = CRC24_START
    for octet in octets:
        crc = (crc << 8 ^ table[crc >> 16 ^ octet]) & 0xFFFFFF
    return crc


def _crc24_of(octet: int) -> int:
    crc = octet << 16
    for _ in range(8):
        crc = crc << 1 ^ (CRC24_POLYNOMIAL if crc & 0x800000 else 0)
    return crc


CRC24_TABLE = np.array([_crc24_of(octet) for octet in range(256)], np.int64)
