"""What a delivered file is made of: one table or several, each a stream of chunks."""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.chunks import Chunk
from evidence.mapping import SourceFormat


@dataclass(frozen=True)
class Part:
    """One table inside a delivered file, or the whole of a file that is one table.

    The first chunk comes without reading the whole part, and may hold no rows.
    """

    name: str | None
    """What the file calls it (a table, a kind of object); None where the file is one table."""
    place_word: str
    """What its positions count: line, row, object, message, page."""
    chunks: Iterator[Chunk]
    source_format: SourceFormat | None = None
    """How its columns are read where the file's format says so; None: as the person said, or as
    the names of its columns let guess."""
