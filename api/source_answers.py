"""A source in the words of the command line and of programs."""

from dataclasses import asdict
from datetime import datetime

from evidence.acts import events_of
from evidence.archive import Archive
from evidence.ledger import Ledger
from evidence.sources import Source

SHORT_DIGITS = 12


def source_row(source: Source, now: datetime) -> dict[str, object]:
    """A source as a row of the list; times as ISO text."""
    due = "; ".join(overdue(source, now))
    return {"source": source.source_id[:SHORT_DIGITS], **_fields(source), "due": due or None}


def source_said(source: Source, ledger: Ledger, archive: Archive) -> dict[str, object]:
    """All that is known of a source: its fields, what it holds by table, and what was done."""
    events = [
        asdict(event) | {"at": event.at.isoformat()}
        for event in events_of(ledger, source.source_id)
    ]
    return {**_fields(source), "holds": archive.counts(source.reading_id), "events": events}


def overdue(source: Source, now: datetime) -> list[str]:
    """What should have been done by now, each in a sentence."""
    times = (("reviewed", source.review_at), ("deleted", source.delete_at))
    return [
        f"to be {what} since {at:%Y-%m-%d}" for what, at in times if at is not None and at <= now
    ]


def _fields(source: Source) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(source).items()
    }
