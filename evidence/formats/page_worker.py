"""The process in which strangers' pages are read, one at a time.

Standard input: for each page its length (8 bytes, big-endian) and its bytes. Standard output: an
answer of the same form, a page as JSON. A page that needs too much memory is refused; one that
takes too long ends the process (nothing catches the signal, so that no parser can hold it up), and
whoever waits sees the stream end.
"""

import json
import resource
import signal
import struct
import sys
from dataclasses import asdict
from pathlib import Path

from evidence.formats.page_format import page_formats
from evidence.formats.page_rows import Page, read_page

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 3.0
TOO_HUNGRY = "takes more memory to read than a page may"


def main() -> None:
    """Answer until the input ends."""
    formats = page_formats(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    _limit_resources()
    while header := sys.stdin.buffer.read(8):
        (length,) = struct.unpack(">Q", header)
        content = sys.stdin.buffer.read(length)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        try:
            page = read_page(content, formats)
        except MemoryError:
            page = Page(None, None, fault=TOO_HUNGRY)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _send(json.dumps(asdict(page), ensure_ascii=True).encode())


def _limit_resources() -> None:
    """Bound memory, forbid files and core dumps, let the CPU timer end the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _send(answer: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">Q", len(answer)) + answer)
    sys.stdout.buffer.flush()
