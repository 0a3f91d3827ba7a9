"""What is wrong with a file: with one cell of it, with its bytes, or with the file itself."""

import gzip
import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np

MEGABYTE = 1 << 20
HALF_KEY = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFx" + b"AbCd" * 200

CELLS: dict[str, bytes] = {
    "a NUL character": b"tea\0tea",
    "two megabytes": b"x" * (2 * MEGABYTE),
    "no UTF-8": b"tea \xff\xfe tea",
    "half a character": b"tea \xc3",
    "a surrogate": b"tea \xed\xa0\x80",
    "an overlong form": b"tea \xc0\xaf",
    "half a key block": HALF_KEY,
    "control characters": bytes(range(1, 9)) + b"\x0b\x0c\x7f",
    "terminal escapes": b"\x1b[2J\x1b]0;tea\x07",
    "text from right to left": "\u202eaet\u2066\u200b".encode(),
    "a quote that is opened": b'"tea',
    "a quote within": b'te"a',
    "an apostrophe": b"te'a",
    "a backslash at its end": b"tea\\",
    "a delimiter too many": b"tea,tea\ttea;tea",
    "a line end": b"tea\ntea",
    "a formula": b"=cmd|' /C calc'!A0",
    "a tag": b"<script>alert(1)</script>",
    "an entity bomb": b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>&c;',
    "SQL": b"tea'); DROP TABLE listings; --",
    "deep brackets": b"[" * 20_000,
    "deep tags": b"<b>" * 20_000,
    "a long word": b"a" * 100_000,
    "many signs": b"@" * 50_000,
    "nothing": b"",
}
"""The title of one row between a hundred good ones."""


def _flipped(content: bytes) -> bytes:
    raw = np.frombuffer(content, np.uint8).copy()
    at = np.random.default_rng(1).integers(0, len(raw), max(1, len(raw) // 100))
    raw[at] ^= 0x55
    return raw.tobytes()


def _noise(_: bytes) -> bytes:
    return np.random.default_rng(2).integers(0, 256, 200_000, dtype=np.uint8).tobytes()


def _in_the_middle(content: bytes, cut: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + cut + content[half:]


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "one byte": lambda content: content[:1],
    "only blanks": lambda _: b" \n" * 1000,
    "only NULs": lambda _: b"\0" * 65_536,
    "noise": _noise,
    "a program": lambda content: b"\x7fELF\x02\x01\x01" + content,
    "only a byte order mark": lambda _: b"\xef\xbb\xbf",
    "a tenth of it": lambda content: content[: len(content) // 10],
    "half of it": lambda content: content[: len(content) // 2],
    "all but its last byte": lambda content: content[:-1],
    "all but its first byte": lambda content: content[1:],
    "twice": lambda content: content + content,
    "a byte in a hundred changed": _flipped,
    "NULs in the middle": lambda content: _in_the_middle(content, b"\0" * 4096),
    "a picture in the middle": lambda content: _in_the_middle(content, b"\xff\xd8\xff\xe0" * 99),
    "rubbish behind": lambda content: content + b"\0\xff rubbish",
    "half a gzip": lambda content: gzip.compress(content * 9)[:-40],
    "gzip with rubbish behind": lambda content: gzip.compress(content) + b"rubbish",
    "gzip in gzip": lambda content: gzip.compress(gzip.compress(content)),
    "a gzip bomb": lambda _: gzip.compress(b"\0" * (200 * MEGABYTE), 1),
    "a million short lines": lambda _: b"a\n" * 1_000_000,
    "ten thousand columns": lambda _: b",".join(b"c%d" % n for n in range(10_000)) + b"\n",
    "deep JSON": lambda _: b'{"a":' * 50_000,
    "deep HTML": lambda _: b"<html>" + b"<div>" * 100_000,
}
"""What has become of the whole file."""

LOSSLESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip in two members": lambda content: (
        gzip.compress(content[:99]) + gzip.compress(content[99:])
    ),
}
TEXT_LOSSLESS: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "UTF-32": lambda content: content.decode().encode("utf-32"),
    "carriage returns": lambda content: content.replace(b"\n", b"\r\n"),
    "blank lines behind": lambda content: content + b"\n\n\n",
}
"""What loses no row of a form of text."""


def _named(name: bytes | str) -> Callable[[Path, bytes], None]:
    def put(path: Path, content: bytes) -> None:
        folder = os.fsencode(path.parent)
        written = name if isinstance(name, bytes) else os.fsencode(name)
        with open(os.path.join(folder, written + os.fsencode("".join(path.suffixes))), "wb") as out:
            out.write(content)

    return put


def _link(path: Path, content: bytes) -> None:
    (path.parents[2] / "elsewhere").write_bytes(content)
    path.symlink_to("../../elsewhere")


def _socket(path: Path, _: bytes) -> None:
    here = os.getcwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)
    os.chdir(here)


PLACES: dict[str, Callable[[Path, bytes], None]] = {
    "a link": _link,
    "a link to itself": lambda path, _: path.symlink_to(path.name),
    "a pipe": lambda path, _: os.mkfifo(path),
    "a socket": _socket,
    "a folder of that name": lambda path, _: path.mkdir(),
    "a name that is no UTF-8": _named(b"b\xffzaar"),
    "a name with escapes": _named("b\x1b[2J\nzaar"),
    "a name of 200 characters": _named("b" * 200),
}
"""What stands in the file's place."""
