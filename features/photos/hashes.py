"""Perceptual hashes of pictures: imagehash's pHash, for many pictures at a time."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import fft

LOW = 8
FLAT_DEVIATION = 2.0
"""Grey levels: below it a picture shows nothing, and its hash is noise."""


@dataclass(frozen=True)
class PhotoHashes:
    """Hashes of n pictures.

    Attributes:
        bits: uint64 (n,); first bit highest, as `str(imagehash.phash(...))` prints it.
        flat: bool (n,); true where the picture is of one colour.
    """

    bits: NDArray[np.uint64]
    flat: NDArray[np.bool_]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Self:
        """Which low frequencies lie above their median: pHash (Zauner 2010) as imagehash has it.

        Args:
            pixels: uint8 (n, 32, 32), grey.
        """
        if not len(pixels):
            return cls(np.empty(0, np.uint64), np.empty(0, np.bool_))
        waves = fft.dct(fft.dct(pixels.astype(np.float64), axis=1), axis=2)
        low = waves[:, :LOW, :LOW].reshape(len(pixels), LOW * LOW)
        above = low > np.median(low, axis=1, keepdims=True)
        bits = np.packbits(above, axis=1).view(">u8")[:, 0].astype(np.uint64)
        return cls(bits, pixels.std(axis=(1, 2)) < FLAT_DEVIATION)


def hexadecimal(bits: NDArray[np.uint64]) -> list[str]:
    """The hashes as 16 hex digits each."""
    return [f"{value:016x}" for value in bits.tolist()]
