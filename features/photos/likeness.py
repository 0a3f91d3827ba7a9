"""Do two pictures show the same, once one is laid upon the other?

Hashes nominate; this decides. The one picture is turned as the hashes say, the other is cut as they
say, then moved and stretched a little until they fit (Lucas and Kanade 1981), and what is compared
are grey values without their mean and contrast, and colours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.photos.colours import colour_difference
from features.photos.frames import FRAMES, Floats, places, sampled
from features.photos.hashes import WAYS_UP, turned_pixels
from features.photos.readings import Records
from features.photos.telling import PLAIN
from features.photos.worker import SIDE

ALIKE = np.array([[0.94, 7.0], [0.985, 5.0]])
"""Least correlation and largest difference of colours, of other pictures and of plain ones."""

STEPS = 5
"""Moves towards a better fit."""
FURTHEST, NARROWEST, WIDEST = 0.12, 0.80, 1.25
"""How far, as a share of the side, a picture may be moved, and how much it may be stretched."""
LEAST = np.array([-FURTHEST, NARROWEST] * 2, np.float32)
MOST = np.array([FURTHEST, WIDEST] * 2, np.float32)
STRIDE = 0.06
STIFFNESS = 10.0
HOPELESS, SETTLED = 0.3, 0.985
"""Correlations at which no better fit is sought."""
BLOCK = 1 << 8
"""Pairs that are laid upon one another at a time: bounds the memory."""


@dataclass(frozen=True)
class Nominated:
    """n pairs of pictures whose hashes are near.

    Attributes:
        left, right: intp (n,), rows of the records.
        way: int8 (n,), how the left one is turned, see `hashes.turned`.
        view: int8 (n,), which of `worker.VIEWS` of the right one it then resembles.
    """

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    way: NDArray[np.int8]
    view: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: NDArray[np.intp]) -> "Nominated":
        """The chosen pairs."""
        return Nominated(self.left[chosen], self.right[chosen], self.way[chosen], self.view[chosen])


def alike(records: Records, pairs: "Nominated") -> NDArray[np.bool_]:
    """Whether the pictures of each pair, nominated by their hashes, show the same, bool (n,)."""
    same = np.zeros(len(pairs), np.bool_)
    for way in range(WAYS_UP):
        rows = np.flatnonzero(pairs.way == way)
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            same[some] = _alike(records, pairs.take(some), way)
    return same


def _alike(records: Records, pairs: Nominated, way: int) -> NDArray[np.bool_]:
    """Grey values first, colours where those fit."""
    plain = np.maximum(records["plain"][pairs.left], records["plain"][pairs.right]) > PLAIN
    needed = ALIKE[plain.astype(np.intp)]
    fixed = turned_pixels(records["grey"][pairs.left], way).astype(np.float32)
    moving = records["grey"][pairs.right].astype(np.float32)
    correlation, frame = _laid_upon(fixed, moving, FRAMES[pairs.view])
    fits = np.flatnonzero(correlation >= needed[:, 0])
    left = turned_pixels(records["colours"][pairs.left[fits]], way).astype(np.float32)
    right = records["colours"][pairs.right[fits]].astype(np.float32)
    same = np.zeros(len(pairs), np.bool_)
    same[fits] = colour_difference(left, right, frame[fits]) <= needed[fits, 1]
    return same


def _laid_upon(fixed: Floats, moving: Floats, frame: Floats) -> tuple[Floats, Floats]:
    """The best correlation on the way to the best fit, and the frame where it is."""
    best, best_frame = _compared(fixed, moving, frame)[0], frame.copy()
    going = np.flatnonzero((best > HOPELESS) & (best < SETTLED))
    for _ in range(STEPS):
        _, one, missing, inside = _compared(fixed[going], moving[going], best_frame[going])
        frame = _moved(best_frame[going], one, missing, inside)
        correlation = _compared(fixed[going], moving[going], frame)[0]
        better = correlation > best[going]
        going, frame = going[better], frame[better]
        best[going], best_frame[going] = correlation[better], frame
        going = going[best[going] < SETTLED]
    return best, best_frame


def _compared(
    fixed: Floats, moving: Floats, frame: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Correlation through a frame; what is seen, what is missing of the other, what is there."""
    seen, inside = sampled(moving, frame)
    one, other = _standard(seen, inside), _standard(fixed, inside)
    correlation: Floats = (one * other).sum((1, 2)) / inside.sum((1, 2))
    return correlation.astype(np.float32), one, (other - one) * inside, inside


def _moved(frame: Floats, seen: Floats, missing: Floats, inside: NDArray[np.bool_]) -> Floats:
    """A Gauss-Newton step of the frame towards what is missing."""
    at = places(SIDE)
    down, across = (np.gradient(seen, axis=axis) * SIDE * inside for axis in (1, 2))
    slopes = np.stack([down, down * at[:, None], across, across * at], -1)
    slopes = slopes.reshape(len(frame), SIDE * SIDE, 4)
    square = slopes.swapaxes(1, 2) @ slopes + STIFFNESS * np.eye(4, dtype=np.float32)
    towards = slopes.swapaxes(1, 2) @ missing.reshape(len(frame), SIDE * SIDE, 1)
    step = np.linalg.solve(square, towards)[:, :, 0]
    frame = frame + np.clip(step, -STRIDE, STRIDE)
    return np.clip(frame, LEAST, MOST)


def _standard(pixels: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Without mean and contrast; zero where nothing is."""
    count = inside.sum((1, 2))
    mean = (pixels * inside).sum((1, 2)) / count
    rest = (pixels - mean[:, None, None]) * inside
    spread = np.sqrt((rest * rest).sum((1, 2)) / count) + 1e-6
    standard: Floats = (rest / spread[:, None, None]).astype(np.float32)
    return standard
