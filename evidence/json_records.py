"""JSON lines (RFC 8259, an object a line) with exact line numbers."""

import json
from collections.abc import Iterator

from evidence.csv_records import Broken, Record
from evidence.lines import Line


def json_records(lines: Iterator[Line]) -> Iterator[Record | Broken]:
    """Each JSON object (RFC 8259) as name, value, name, value, …; null is left out."""
    for line in lines:
        if line.fault is not None:
            yield Broken(line.number, line.fault, line.content)
        elif line.content.strip():
            yield _json_record(line)


def _json_record(line: Line) -> Record | Broken:
    try:
        row = json.loads(line.content)
        if not isinstance(row, dict):
            return Broken(line.number, "not a JSON object", line.content)
        pairs = [(name, _as_text(value)) for name, value in row.items() if value is not None]
        cells = [text for pair in pairs for text in pair]
        "".join(cells).encode()
    except UnicodeEncodeError:
        return Broken(line.number, "half a character (a lone surrogate)", line.content)
    except (ValueError, RecursionError):
        return Broken(line.number, "broken JSON", line.content)
    return Record(line.number, cells, line.content)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)
