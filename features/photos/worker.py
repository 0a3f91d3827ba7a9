"""The process in which strangers' pictures are decoded; run as a script, one picture at a time.

Standard input: for each picture a byte for what is wanted, its length (8 bytes, big-endian) and its
bytes. Standard output: a byte `READY`; then for each picture a byte for what came of it, the length
of the answer (4 bytes, big-endian) and the answer. A picture that needs too much memory is refused;
one that takes too long ends the process (nothing catches the signal, so that no decoder can hold it
up), and whoever waits sees the stream end.

Nothing of Samehand is imported here, so that the process holds nothing worth reaching. What a
camera wrote into a picture (EXIF 2.32, CIPA DC-008) is read here too: one directory and the two it
points to, each once, of a bounded number of entries, no length believed.
"""

import hashlib
import io
import json
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

FORMATS = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
        GifImagePlugin.GifImageFile,
        AvifImagePlugin.AvifImageFile,
    )
)
LARGEST_PIXELS = 40_000_000
MEMORY_BYTES = 512 << 20
CPU_SECONDS = 4.0
DRAFT_SIDE = 64

SIDE = 32
CORNER, RIM = 0.06, 0.07
VIEWS = (
    (0.0, 0.0, 1.0, 1.0),
    *((rim, rim, 1 - 2 * rim, 1 - 2 * rim) for rim in (0.025, 0.05, 0.075)),
    *((x, y, 1 - CORNER, 1 - CORNER) for x in (0.0, CORNER) for y in (0.0, CORNER)),
    *((x, 0.0, 1 - RIM, 1.0) for x in (0.0, RIM)),
    *((0.0, y, 1.0, 1 - RIM) for y in (0.0, RIM)),
)
"""What is looked at, as shares of width and height (left, top, width, height): all of the picture,
three centre crops, and what is left when a corner or an edge is cut off."""
COPY_SIDE = 64
STEPS = (9, 8)
"""Width and height of the grey values whose differences make a dHash."""
COLOURS = 16
BOTH_STEPS = (STEPS, STEPS[::-1])
STEP_BYTES = STEPS[0] * STEPS[1]
SMALL_BYTES = len(VIEWS) * SIDE * SIDE + 2 * STEP_BYTES + COLOURS * COLOURS * 3
CAMERA_BYTES = 16
LARGE_SIDE = 512

SMALL, FACTS, PLACED = b"SFG"
"""What is wanted: the small views alone; besides them a larger one and what the camera wrote; and
besides where it was taken."""

READ, UNKNOWN_FORMAT, TOO_LARGE, BROKEN, TOO_HUNGRY, READY = range(6)

DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    struct.error,
)
"""What decoders raise on damaged pictures; anything else ends the process."""

MOST_ENTRIES = 256
MOST_CHARACTERS = 80
BYTES_EACH = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
"""By type of an entry: byte, ASCII, short, long, rational, undefined."""
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825
TEXTS = {0x010F: "make", 0x0110: "model", 0x0131: "software", 0xA431: "serial"}
GPS_LATITUDE, GPS_LONGITUDE = (1, 2), (3, 4)
LEAST_SERIAL, LEAST_UNLIKE = 5, 3
"""A serial number has so many letters and digits, and so many unlike ones; else it is a filler."""


def main() -> None:
    """Answer until the input ends."""
    limit_resources()
    send(bytes([READY]))
    while header := sys.stdin.buffer.read(9):
        wanted, length = struct.unpack(">BQ", header)
        content = sys.stdin.buffer.read(length)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        code, answer = outcome(content, wanted)
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(struct.pack(">BI", code, len(answer)) + answer)


def limit_resources() -> None:
    """Bound memory, forbid files and core dumps, let the CPU timer end the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    Image.MAX_IMAGE_PIXELS = None
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def send(answer: bytes) -> None:
    """Write to whoever asked, at once."""
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def outcome(content: bytes, wanted: int = SMALL) -> tuple[int, bytes]:
    """What came of a picture, and the answer if it was read."""
    try:
        return decode(content, wanted)
    except UnidentifiedImageError:
        return UNKNOWN_FORMAT, b""
    except MemoryError:
        return TOO_HUNGRY, b""
    except DAMAGE:
        return BROKEN, b""


def decode(content: bytes, wanted: int) -> tuple[int, bytes]:
    """What came of a picture, and of one that was read its `small_views` and camera's digest.

    Where more is wanted, the facts as JSON follow, behind their length (4 bytes), and then width
    and height (2 bytes each) and grey values of the larger view. A JPEG is decoded at an eighth to
    a half of its size where that leaves enough pixels.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > LARGEST_PIXELS:
            return TOO_LARGE, b""
        side = DRAFT_SIDE if wanted == SMALL else LARGE_SIDE
        image.draft("RGB", (side, side))
        image.load()
        facts = exif_facts(image.info.get("exif"))
        answer = small_views(image) + camera_digest(facts)
        if wanted != SMALL:
            answer += told(facts, wanted) + large_view(image)
        return READ, answer


def small_views(image: Image.Image) -> bytes:
    """`VIEWS` in 32 x 32 grey values each, all of it in 9 x 8 and 8 x 9, and 8 x 8 mean colours.

    What is hashed as imagehash hashes is resized as it resizes; the parts of the picture are cut
    from one smaller copy.
    """
    grey = image.convert("L")
    exact = [grey.resize(size, Image.Resampling.LANCZOS) for size in ((SIDE, SIDE), *BOTH_STEPS)]
    copy = grey.resize((COPY_SIDE, COPY_SIDE), Image.Resampling.HAMMING)
    parts = [
        copy.resize((SIDE, SIDE), Image.Resampling.HAMMING, corners(view)) for view in VIEWS[1:]
    ]
    coloured = image if image.mode in ("RGB", "RGBX") else image.convert("RGB")
    colours = coloured.resize((COLOURS, COLOURS), Image.Resampling.BOX).convert("RGB")
    seen = (exact[0], *parts, *exact[1:], colours)
    return b"".join(part.tobytes() for part in seen)


def corners(view: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a view in the smaller copy."""
    left, top, wide, high = (share * COPY_SIDE for share in view)
    return left, top, min(left + wide, COPY_SIDE), min(top + high, COPY_SIDE)


def large_view(image: Image.Image) -> bytes:
    """Width and height of the picture, at most `LARGE_SIDE`, and its grey values."""
    grey = image.convert("L")
    grey.thumbnail((LARGE_SIDE, LARGE_SIDE))
    return struct.pack(">HH", *grey.size) + grey.tobytes()


def camera_digest(facts: Mapping[str, str]) -> bytes:
    """A digest of maker and serial number; zeros where there is no number to tell cameras apart."""
    serial = "".join(filter(str.isalnum, facts.get("serial", "").upper()))
    if len(serial) < LEAST_SERIAL or len(set(serial)) < LEAST_UNLIKE:
        return bytes(CAMERA_BYTES)
    maker = facts.get("make", "").upper().split(" ")[0]
    return hashlib.blake2b(f"{maker}\0{serial}".encode(), digest_size=CAMERA_BYTES).digest()


def told(facts: Mapping[str, str], wanted: int) -> bytes:
    """The facts as JSON behind their length; the place only where it is wanted."""
    shown = {name: fact for name, fact in facts.items() if name != "gps" or wanted == PLACED}
    text = json.dumps(shown, sort_keys=True).encode()
    return struct.pack(">I", len(text)) + text


class Entry(NamedTuple):
    """One entry of a directory: its type, how many values it claims, and its last four bytes."""

    kind: int
    many: int
    value: bytes


class Tiff:
    """The bytes that a camera wrote, looked at within their ends only."""

    def __init__(self, content: bytes) -> None:
        self._bytes = content
        self._order = {b"II*\0": "<", b"MM\0*": ">"}[content[:4]]

    @property
    def start(self) -> int:
        """Where the first directory says it is."""
        return self.unpack("I", self._bytes[4:8])[0]

    def unpack(self, form: str, content: bytes) -> tuple[int, ...]:
        """Numbers in the byte order of the picture."""
        return struct.unpack_from(self._order + form, content)

    def directory(self, at: int) -> dict[int, Entry]:
        """The first entries of a directory, by tag."""
        (count,) = self.unpack("H", self._bytes[at : at + 2])
        entries: dict[int, Entry] = {}
        for number in range(min(count, MOST_ENTRIES)):
            entry = self._bytes[at + 2 + 12 * number :][:12]
            if len(entry) < 12:
                break
            tag, kind, values = self.unpack("HHI", entry)
            entries.setdefault(tag, Entry(kind, values, entry[8:]))
        return entries

    def bytes_of(self, entry: Entry, most: int) -> bytes:
        """The value of an entry, no more of it than `most` bytes."""
        length = BYTES_EACH.get(entry.kind, 0) * entry.many
        at = 0 if length <= 4 else self.unpack("I", entry.value)[0]
        source = entry.value if length <= 4 else self._bytes
        return source[at : at + min(length, most)]


def exif_facts(content: object) -> dict[str, str]:
    """`make`, `model`, `software`, `serial` and `gps` (decimal degrees), as far as they are there.

    Args:
        content: what Pillow found where EXIF stands; anything broken in it is as good as absent.
    """
    facts: dict[str, str] = {}
    with suppress(*DAMAGE):
        tiff = Tiff(bytes(content).removeprefix(b"Exif\0\0") if isinstance(content, bytes) else b"")
        first = tiff.directory(tiff.start)
        facts.update(texts_in(tiff, first))
        for pointer, read in ((EXIF_POINTER, texts_in), (GPS_POINTER, place_in)):
            with suppress(*DAMAGE):
                facts.update(read(tiff, tiff.directory(tiff.unpack("I", first[pointer].value)[0])))
    return facts


def texts_in(tiff: Tiff, directory: Mapping[int, Entry]) -> dict[str, str]:
    """The texts of a directory that say which camera it was, printable and short."""
    texts = {}
    for tag, name in TEXTS.items():
        if tag in directory:
            raw = tiff.bytes_of(directory[tag], MOST_CHARACTERS).split(b"\0")[0]
            text = "".join(c for c in raw.decode("utf-8", "replace") if c.isprintable()).strip()
            texts.update({name: text} if text else {})
    return texts


def place_in(tiff: Tiff, directory: Mapping[int, Entry]) -> dict[str, str]:
    """Latitude and longitude of a directory in decimal degrees, where both make sense."""
    degrees = []
    for sign_tag, tag in (GPS_LATITUDE, GPS_LONGITUDE):
        parts = tiff.unpack("6I", tiff.bytes_of(directory[tag], 24))
        whole, minutes, seconds = (
            parts[at] / parts[at + 1] if parts[at + 1] else 0.0 for at in (0, 2, 4)
        )
        sign = -1 if directory[sign_tag].value[:1] in b"SW" else 1
        degrees.append(sign * (whole + minutes / 60 + seconds / 3600))
    if not any(degrees) or abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        return {}
    return {"gps": f"{degrees[0]:.5f}, {degrees[1]:.5f}"}


if __name__ == "__main__":
    main()
