"""Perceptual hashes of pictures, as imagehash has them: many pictures and all ways up at once."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

LOW = 8
WAYS_UP = 8
"""How a picture can lie: as it is, turned by 90, 180 and 270 degrees, and the mirror images."""


def low_waves(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The 8 x 8 lowest frequencies of n pictures, (n, 8, 8), from 32 x 32 grey values each."""
    if not len(pixels):
        return np.empty((0, LOW, LOW))
    down = fft.dct(pixels.astype(np.float64), axis=1)[:, :LOW]
    low: NDArray[np.float64] = fft.dct(down, axis=2)[:, :, :LOW]
    return low


def turned(waves: NDArray[np.float64], way: int) -> NDArray[np.float64]:
    """The frequencies of the pictures turned: by `way` % 4 right angles, mirrored first from 4 on.

    A cosine of odd order changes its sign in a mirror, and a quarter turn is a mirror of the
    transposed picture, so that no picture is looked at twice.
    """
    odd = np.where(np.arange(LOW) % 2, -1.0, 1.0)
    if way >= WAYS_UP // 2:
        waves = waves * odd
    for _ in range(way % 4):
        waves = waves.swapaxes(1, 2) * odd[:, None]
    return waves


def p_hashes(waves: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Which low frequencies lie above their median: pHash (Zauner 2010) as imagehash has it.

    uint64 (n,); first bit highest, as `str(imagehash.phash(...))` prints it.
    """
    low = waves.reshape(len(waves), LOW * LOW)
    return packed(low > np.median(low, axis=1, keepdims=True))


def turned_pixels(pixels: NDArray[np.uint8], way: int) -> NDArray[np.uint8]:
    """Pictures (n, height, width, …) turned, see `turned`."""
    if way >= WAYS_UP // 2:
        pixels = pixels[:, :, ::-1]
    return np.rot90(pixels, way % 4, axes=(1, 2))


def d_hashes(wide: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Where it grows lighter to the right: dHash (Krawetz 2013) as imagehash has it.

    Args:
        wide: uint8 (n, 8, 9), grey.
    """
    return packed((wide[:, :, 1:] > wide[:, :, :-1]).reshape(len(wide), LOW * LOW))


def packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """64 bits a row as one number, the first the highest."""
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64).reshape(len(bits))


def hexadecimal(bits: NDArray[np.uint64]) -> list[str]:
    """The hashes as 16 hex digits each."""
    return [f"{value:016x}" for value in bits.tolist()]
