"""A folder of photos, HANDLE/*.jpg or MARKET/HANDLE/*.jpg, as if it were a table."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import polars as pl

from evidence.formats.chunks import CHUNK_ROWS, Chunk
from evidence.formats.containers import Member
from evidence.formats.csv_records import Broken
from evidence.formats.mapping import SourceFormat
from evidence.formats.parts import Part

FOLDER_FORMAT = SourceFormat(
    "photo folder",
    "photos",
    {"market": ("folder",), "handle": ("handle",), "photo": ("photo",), "place": ("photo",)},
    {},
    "a folder of photos",
)


def photo_part(photos: Sequence[Member], market: str | None) -> Part:
    """A folder of photos as the one table it is.

    Args:
        photos: its photos, each with the reason why it must not be opened, or None.
        market: stands for every photo; None: the folder above the handle's, where there is one.
    """
    return Part(None, "file", _chunks(photos, market), FOLDER_FORMAT)


def _chunks(photos: Sequence[Member], market: str | None) -> Iterator[Chunk]:
    """The photos numbered from 1; their place is their path."""
    for start in range(0, len(photos), CHUNK_ROWS):
        numbered = list(enumerate(photos[start : start + CHUNK_ROWS], start + 1))
        good = [(number, photo.name) for number, photo in numbered if photo.fault is None]
        broken = [
            Broken(number, photo.fault, _raw(photo.name), photo.shown)
            for number, photo in numbered
            if photo.fault is not None
        ]
        names = [name for _, name in good]
        raws = [_raw(name) for name in names]
        yield Chunk(_cells(names, market), [number for number, _ in good], raws, broken)


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _cells(names: Sequence[str], market: str | None) -> pl.DataFrame:
    folders = [(None, None, *PurePosixPath(name).parts[:-1])[-2:] for name in names]
    return pl.DataFrame(
        {
            "folder": [market or folder for folder, _ in folders],
            "handle": [handle for _, handle in folders],
            "photo": names,
        },
        schema=dict.fromkeys(("folder", "handle", "photo"), pl.String),
    )
