"""What a delivered file is made of: one table or several, each a stream of chunks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from evidence.formats.chunks import Chunk
from evidence.formats.mapping import SourceFormat


@dataclass(frozen=True)
class Part:
    """One table inside a delivered file, or the whole of a file that is one table.

    The first chunk comes without reading the whole part, and may hold no rows. A part is read to
    its end before the next one is asked for. A name may come again (rows of two tables that take
    turns in a file): its report goes on. Positions are unique within the parts of one name.
    """

    name: str | None
    """What the file calls it (a table, a kind of object); None where the file is one table."""
    place_word: str
    """What its positions count: line, row, object, message, page."""
    chunks: Iterator[Chunk]
    source_format: SourceFormat | None = None
    """How its columns are read where the file's format says so; None: as the person said, or as
    the names of its columns let guess."""
    why_left: str | None = None
    """Why its rows are counted and left aside, where that is known before; else None."""


class Reader(NamedTuple):
    """A format of files: whether a file is of it, and what its parts are."""

    looks_like: Callable[[bytes, Path], bool]
    """Of the file's first 64 KiB (gunzipped) and its name."""
    parts: Callable[[BinaryIO, Path], Iterator[Part]]
    """Of the file, open at its start and able to go back there (gunzipped, too), and its name,
    which is for messages only: where the file lies inside an archive there is nothing to open.
    RefusedInput before the first part refuses the whole file, later on it names a break: what
    stood before is kept. Better: a part ends in a broken row that names the break."""
