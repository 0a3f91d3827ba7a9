"""A folder of photos, HANDLE/*.jpg or MARKET/HANDLE/*.jpg, as if it were a table."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from evidence.chunks import CHUNK_ROWS, Chunk
from evidence.csv_records import Broken
from evidence.mapping import SourceFormat
from evidence.parts import Part

FOLDER_FORMAT = SourceFormat(
    "photo folder",
    "photos",
    {"market": ("folder",), "handle": ("handle",), "photo": ("photo",), "place": ("photo",)},
    {},
    "a folder of photos",
)


def photo_part(root: Path, photos: Sequence[tuple[Path, str | None]], market: str | None) -> Part:
    """A folder of photos as the one table it is; arguments as for `photo_chunks`."""
    return Part(None, "file", photo_chunks(root, photos, market), FOLDER_FORMAT)


def photo_chunks(
    root: Path, photos: Sequence[tuple[Path, str | None]], market: str | None
) -> Iterator[Chunk]:
    """The photos of a folder, numbered from 1; their place is the path below the folder.

    Args:
        root: the folder.
        photos: each with the reason why it must not be opened, or None.
        market: stands for every photo; None: the folder above the handle's, where there is one.
    """
    for start in range(0, len(photos), CHUNK_ROWS):
        numbered = list(enumerate(photos[start : start + CHUNK_ROWS], start + 1))
        good = [(number, path.relative_to(root)) for number, (path, why) in numbered if why is None]
        broken = [
            Broken(number, why, os.fsencode(path.relative_to(root)))
            for number, (path, why) in numbered
            if why is not None
        ]
        names = [name for _, name in good]
        raws = [os.fsencode(name) for name in names]
        yield Chunk(_cells(names, market), [number for number, _ in good], raws, broken)


def _cells(names: Sequence[Path], market: str | None) -> pl.DataFrame:
    folders = [(None, None, *name.parts[:-1])[-2:] for name in names]
    return pl.DataFrame(
        {
            "folder": [market or folder for folder, _ in folders],
            "handle": [handle for _, handle in folders],
            "photo": [name.as_posix() for name in names],
        },
        schema=dict.fromkeys(("folder", "handle", "photo"), pl.String),
    )
