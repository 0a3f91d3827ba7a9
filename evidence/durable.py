"""Files that are there whole or not at all, also after a power cut.

Invariant: a file gets its final name only when all its bytes are on disk; whatever a crash leaves
behind has a name that starts with a dot.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import polars as pl


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table; a reader sees the old file, none, or the whole new one."""
    _write(path, lambda stream: frame.write_parquet(stream, compression="zstd"))


def write_bytes(content: bytes, path: Path) -> None:
    """Write bytes; a reader sees the old file, none, or the whole new one."""
    _write(path, lambda stream: stream.write(content))


def remove_torn(folder: Path) -> None:
    """Remove what an interrupted write left in a folder and below it."""
    for torn in folder.rglob(".*.part"):
        torn.unlink(missing_ok=True)


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        fill(stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
