"""JSON lines (RFC 8259, an object a line) with exact line numbers."""

import json
from collections.abc import Iterator

from evidence.formats.csv_records import Broken, Record
from evidence.formats.lines import Line


def json_records(lines: Iterator[Line]) -> Iterator[Record | Broken]:
    """Each JSON object (RFC 8259) as name, value, name, value, …; null is left out."""
    for line in lines:
        if line.fault is not None:
            yield Broken(line.number, line.fault, line.content)
        elif line.content.strip():
            yield json_record(line.number, line.content)


def json_record(position: int, raw: bytes, place: str | None = None) -> Record | Broken:
    """One JSON object as name, value, name, value, …; null is left out."""
    try:
        row = json.loads(raw)
        if not isinstance(row, dict):
            return Broken(position, "not a JSON object", raw, place)
        pairs = [(name, _as_text(value)) for name, value in row.items() if value is not None]
        cells = [text for pair in pairs for text in pair]
        "".join(cells).encode()
    except UnicodeEncodeError:
        return Broken(position, "half a character (a lone surrogate)", raw, place)
    except (ValueError, RecursionError):
        return Broken(position, "broken JSON", raw, place)
    return Record(position, cells, raw, place)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)
