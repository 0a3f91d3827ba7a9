"""Reads saved pages in a process of its own: a bomb or a crash costs one page."""

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Self

import evidence
from evidence.formats.page_rows import Page

PAGE_LIMIT_BYTES = 16 << 20
CRASHED = "ended the parser: it crashed or took too long"
TOO_LARGE = "a page of more than 16 MiB"
COMMAND = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from evidence.formats.page_worker import main; main()"
)


class PageReader:
    """A worker that reads pages; use it as a context manager.

    Args:
        own: the file of a page format of a person's own, besides those that come along.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, content: bytes) -> Page:
        """What a page says; one that cannot be read says so in its fault."""
        if len(content) > PAGE_LIMIT_BYTES:
            return Page(None, None, fault=TOO_LARGE)
        if not content.strip():
            return Page(None, None, fault="the page is empty")
        answer = self._ask(content)
        return Page(None, None, fault=CRASHED) if answer is None else Page(**json.loads(answer))

    def _ask(self, content: bytes) -> bytes | None:
        """The worker's answer; None where the page ended it."""
        worker = self._worker = self._worker or _started(self._own)
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            worker.stdin.write(struct.pack(">Q", len(content)) + content)
            worker.stdin.flush()
        except BrokenPipeError:
            pass
        header = worker.stdout.read(8)
        answer = worker.stdout.read(struct.unpack(">Q", header)[0]) if len(header) == 8 else b""
        if not answer:
            self._stop()
        return answer or None

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None


def _started(own: Path | None) -> "subprocess.Popen[bytes]":
    root = str(Path(evidence.__file__).parents[1])
    command = (sys.executable, "-I", "-c", COMMAND, root, *([] if own is None else [str(own)]))
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
