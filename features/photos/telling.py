"""Does a picture show enough to be known again?"""

import numpy as np
from numpy.typing import NDArray

FLAT_DEVIATION = 2.0
"""Grey levels: below it a picture shows nothing, and its hash is noise."""
ONE_WAY = 0.95
"""How much all slopes may point in one direction, from 0 to 1."""
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
    down = np.diff(values, axis=1)[:, :, :-1]
    across = np.diff(values, axis=2)[:, :-1, :]
    squares = [(slope * slope).mean((1, 2)) for slope in (down, across)]
    mixed = (down * across).mean((1, 2))
    one_way = np.hypot(squares[0] - squares[1], 2 * mixed) / (squares[0] + squares[1] + 1e-9)
    is_flat = values.std((1, 2)) < FLAT_DEVIATION
    tell: NDArray[np.bool_] = ~is_flat & (one_way < ONE_WAY) & (plain_shares(grey) <= POOR)
    return tell


def plain_shares(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The share of each picture that is of one grey, give or take two levels, float32 (n,)."""
    cells = grey.reshape(len(grey), -1).astype(np.intp)
    width = LEVELS + 2 * GIVE
    places = np.arange(len(grey))[:, None] * width + cells + GIVE
    counts = np.bincount(places.ravel(), minlength=len(grey) * width).reshape(len(grey), width)
    windows = np.lib.stride_tricks.sliding_window_view(counts, 2 * GIVE + 1, axis=1).sum(2)
    shares: NDArray[np.float32] = (windows.max(1) / cells.shape[1]).astype(np.float32)
    return shares
