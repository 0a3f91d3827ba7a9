"""Do two pictures show the same, once one is laid upon the other?

Hashes nominate; this decides. The one picture is turned as the hashes say, the other is cut as they
say, then moved and stretched a little until they fit (Lucas and Kanade 1981), and what is compared
are grey values without their mean and contrast, and colours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.photos.hashes import WAYS_UP, turned_pixels
from features.photos.readings import Records
from features.photos.telling import PLAIN
from features.photos.worker import SIDE, VIEWS

Floats = NDArray[np.float32]

ALIKE = np.array([[0.95, 7.0], [0.985, 4.0]])
"""Least correlation and largest difference of colours, of other pictures and of plain ones."""

STEPS = 5
"""Moves towards a better fit."""
FURTHEST, NARROWEST, WIDEST = 0.12, 0.80, 1.25
"""How far, as a share of the side, a picture may be moved, and how much it may be stretched."""
STRIDE = 0.06
STIFFNESS = 10.0
HOPELESS, SETTLED = 0.3, 0.985
"""Correlations at which no better fit is sought."""
BLOCK = 1 << 8
"""Pairs that are laid upon one another at a time: bounds the memory."""
SAME_MEAN = 16.0
"""Grey levels: a change of contrast leaves the mean colour about where it was."""
BRIGHTEST = 2.2
"""How many times lighter one picture of a pair may be."""


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
    fit, plain = fitted(records, pairs), records["plain"] > PLAIN
    needed = ALIKE[(plain[pairs.left] | plain[pairs.right]).astype(np.intp)]
    return (fit.correlation >= needed[:, 0]) & (fit.difference <= needed[:, 1])


@dataclass(frozen=True)
class Fit:
    """How n pairs of pictures fit.

    Attributes:
        correlation: float32 (n,), of grey values, at most 1.
        difference: float32 (n,), root mean square of what is left between their colours, in levels
            of 255, once one is made as light or as rich in contrast as the other.
    """

    correlation: Floats
    difference: Floats


def fitted(records: Records, pairs: Nominated) -> Fit:
    """Lay the pictures of each pair upon one another."""
    correlation, difference = np.zeros((2, len(pairs)), np.float32)
    for way in range(WAYS_UP):
        rows = np.flatnonzero(pairs.way == way)
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            correlation[some], difference[some] = _fitted(records, pairs.take(some), way)
    return Fit(correlation, difference)


def _fitted(records: Records, pairs: Nominated, way: int) -> tuple[Floats, Floats]:
    frame = FRAMES[pairs.view]
    fixed = turned_pixels(records["grey"][pairs.left], way).astype(np.float32)
    moving = records["grey"][pairs.right].astype(np.float32)
    correlation, frame = _laid_upon(fixed, moving, frame)
    left = turned_pixels(records["colours"][pairs.left], way).astype(np.float32)
    right = records["colours"][pairs.right].astype(np.float32)
    sampled = [_sampled(right[..., channel], frame) for channel in range(3)]
    seen, inside = np.stack([channel[0] for channel in sampled], -1), sampled[0][1]
    return correlation, _difference(*(_coarse(colours, inside) for colours in (left, seen)))


def _coarse(colours: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Means of 2 x 2 colours, as far as they are there: (n, 48); the rest is zero."""
    half = colours.shape[1] // 2
    quarters = (len(colours), half, 2, half, 2)
    count = inside.reshape(quarters).sum((2, 4))
    total = (colours * inside[..., None]).reshape(*quarters, 3).sum((2, 4))
    means: Floats = (total / np.maximum(count, 1)[..., None]).reshape(len(colours), -1)
    return means


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
    seen, inside = _sampled(moving, frame)
    one, other = _standard(seen, inside), _standard(fixed, inside)
    correlation: Floats = (one * other).sum((1, 2)) / inside.sum((1, 2))
    return correlation.astype(np.float32), one, (other - one) * inside, inside


def _moved(frame: Floats, seen: Floats, missing: Floats, inside: NDArray[np.bool_]) -> Floats:
    """A Gauss-Newton step of the frame towards what is missing."""
    places = _places(SIDE)
    down, across = (np.gradient(seen, axis=axis) * SIDE * inside for axis in (1, 2))
    slopes = np.stack([down, down * places[:, None], across, across * places], -1)
    slopes = slopes.reshape(len(frame), SIDE * SIDE, 4)
    square = slopes.swapaxes(1, 2) @ slopes + STIFFNESS * np.eye(4, dtype=np.float32)
    towards = slopes.swapaxes(1, 2) @ missing.reshape(len(frame), SIDE * SIDE, 1)
    step = np.linalg.solve(square, towards)[:, :, 0]
    frame = frame + np.clip(step, -STRIDE, STRIDE)
    return np.clip(frame, LEAST, MOST)


def _places(side: int) -> Floats:
    """Where the middles of `side` cells are, seen from the middle of the picture."""
    places: Floats = ((np.arange(side) + 0.5) / side - 0.5).astype(np.float32)
    return places


def _sampled(pixels: Floats, frame: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """What is seen through a frame (down, height, across, width), and what of it is there."""
    seen, rows = _sampled_rows(pixels, frame[:, 0], frame[:, 1])
    seen, columns = _sampled_rows(seen.swapaxes(1, 2), frame[:, 2], frame[:, 3])
    return seen.swapaxes(1, 2), rows[:, :, None] & columns[:, None, :]


def _sampled_rows(
    pixels: Floats, middle: Floats, width: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    side = pixels.shape[1]
    at = (middle[:, None] + width[:, None] * _places(side) + 0.5) * side - 0.5
    inside = (at >= -0.5) & (at <= side - 0.5)
    at = np.clip(at, 0, side - 1)
    low = np.minimum(at.astype(np.intp), side - 2)
    part = (at - low)[:, :, None]
    first = np.take_along_axis(pixels, low[:, :, None], 1)
    second = np.take_along_axis(pixels, low[:, :, None] + 1, 1)
    return first + (second - first) * part, inside


def _standard(pixels: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Without mean and contrast; zero where nothing is."""
    count = inside.sum((1, 2))
    mean = (pixels * inside).sum((1, 2)) / count
    rest = (pixels - mean[:, None, None]) * inside
    spread = np.sqrt((rest * rest).sum((1, 2)) / count) + 1e-6
    standard: Floats = (rest / spread[:, None, None]).astype(np.float32)
    return standard


def _difference(left: Floats, right: Floats) -> Floats:
    """The smaller of what brightness and what contrast leave unexplained."""
    means = [side.mean(1, keepdims=True) for side in (left, right)]
    by_contrast = np.where(
        np.abs(means[0] - means[1])[:, 0] <= SAME_MEAN,
        _unexplained(left - means[0], right - means[1]),
        np.inf,
    )
    return np.minimum(_unexplained(left, right), by_contrast).astype(np.float32)


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


def _frame(left: float, top: float, wide: float, high: float) -> tuple[float, ...]:
    return (top + high / 2 - 0.5, high, left + wide / 2 - 0.5, wide)


FRAMES = np.array([_frame(*view) for view in VIEWS], np.float32)
LEAST = np.array([-FURTHEST, NARROWEST] * 2, np.float32)
MOST = np.array([FURTHEST, WIDEST] * 2, np.float32)
