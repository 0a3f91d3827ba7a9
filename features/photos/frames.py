"""What of a picture is seen through a frame, and the frames of the views that are hashed."""

import numpy as np
from numpy.typing import NDArray

from features.photos.worker import VIEWS

Floats = NDArray[np.float32]


def places(side: int) -> Floats:
    """Where the middles of `side` cells are, seen from the middle of the picture."""
    middles: Floats = ((np.arange(side) + 0.5) / side - 0.5).astype(np.float32)
    return middles


def sampled(pixels: Floats, frame: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """What is seen of n pictures through their frames, and what of that is there.

    Args:
        pixels: (n, side, side).
        frame: (n, 4): where its middle is, down, as a share of the side from the middle of the
            picture; its height; the same across.
    """
    seen, rows = _sampled_rows(pixels, frame[:, 0], frame[:, 1])
    seen, columns = _sampled_rows(seen.swapaxes(1, 2), frame[:, 2], frame[:, 3])
    return seen.swapaxes(1, 2), rows[:, :, None] & columns[:, None, :]


def _sampled_rows(
    pixels: Floats, middle: Floats, width: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    side = pixels.shape[1]
    at = (middle[:, None] + width[:, None] * places(side) + 0.5) * side - 0.5
    inside = (at >= -0.5) & (at <= side - 0.5)
    at = np.clip(at, 0, side - 1)
    low = np.minimum(at.astype(np.intp), side - 2)
    part = (at - low)[:, :, None]
    first = np.take_along_axis(pixels, low[:, :, None], 1)
    second = np.take_along_axis(pixels, low[:, :, None] + 1, 1)
    return first + (second - first) * part, inside


def _frame(left: float, top: float, wide: float, high: float) -> tuple[float, ...]:
    return (top + high / 2 - 0.5, high, left + wide / 2 - 0.5, wide)


FRAMES = np.array([_frame(*view) for view in VIEWS], np.float32)
