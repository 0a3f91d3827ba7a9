"""What a person said about the files that are taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.formats.columns import Reading, guess
from evidence.formats.mapping import SourceFormat
from evidence.source_card import SourceCard


@dataclass(frozen=True)
class Wish:
    """What the person said about the files: market for rows that name none, kind, and format.

    `card` is what he said of the source, `replaces` the id of the source that it corrects, `person`
    who he is, `page_format` the file of a format for saved pages, besides those that come along.
    """

    market: str | None = None
    kind: str | None = None
    source_format: SourceFormat | None = None
    card: SourceCard | None = None
    replaces: str | None = None
    person: str = "unknown"
    page_format: Path | None = None

    def reading(self, names: Sequence[str], kind: str | None = None) -> Reading:
        """How a table with these columns, of a kind that is known already, is read.

        Raises:
            RefusedInput: nothing says who owns its rows, or nothing is said about him.
        """
        if self.source_format is not None:
            return self.source_format.reading(names)
        return guess(names, kind or self.kind)
