"""Drawn product pictures, and what happens to a picture on its way through the markets."""

import io

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageEnhance

SIZE = (320, 240)
PICTURES = 3
"""So many pictures a hand has of its goods."""


def draw(seed: int, hand: int, picture: int) -> Image.Image:
    """A picture of goods: a table, some shapes with light and shade; the same for equal numbers."""
    rng = np.random.default_rng([seed, 4, hand, picture])
    image = _table(rng)
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(5, 11))):
        left, top = rng.integers(-40, 280), rng.integers(-40, 200)
        wide, high = rng.integers(26, 174), rng.integers(26, 146)
        box = [int(v) for v in (left, top, left + wide, top + high)]
        shape = (pen.ellipse, pen.rectangle)[int(rng.integers(2))]
        shape(box, fill=_colour(rng), outline=_colour(rng), width=int(rng.integers(1, 5)))
    return image


def _colour(rng: Generator) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in rng.integers(0, 256, 3))
    return red, green, blue


def _table(rng: Generator) -> Image.Image:
    coarse = rng.integers(0, 256, (4, 5, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize(SIZE, Image.Resampling.BILINEAR)


def deliver(image: Image.Image, rng: Generator) -> bytes:
    """The picture as one market shows it: JPEG bytes after one of the usual edits."""
    edit = int(rng.integers(5))
    if edit == 1:
        image = image.resize((240, 180), Image.Resampling.BILINEAR)
    if edit == 2:
        wide, high = image.size
        rim = (int(wide * 0.02), int(high * 0.02), int(wide * 0.98), int(high * 0.98))
        image = image.crop(rim)
    if edit == 3:
        image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.85, 1.15)))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=60 if edit == 4 else 85)
    return buffer.getvalue()
