"""The process in which strangers' pictures are decoded; run as a script, one picture at a time.

Standard input: for each picture its length (8 bytes, big-endian) and its bytes. Standard output: a
byte `READY`; then for each picture a byte for what came of it and, where that is `READ`, 32 x 32
grey values. A picture that needs too much memory is refused; one that takes too long ends the
process (nothing catches the signal, so that no decoder can hold it up), and whoever waits sees the
stream end.

Nothing of Samehand is imported here, so that the process holds nothing worth reaching.
"""

import io
import resource
import signal
import struct
import sys

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
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10.0
SIDE = 32
DRAFT_SIDE = 64

READ, UNKNOWN_FORMAT, TOO_LARGE, BROKEN, TOO_HUNGRY, READY = range(6)

DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error)
"""What decoders raise on damaged pictures; anything else ends the process."""


def main() -> None:
    """Answer until the input ends."""
    limit_resources()
    send(bytes([READY]))
    while header := sys.stdin.buffer.read(8):
        (length,) = struct.unpack(">Q", header)
        content = sys.stdin.buffer.read(length)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        code, pixels = outcome(content)
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(bytes([code]) + pixels)


def limit_resources() -> None:
    """Bound memory, forbid files and core dumps, let the CPU timer end the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    Image.MAX_IMAGE_PIXELS = None


def send(answer: bytes) -> None:
    """Write to whoever asked, at once."""
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def outcome(content: bytes) -> tuple[int, bytes]:
    """What came of a picture, and its grey values if it was read."""
    try:
        return decode(content)
    except UnidentifiedImageError:
        return UNKNOWN_FORMAT, b""
    except MemoryError:
        return TOO_HUNGRY, b""
    except DAMAGE:
        return BROKEN, b""


def decode(content: bytes) -> tuple[int, bytes]:
    """What came of a picture, and its 32 x 32 grey values, row by row.

    A JPEG is decoded at an eighth to a half of its size where that leaves 64 pixels a side.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > LARGEST_PIXELS:
            return TOO_LARGE, b""
        image.draft("L", (DRAFT_SIDE, DRAFT_SIDE))
        small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        return READ, small.tobytes()


if __name__ == "__main__":
    main()
