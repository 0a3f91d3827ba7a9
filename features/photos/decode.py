"""Strangers' pictures, decoded in processes of their own: a bomb or a crash costs one picture."""

import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Self, cast

import numpy as np
from numpy.typing import NDArray

from evidence.corpus import Blobs
from features.photos import worker
from features.photos.worker import SIDE

Pipes = tuple[IO[bytes], IO[bytes]]

PICTURES_PER_WORKER = 25
"""Fewer are not worth a process of their own."""

REASONS = {
    worker.UNKNOWN_FORMAT: "not a JPEG, PNG, WebP, GIF or AVIF picture",
    worker.TOO_LARGE: "more than 40 million pixels",
    worker.BROKEN: "damaged or cut off",
    worker.TOO_HUNGRY: "takes more memory to decode than a picture may",
}
CRASHED = "ended the decoder: it crashed or ran out of time"
NOT_STORED = "its bytes are not stored"


@dataclass(frozen=True)
class Decoded:
    """What came of n pictures.

    Attributes:
        pixels: uint8 (n, 32, 32), grey; all 0 where unreadable.
        reason: why it could not be read, None where it was.
    """

    pixels: NDArray[np.uint8]
    reason: tuple[str | None, ...]


class Decoder:
    """A worker process that is started again when a picture ends it.

    Raises:
        OSError: the worker does not start (Pillow missing or broken).
    """

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def decode(self, content: bytes) -> NDArray[np.uint8] | str:
        """Grey values (32, 32) of a picture, or why it cannot be read."""
        code = self._ask(content)
        if code is None:
            self._stop()
            self._start()
            return CRASHED
        if code != worker.READ:
            return REASONS[code]
        return np.frombuffer(self._stdout.read(SIDE * SIDE), np.uint8).reshape(SIDE, SIDE)

    def _ask(self, content: bytes) -> int | None:
        with suppress(BrokenPipeError):
            self._stdin.write(struct.pack(">Q", len(content)) + content)
            self._stdin.flush()
        return self._answer()

    def _answer(self) -> int | None:
        answer = self._stdout.read(1)
        return answer[0] if answer else None

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", worker.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._stdin, self._stdout = cast(Pipes, (self._process.stdin, self._process.stdout))
        if self._answer() != worker.READY:
            self._stop()
            raise OSError(f"the picture decoder does not start: {worker.__file__}")

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._stdout.close()
        with suppress(BrokenPipeError):
            self._stdin.close()


def decode_pictures(blobs: Blobs, names: Sequence[str]) -> Decoded:
    """Decode n stored pictures, on all cores this process may use.

    Args:
        blobs: where the bytes are.
        names: SHA-256 of each picture.
    """
    workers = min(len(os.sched_getaffinity(0)), -(-len(names) // PICTURES_PER_WORKER))
    shares = [names[first::workers] for first in range(workers)]
    pixels = np.zeros((len(names), SIDE, SIDE), np.uint8)
    reason: list[str | None] = [None] * len(names)
    with ThreadPoolExecutor(max(workers, 1)) as threads:
        done = threads.map(lambda share: _decode_share(blobs, share), shares)
        for first, (share_pixels, share_reason) in enumerate(done):
            pixels[first::workers] = share_pixels
            reason[first::workers] = share_reason
    return Decoded(pixels, tuple(reason))


def _decode_share(blobs: Blobs, names: Sequence[str]) -> tuple[NDArray[np.uint8], list[str | None]]:
    pixels = np.zeros((len(names), SIDE, SIDE), np.uint8)
    reason: list[str | None] = [None] * len(names)
    with Decoder() as decoder:
        for place, name in enumerate(names):
            outcome = _decode_stored(blobs, name, decoder)
            if isinstance(outcome, str):
                reason[place] = outcome
            else:
                pixels[place] = outcome
    return pixels, reason


def _decode_stored(blobs: Blobs, name: str, decoder: Decoder) -> NDArray[np.uint8] | str:
    try:
        content = blobs.read(name)
    except KeyError:
        return NOT_STORED
    return decoder.decode(content)
