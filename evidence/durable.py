"""Files that are there whole or not at all, also after a power cut.

Invariant: a file gets its final name only when all its bytes are on disk; whatever a crash leaves
behind has a name that starts with a dot.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import polars as pl

from evidence.errors import NotWritten


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table; a reader sees the old file, none, or the whole new one.

    Raises:
        NotWritten: the disk is full, or does not let us write.
    """
    content = BytesIO()
    frame.write_parquet(content, compression="zstd")
    write_bytes(content.getbuffer(), path)


def write_bytes(content: bytes | memoryview, path: Path) -> None:
    """Write bytes; a reader sees the old file, none, or the whole new one.

    Raises:
        NotWritten: the disk is full, or does not let us write.
    """
    with whole_file(path) as stream:
        stream.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream to a file that is there once the block has ended, whole.

    Raises:
        NotWritten: the disk is full, or does not let us write.
    """
    part = path.with_name(f".{path.name}.part")
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        sync_folder(path.parent)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Say in words why something could not be written; the block does nothing else.

    Raises:
        NotWritten: the system refused, for want of space or of leave.
    """
    try:
        yield
    except OSError as error:
        raise NotWritten(path, error.strerror or str(error)) from error


def remove_torn(folder: Path) -> None:
    """Remove what an interrupted write left in a folder and below it."""
    for torn in folder.rglob(".*.part"):
        torn.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it; one that is not there is removed already."""
    if folder.exists():
        shutil.rmtree(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
