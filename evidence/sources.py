"""Sources: what was received, from whom, on what legal basis."""

from dataclasses import dataclass
from datetime import datetime

IN_FORCE, WITHDRAWN, REPLACED, ERASING = "in force", "withdrawn", "replaced", "erasing"


@dataclass(frozen=True)
class Source:
    """One received file or delivery; its id is the SHA-256 of its bytes (hex).

    Times are aware UTC. A field nobody stated is "unknown", never empty.
    """

    source_id: str
    name: str
    """File name as delivered, for people."""
    size_bytes: int
    received_at: datetime
    captured_at: datetime | None = None
    """When it was scraped or seized, where that was said."""
    captured_precision: str | None = None
    """How exact `captured_at` is: one of `records.PRECISIONS`."""
    owner: str = "unknown"
    """The agency it belongs to."""
    legal_basis: str = "unknown"
    compartment: str = "default"
    handling_code: str = "unknown"
    """Europol handling code, H0 to H3."""
    tlp: str = "unknown"
    """Traffic Light Protocol 2.0 label: CLEAR, GREEN, AMBER, AMBER+STRICT or RED."""
    grade: str = "unknown"
    """4x4 grade: reliability of the source A-X, of the information 1-4."""
    review_at: datetime | None = None
    delete_at: datetime | None = None
    replaces: str | None = None
    """The source it corrects."""
    state: str = IN_FORCE
    """In force, withdrawn, replaced, or erasing: out of force for good, and not yet gone."""
    reading: int = 1
    """Which reading of its bytes counts: 2 where it was read once again, and so on."""

    @property
    def reading_id(self) -> str:
        """The name under which the archive keeps what this reading saw, and a run names it."""
        return reading_id(self.source_id, self.reading)


def reading_id(source_id: str, number: int) -> str:
    """The id of a reading of a source: the source's own, from the second on `SOURCE.2`."""
    return source_id if number == 1 else f"{source_id}.{number}"


def source_of(reading: str) -> str:
    """The source of which this is a reading."""
    return reading.partition(".")[0]
