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
    owner: str = "unknown"
    """The agency it belongs to."""
    legal_basis: str = "unknown"
    compartment: str = "default"
    handling_code: str = "unknown"
    """Europol handling code, H0 to H3, or a TLP colour."""
    grade: str = "unknown"
    """4x4 grade: reliability of the source A-X, of the information 1-4."""
    review_at: datetime | None = None
    delete_at: datetime | None = None
    state: str = "in force"
