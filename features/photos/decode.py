"""Strangers' pictures, decoded in processes of their own: a bomb or a crash costs one picture."""

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Self, cast

from evidence.corpus import Blobs
from features.photos import worker

Pipes = tuple[IO[bytes], IO[bytes]]
Answer = bytes | str
"""What the worker answered of a picture, or why it cannot be read."""

PICTURES_PER_WORKER = 25
"""Fewer are not worth a process of their own."""

REASONS = {
    worker.UNKNOWN_FORMAT: "not a JPEG, PNG, WebP, GIF or AVIF picture",
    worker.TOO_LARGE: "more than 40 million pixels",
    worker.BROKEN: "damaged or cut off",
    worker.TOO_HUNGRY: "takes more memory to decode than a picture may",
}
TOO_SLOW = "takes more time to decode than a picture may"
CRASHED = "crashed the decoder"
STOPPED = "the decoder was stopped from outside"
NOT_STORED = "its bytes are not stored"
LASTING = frozenset({*REASONS.values(), TOO_SLOW, CRASHED})
"""Reasons that lie in the picture itself."""


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

    def decode(self, content: bytes, wanted: int = worker.SMALL) -> Answer:
        """What the worker answers of a picture, see `worker.decode`, or why it cannot be read."""
        header = self._ask(content, wanted)
        if len(header) < 5:
            reason = self._end()
            self._start()
            return reason
        code, length = struct.unpack(">BI", header)
        return self._stdout.read(length) if code == worker.READ else REASONS[code]

    def _ask(self, content: bytes, wanted: int) -> bytes:
        with suppress(BrokenPipeError):
            self._stdin.write(struct.pack(">BQ", wanted, len(content)) + content)
            self._stdin.flush()
        return self._stdout.read(5)

    def _end(self) -> str:
        """Why the worker ended."""
        status = self._process.wait()
        self._stop()
        if status == -signal.SIGPROF:
            return TOO_SLOW
        return STOPPED if status in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT) else CRASHED

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", worker.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._stdin, self._stdout = cast(Pipes, (self._process.stdin, self._process.stdout))
        if self._stdout.read(1) != bytes([worker.READY]):
            self._stop()
            raise OSError(f"the picture decoder does not start: {worker.__file__}")

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._stdout.close()
        with suppress(BrokenPipeError):
            self._stdin.close()


def decode_pictures(blobs: Blobs, names: Sequence[str], wanted: int = worker.SMALL) -> list[Answer]:
    """Decode n stored pictures, on all cores this process may use.

    Args:
        blobs: where the bytes are.
        names: SHA-256 of each picture.
        wanted: how much to tell of each, see `worker`.
    """
    workers = max(min(len(os.sched_getaffinity(0)), -(-len(names) // PICTURES_PER_WORKER)), 1)
    answers: list[Answer] = [""] * len(names)
    with ThreadPoolExecutor(workers) as threads:
        shares = [names[first::workers] for first in range(workers)]
        done = threads.map(lambda share: _decode_share(blobs, share, wanted), shares)
        for first, share in enumerate(done):
            answers[first::workers] = share
    return answers


def _decode_share(blobs: Blobs, names: Sequence[str], wanted: int) -> list[Answer]:
    if not names:
        return []
    with Decoder() as decoder:
        return [_decode_stored(blobs, name, decoder, wanted) for name in names]


def _decode_stored(blobs: Blobs, name: str, decoder: Decoder, wanted: int) -> Answer:
    try:
        content = blobs.read(name)
    except KeyError:
        return NOT_STORED
    return decoder.decode(content, wanted)
