"""Reads hostile key blocks one by one, each within five seconds and 512 MB; run as a script.

For each block a line: its name and what the reading reports of it. A block that takes more than it
may ends the process, and its name is missing.
"""

import base64
import resource
import sys
import zlib
from collections.abc import Callable, Mapping

import polars as pl

from evidence.spans.extraction import extract
from features.keys.packets import (
    MAX_BLOCK_CHARS,
    armor_headers,
    refusals,
    walk_keys,
    walk_recipients,
    walk_signatures,
)
from tests.keys import packet

CPU_S = 5
MEMORY_BYTES = 512 << 20
EDGE = "-----{} PGP PUBLIC KEY BLOCK-----\n"


def number(bits: int) -> bytes:
    return bits.to_bytes(2, "big") + ((1 << bits) - 1).to_bytes((bits + 7) // 8, "big")


def rsa(size: int = 2048, exponent: int = 17) -> bytes:
    return packet(6, b"\x04" + bytes(4) + b"\x01" + number(size) + number(exponent))


def dsa(order: int, size: int = 2048) -> bytes:
    numbers = b"".join(map(number, (size, order, size, size)))
    return packet(6, b"\x04" + bytes(4) + b"\x11" + numbers)


def signed(kind: int = 0x13, fields: bytes = b"") -> bytes:
    size = len(fields).to_bytes(2, "big")
    return packet(2, bytes([4, kind, 1, 8]) + size + fields + bytes(4) + number(9))


def armored(octets: bytes) -> str:
    body = base64.b64encode(octets).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"{EDGE.format('BEGIN')}\n{lines}\n{EDGE.format('END')}"


def names(count: int) -> bytes:
    return packet(13, b"name") * count


def squeezed(octets: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        packed = zlib.compressobj(9, wbits=-15)
        octets = packet(8, b"\x01" + packed.compress(octets) + packed.flush())
    return octets


def chain(links: int) -> bytes:
    return bytes([0xC0 | 6]) + (bytes([0xE0]) + b"\x04") * links + b"\x01\x00"


BLOCKS: Mapping[str, Callable[[], str]] = {
    "100,000 user ids": lambda: armored(rsa() + names(100_000)),
    "100,000 user ids, squeezed": lambda: armored(rsa() + squeezed(names(100_000))),
    "as many user ids as there is room for": lambda: armored(rsa() + names(15_000)),
    "20,000 bogus signatures": lambda: armored(rsa() + names(1) + signed() * 20_000),
    "bogus signatures to the brim": lambda: armored(rsa() + names(1) + signed() * 6_000),
    "bogus signatures within bounds": lambda: armored(rsa() + names(1) + signed() * 1_990),
    "a signature of 60,000 empty fields": lambda: armored(
        rsa() + names(1) + signed(fields=b"\x01\x10" * 30_000)
    ),
    "a field that is longer than its signature": lambda: armored(
        rsa() + names(1) + signed(fields=b"\xff\xff\xff\xff\xff\x02")
    ),
    "a compressed bomb": lambda: armored(squeezed(bytes(1 << 26))),
    "bombs in bombs": lambda: armored(squeezed(bytes(1 << 24), times=8)),
    "a key in a user id in a key": lambda: armored(rsa() + packet(13, rsa() + packet(13, rsa()))),
    "a number of 65,535 bits": lambda: armored(rsa(65_535)),
    "a number that is not there": lambda: armored(packet(6, b"\x04" + bytes(4) + b"\x01\xff\xff")),
    "a huge exponent": lambda: armored(rsa(exponent=4096)),
    "a huge group order": lambda: armored(dsa(2048)),
    "a chain of partial lengths": lambda: armored(chain(50_000)),
    "a length of four gigabytes": lambda: armored(bytes([0xC6, 255, 255, 255, 255, 255])),
    "keys and nothing else": lambda: armored(rsa(512) * 1_900),
    "unknown packets": lambda: armored(rsa() + packet(60, b"") * 1_000),
    "a version that does not exist": lambda: armored(packet(6, b"\x09" + bytes(40))),
    "an armor without end": lambda: EDGE.format("BEGIN") + "\n" + "mQENBFM\n" * 4_000_000,
    "a header without end": lambda: EDGE.format("BEGIN") + "Comment: " + "x " * 4_000_000,
    "nothing but begins": lambda: EDGE.format("BEGIN") * 50_000,
    "padding in the middle": lambda: armored(rsa()).replace("\n", "=\n"),
    "zeros": lambda: armored(bytes(MAX_BLOCK_CHARS // 2)),
    "nothing": lambda: armored(b""),
}


def report(block: str) -> str:
    """What the reading says of a block, of its mended form and of what it is not."""
    armor_headers(block)
    mended = extract_keys(block) if len(block) <= MAX_BLOCK_CHARS else []
    walked = [walk_keys(form) for form in (block, *mended)]
    walk_signatures(block)
    walk_recipients(block)
    return f"{len(walked[0].keys)} keys, {'; '.join(refusals(walked)) or 'nothing refused'}"


def extract_keys(block: str) -> list[str]:
    spans = extract(pl.Series([block]))
    return spans.filter(pl.col("kind") == "key_block")["value"].to_list()


def main() -> None:
    extract_keys(armored(rsa()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, make in BLOCKS.items():
        block = make()
        used = resource.getrusage(resource.RUSAGE_SELF)
        worked = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (worked + CPU_S, resource.RLIM_INFINITY))
        print(f"{name}: {report(block)}", flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if (max(peak - before, 0)) * 1024 > MEMORY_BYTES:
            sys.exit(f"{name} took {(peak - before) // 1024} MB")


if __name__ == "__main__":
    main()
