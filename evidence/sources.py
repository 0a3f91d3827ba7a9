"""Sources: what was received, from whom, on what legal basis."""

from dataclasses import dataclass
from datetime import datetime


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
    state: str = "in force"
    """In force, withdrawn or replaced."""
