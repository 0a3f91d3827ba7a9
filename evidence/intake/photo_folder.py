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
NO_FOLDER = "it lies in no folder: photos stand in HANDLE/*.jpg or MARKET/HANDLE/*.jpg"


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
        faults = {number: _fault(photo) for number, photo in numbered}
        good = [(number, photo.name) for number, photo in numbered if faults[number] is None]
        broken = [
            Broken(number, fault, _raw(photo.name), photo.shown)
            for number, photo in numbered
            if (fault := faults[number]) is not None
        ]
        names = [name for _, name in good]
        raws = [_raw(name) for name in names]
        yield Chunk(_cells(names, market), [number for number, _ in good], raws, broken)


def _fault(photo: Member) -> str | None:
    """Why a photo must not be opened, or is nobody's; else None."""
    return photo.fault or (None if len(PurePosixPath(photo.name).parts) > 1 else NO_FOLDER)


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _cells(names: Sequence[str], market: str | None) -> pl.DataFrame:
    """Whose each photo is; without a column of markets where one market stands for all."""
    folders = [(None, *PurePosixPath(name).parts[:-1])[-2:] for name in names]
    cells = pl.DataFrame(
        {
            "folder": [folder for folder, _ in folders],
            "handle": [handle for _, handle in folders],
            "photo": names,
        },
        schema=dict.fromkeys(("folder", "handle", "photo"), pl.String),
    )
    return cells.drop("folder") if market else cells
