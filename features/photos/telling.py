"""Does a picture show enough to be known again?"""

import numpy as np
from numpy.typing import NDArray

FLAT_DEVIATION = 2.0
"""Grey levels: below it a picture shows nothing, and its hash is noise."""
ONE_WAY, MOSTLY_ONE_WAY, ONE_WAVE = 0.95, 0.6, 0.85
"""How much all slopes may lie in one direction; and how much they and the strongest wave may hold
of a picture together: from 0 to 1."""
PLAIN, POOR = 0.35, 0.7
"""Shares of one grey: above the first a picture must fit better, above the second it tells
nothing."""
LEVELS, GIVE = 256, 2


def tells(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pictures show enough to be known again, bool (n,).

    Not those of one colour, of stripes or a shade in one direction, or of a few words on a plain
    ground: their hashes are noise, or everybody's.

    Args:
        grey: (n, 32, 32).
    """
    values = grey.astype(np.float32)
    slopes, wave = one_way_shares(values), one_wave_shares(values)
    is_striped = (slopes >= ONE_WAY) | (slopes >= MOSTLY_ONE_WAY) & (wave >= ONE_WAVE)
    is_flat = values.std((1, 2)) < FLAT_DEVIATION
    tell: NDArray[np.bool_] = ~is_flat & ~is_striped & (plain_shares(grey) <= POOR)
    return tell


def one_way_shares(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much the slopes of each picture lie in one direction, from 0 to 1, float32 (n,).

    The coherence of its structure tensor (Bigün and Granlund 1987).
    """
    down = np.diff(values, axis=1)[:, :, :-1]
    across = np.diff(values, axis=2)[:, :-1, :]
    squares = [(slope * slope).mean((1, 2)) for slope in (down, across)]
    mixed = (down * across).mean((1, 2))
    shares: NDArray[np.float32] = np.hypot(squares[0] - squares[1], 2 * mixed) / (
        squares[0] + squares[1] + np.float32(1e-9)
    )
    return shares


def one_wave_shares(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of each picture's energy that its strongest wave carries, float32 (n,)."""
    side = values.shape[1]
    window = np.hanning(side).astype(np.float32)
    faded = (values - values.mean((1, 2), keepdims=True)) * window[:, None] * window
    power = np.abs(np.fft.fft2(faded)) ** 2
    power[:, 0, 0] = 0.0
    strongest = np.divmod(power.reshape(len(values), -1).argmax(1), side)
    row, column = (
        np.minimum((np.arange(side) - at[:, None]) % side, (at[:, None] - np.arange(side)) % side)
        for at in strongest
    )
    back = [
        np.minimum((np.arange(side) + at[:, None]) % side, -(np.arange(side) + at[:, None]) % side)
        for at in strongest
    ]
    near = (row[:, :, None] <= 1) & (column[:, None, :] <= 1)
    near |= (back[0][:, :, None] <= 1) & (back[1][:, None, :] <= 1)
    shares: NDArray[np.float32] = (
        (power * near).sum((1, 2)) / np.maximum(power.sum((1, 2)), 1e-9)
    ).astype(np.float32)
    return shares


def plain_shares(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The share of each picture that is of one grey, give or take two levels, float32 (n,)."""
    cells = grey.reshape(len(grey), -1).astype(np.intp)
    width = LEVELS + 2 * GIVE
    places = np.arange(len(grey))[:, None] * width + cells + GIVE
    counts = np.bincount(places.ravel(), minlength=len(grey) * width).reshape(len(grey), width)
    windows = np.lib.stride_tricks.sliding_window_view(counts, 2 * GIVE + 1, axis=1).sum(2)
    shares: NDArray[np.float32] = (windows.max(1) / cells.shape[1]).astype(np.float32)
    return shares
