"""Invented pictures of many kinds, and what people do to pictures. Nothing in them is real."""

import io
from collections.abc import Callable

import numpy as np
from numpy.random import Generator, default_rng
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

SIZE = (320, 240)
WORDS = ("table", "lamp", "kettle", "quill", "anvil", "ladle", "green", "fine", "best", "price")

Kind = Callable[[Generator], Image.Image]
Edit = Callable[[Image.Image, Generator], Image.Image]


def encoded(image: Image.Image, form: str = "JPEG", **how: object) -> bytes:
    """The bytes of a picture; JPEGs of quality 85 if nothing else is said."""
    out = io.BytesIO()
    image.save(out, form, **({"quality": 85} if form == "JPEG" else {}) | how)
    return out.getvalue()


def a_colour(rng: Generator) -> tuple[int, ...]:
    return tuple(int(value) for value in rng.integers(0, 256, 3))


def a_thing(image: Image.Image, rng: Generator, least: int, most: int) -> None:
    """Draw a round or square thing, anywhere."""
    left, top = rng.integers(-30, SIZE[0] - 40), rng.integers(-30, SIZE[1] - 40)
    wide, high = rng.integers(least, most, 2)
    pen = ImageDraw.Draw(image)
    shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
    shape([int(v) for v in (left, top, left + wide, top + high)], fill=a_colour(rng))


def coloured_ground(rng: Generator, cells: tuple[int, int], low: int, high: int) -> Image.Image:
    cloth = rng.integers(low, high, (*cells, 3)).astype(np.uint8)
    return Image.fromarray(cloth).resize(SIZE, Image.Resampling.BICUBIC)


def goods(rng: Generator) -> Image.Image:
    """Some things on a table with light and shade."""
    image = coloured_ground(rng, (4, 5), 0, 256)
    for _ in range(int(rng.integers(3, 11))):
        a_thing(image, rng, 26, 174)
    return image


def blotches(rng: Generator) -> Image.Image:
    """Coloured blotches, coarse or fine."""
    cells = (int(rng.integers(4, 30)), int(rng.integers(4, 40)))
    return coloured_ground(rng, cells, 0, 256)


def on_one_table(rng: Generator) -> Image.Image:
    """Things on one of ten tables, so that much is the same in many pictures."""
    image = coloured_ground(default_rng([77, int(rng.integers(10))]), (5, 6), 60, 200)
    for _ in range(int(rng.integers(2, 5))):
        a_thing(image, rng, 30, 120)
    write(image, rng, 1, a_colour(rng))
    return image


def on_plain_ground(rng: Generator) -> Image.Image:
    """One thing in the middle of a plain ground."""
    image = Image.new("RGB", SIZE, a_colour(rng))
    middle = np.array(SIZE) / 2 + rng.normal(0, 12, 2)
    half = rng.uniform((30, 30), (110, 90))
    pen = ImageDraw.Draw(image)
    shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
    shape([*(middle - half).tolist(), *(middle + half).tolist()], fill=a_colour(rng))
    return image


def write(image: Image.Image, rng: Generator, lines: int, colour: object) -> None:
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(int(rng.integers(11, 26)))
    left, top = rng.integers(5, 40), rng.integers(5, 60)
    for _ in range(lines):
        words = " ".join(rng.choice(WORDS, int(rng.integers(2, 7))))
        pen.text((int(left), int(top)), words, fill=colour, font=font)
        top += rng.integers(15, 32)


def words(rng: Generator) -> Image.Image:
    """A few lines of words on white or black."""
    ground, ink = ("white", "black") if rng.random() < 0.7 else ("black", "white")
    image = Image.new("RGB", SIZE, ground)
    write(image, rng, int(rng.integers(1, 9)), ink)
    return image


def page(rng: Generator) -> Image.Image:
    """A page full of words, laid out as every other."""
    image = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(12)
    for top in range(8, SIZE[1] - 10, 15):
        pen.text((8, top), " ".join(rng.choice(WORDS, 10)), fill="black", font=font)
    return image


def shaded(rng: Generator, wave: Callable[[np.ndarray], np.ndarray]) -> Image.Image:
    """Two colours that pass into each other along a direction, as a wave says."""
    angle, (high, wide) = rng.uniform(0, 2 * np.pi), SIZE[::-1]
    down, across = np.mgrid[0:high, 0:wide]
    along = wave((np.cos(angle) * across + np.sin(angle) * down) / wide)[..., None]
    colours = along * a_colour(rng) + (1 - along) * a_colour(rng)
    return noisy(colours, rng)


def shade(rng: Generator) -> Image.Image:
    """One colour that passes into another."""
    return shaded(rng, lambda along: (along - along.min()) / np.ptp(along))


def stripes(rng: Generator) -> Image.Image:
    """Waves of two colours."""
    many, start = rng.uniform(2, 40), rng.uniform(0, 2 * np.pi)
    return shaded(rng, lambda along: (np.sin(along * many + start) + 1) / 2)


def one_colour(rng: Generator) -> Image.Image:
    """A plain ground, as a camera sees it."""
    return noisy(np.broadcast_to(a_colour(rng), (*SIZE[::-1], 3)).astype(float), rng)


def noisy(colours: np.ndarray, rng: Generator) -> Image.Image:
    grain = rng.normal(0, rng.uniform(0, 5), (*SIZE[::-1], 1))
    return Image.fromarray((colours + grain).clip(0, 255).astype(np.uint8))


def landscape(rng: Generator) -> Image.Image:
    """Light and shade of all sizes, as in nature (power falls with frequency; Field 1987)."""
    high, wide = SIZE[1] // 2, SIZE[0] // 2
    frequency = np.hypot(np.fft.fftfreq(high)[:, None], np.fft.fftfreq(wide))
    frequency[0, 0] = 1
    noise = np.fft.fft2(rng.normal(size=(4, high, wide))) * frequency ** -rng.uniform(0.9, 1.3)
    light, *colours = np.real(np.fft.ifft2(noise))
    channels = [128 + 50 * light / light.std() + 12 * c / c.std() for c in colours]
    pixels = np.stack(channels, -1).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels).resize(SIZE, Image.Resampling.BICUBIC)


KINDS: tuple[Kind, ...] = (
    goods,
    landscape,
    blotches,
    on_one_table,
    on_plain_ground,
    words,
    page,
    stripes,
    shade,
    one_colour,
)
RICH_KINDS = KINDS[:4]
"""The kinds that look like photos."""


def as_jpeg(quality: int) -> Edit:
    def edit(image: Image.Image, rng: Generator) -> Image.Image:
        return Image.open(io.BytesIO(encoded(image, quality=quality)))

    return edit


def half_size(image: Image.Image, rng: Generator) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def centre_crop(share: float) -> Edit:
    """Cut so much off each side."""

    def edit(image: Image.Image, rng: Generator) -> Image.Image:
        wide, high = int(image.width * share), int(image.height * share)
        return image.crop((wide, high, image.width - wide, image.height - high))

    return edit


def crop(share: float) -> Edit:
    """Cut so much of width and height off, anywhere."""

    def edit(image: Image.Image, rng: Generator) -> Image.Image:
        wide, high = image.width * share, image.height * share
        left, top = wide * rng.random(), high * rng.random()
        corner = (left + image.width - wide, top + image.height - high)
        return image.crop(tuple(int(v) for v in (left, top, *corner)))

    return edit


def watermark(image: Image.Image, rng: Generator) -> Image.Image:
    over = Image.new("RGBA", image.size, (0, 0, 0, 0))
    font = ImageFont.load_default(max(image.height // 10, 12))
    place = (image.width * rng.uniform(0.05, 0.3), image.height * rng.uniform(0.05, 0.85))
    number = int(rng.integers(1000))
    ImageDraw.Draw(over).text(place, f"lantern {number}", fill=(255, 255, 255, 160), font=font)
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")


def mirror(image: Image.Image, rng: Generator) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def brightness(image: Image.Image, rng: Generator) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(float(rng.choice([0.7, 0.85, 1.15, 1.3])))


def quarter_turn(image: Image.Image, rng: Generator) -> Image.Image:
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return image.transpose(turns[int(rng.integers(3))])


def slant(image: Image.Image, rng: Generator) -> Image.Image:
    angle = float(rng.choice([-1, 1]) * rng.uniform(3, 15))
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=False)


EDITS: dict[str, Edit] = {
    "JPEG q 40": as_jpeg(40),
    "half size": half_size,
    "crop 3 % a side": centre_crop(0.03),
    "crop 5 % a side": centre_crop(0.05),
    "crop 8 % a side": centre_crop(0.08),
    "crop 3 % anywhere": crop(0.03),
    "crop 5 % anywhere": crop(0.05),
    "crop 8 % anywhere": crop(0.08),
    "watermark": watermark,
    "mirror": mirror,
    "brightness": brightness,
    "quarter turn": quarter_turn,
}
HARD_EDITS: dict[str, Edit] = {
    "crop 20 % anywhere": crop(0.2),
    "crop 40 % anywhere": crop(0.4),
    "turn by 3 to 15 degrees": slant,
}
