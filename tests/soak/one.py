"""Soaks one entry: `python -m tests.soak.one NAME SECONDS FOLDER`.

With atheris the branches that an input takes steer the search for the next; where there is none,
seeds are mutated blindly. A crash leaves its input in the folder and ends with a status above 0.
"""

import random
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.soak.entries import ENTRIES, Entry

LONGEST_BYTES = 20_000
SLOWEST_S = 20
"""Processor seconds: a single input that takes more is a finding, however busy the machine."""
HANGING_S = 300
"""Seconds on the wall after which an input is taken to have no end."""
MEMORY_MB = 2_000
BITS = (
    b"\0",
    b"\xff",
    b"\n",
    b'"',
    b"'",
    b"\\",
    b"<",
    b"[",
    b"{",
    b"-----",
    b"\xed\xa0\x80",
    b"\x1e",
)


def main() -> None:
    """Soak the entry named on the command line."""
    name, seconds, folder = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    entry = ENTRIES[name]
    try:
        import atheris
    except ImportError:
        take = in_time(entry.run())
        soak_blindly(take, entry.inputs(), seconds, folder / f"{name}-crash")
        return
    chosen = list(entry.instrumented) or ["nothing"]
    with atheris.instrument_imports(include=chosen, enable_loader_override=False):
        take = in_time(entry.run())
    found = folder / f"{name}-found"
    plant(entry, found)
    options = {
        "max_total_time": int(seconds),
        "max_len": LONGEST_BYTES,
        "timeout": HANGING_S,
        "rss_limit_mb": MEMORY_MB,
        "artifact_prefix": folder / f"{name}-",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    words = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *words, str(found)], take)
    atheris.Fuzz()


def in_time(take: Callable[[bytes], None], seconds: float = SLOWEST_S) -> Callable[[bytes], None]:
    """The same, and whoever takes more processor time for an input falls."""

    def run(data: bytes) -> None:
        begin = time.process_time()
        take(data)
        spent = time.process_time() - begin
        assert spent <= seconds, f"{spent:.1f} s of processor time for {len(data)} bytes"

    return run


def plant(entry: Entry, folder: Path) -> None:
    """Write what the search starts from; what earlier ones found stays."""
    folder.mkdir(exist_ok=True)
    for content in entry.inputs():
        (folder / sha256(content).hexdigest()).write_bytes(content)


def soak_blindly(
    take: Callable[[bytes], None], inputs: list[bytes], seconds: float, crash: Path
) -> None:
    """Mutate inputs at random until the time is over; the file holds the one that fell."""
    draw, count, end = random.Random(0), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutated(draw, inputs)
        count += 1
        crash.write_bytes(data)
        take(data)
    crash.unlink(missing_ok=True)
    print(f"{count} inputs, without coverage: atheris is not installed here")


def mutated(draw: random.Random, inputs: list[bytes]) -> bytes:
    """One of the inputs with pieces changed, doubled, cut out or taken from another."""
    data = bytearray(draw.choice(inputs))
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        at, length = draw.randrange(len(data) + 1), draw.randrange(1, 200)
        other = draw.choice(inputs)
        begin = draw.randrange(len(other) + 1)
        piece = draw.choice(
            (bytes([draw.randrange(256)]), draw.choice(BITS), other[begin:][:length])
        )
        data[at : at + draw.choice((0, len(piece), length))] = piece * draw.choice((1, 1, 1, 50))
    return bytes(data[:LONGEST_BYTES])


if __name__ == "__main__":
    main()
