"""How far the colours of two pictures are apart, whatever was done to light and contrast."""

import numpy as np
from numpy.typing import NDArray

from features.photos.frames import Floats, sampled

CELLS = 4
"""Cells of a side whose mean colours are compared."""
SAME_MEAN = 16.0
"""Grey levels: a change of contrast leaves the mean colour about where it was."""
WHITE = 250.0
"""Colours above it may be brighter than a picture can say."""
BRIGHTEST = 2.2
"""How many times lighter one picture of a pair may be."""


def colour_difference(left: Floats, right: Floats, frame: Floats) -> Floats:
    """Root mean square of what is left between the colours of n pairs, in levels of 255, (n,).

    The smallest of what brightness, contrast and overexposure leave unexplained.

    Args:
        left: (n, side, side, 3), mean colours.
        right: the same of the others.
        frame: (n, 4), through which the right ones are seen, see `frames.sampled`.
    """
    channels = [sampled(right[..., channel], frame) for channel in range(3)]
    seen, inside = np.stack([channel[0] for channel in channels], -1), channels[0][1]
    one, other = _coarse(left, inside), _coarse(seen, inside)
    lit = np.minimum(_overexposed(left, seen, inside), _overexposed(seen, left, inside))
    least = np.minimum(np.minimum(_unexplained(one, other), _by_contrast(one, other)), lit)
    return least.astype(np.float32)


def _by_contrast(one: Floats, other: Floats) -> Floats:
    means = [side.mean(1, keepdims=True) for side in (one, other)]
    near = np.abs(means[0] - means[1])[:, 0] <= SAME_MEAN
    left_over: Floats = np.where(near, _unexplained(one - means[0], other - means[1]), np.inf)
    return left_over


def _overexposed(dark: Floats, light: Floats, inside: NDArray[np.bool_]) -> Floats:
    """What is left where the one was made lighter until what is light in it turned white."""
    counted = inside[..., None] & (light < WHITE)
    product, square = ((dark * side * counted).sum((1, 2, 3)) for side in (light, dark))
    gain = (product + 1e-6) / (square + 1e-6)
    lit = np.minimum(dark * gain[:, None, None, None], 255.0)
    rest = _coarse(lit, inside) - _coarse(light, inside)
    is_lighter = (gain >= 1) & (gain <= BRIGHTEST)
    gain = np.maximum(gain, 1)
    left_over: Floats = np.where(is_lighter, np.sqrt((rest * rest).mean(1) / gain), np.inf)
    return left_over


def _unexplained(one: Floats, other: Floats) -> Floats:
    """Root mean square of what is left of either once scaled to the other, halfway between them."""
    squares = (one * one).sum(1) * (other * other).sum(1) + 1e-9
    product = np.maximum((one * other).sum(1), 0.0)
    sine = np.sqrt(np.maximum(1 - product * product / squares, 0.0))
    ratio = np.sqrt(((one * one).sum(1) + 1e-6) / ((other * other).sum(1) + 1e-6))
    too_far = np.maximum(ratio, 1 / ratio) > BRIGHTEST
    scale = np.sqrt(np.sqrt(squares) / one.shape[1])
    left_over: Floats = np.where(too_far, np.inf, scale * sine)
    return left_over


def _coarse(colours: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Means of the colours in 4 x 4 cells, as far as they are there: (n, 48); the rest is zero."""
    side = colours.shape[1] // CELLS
    cells = (len(colours), CELLS, side, CELLS, side)
    count = inside.reshape(cells).sum((2, 4))
    total = (colours * inside[..., None]).reshape(*cells, 3).sum((2, 4))
    means: Floats = (total / np.maximum(count, 1)[..., None]).reshape(len(colours), 3 * CELLS**2)
    return means
