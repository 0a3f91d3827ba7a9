"""What a person says of a source, in a TOML file: whose it is, on what basis, how it is handled."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from evidence.errors import RefusedInput
from evidence.formats.parsing import Moment, parse_time
from evidence.sources import Source

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "handling_code": ("H0", "H1", "H2", "H3"),
    "tlp": ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"),
    "grade": tuple(source + information for source in "ABCX" for information in "1234"),
}
"""Europol handling codes; Traffic Light Protocol 2.0 (FIRST, 2022), without `TLP:`; 4x4 grades:
reliability of the source (A to C, X unknown) and of the information (1 to 4)."""
WORDS = ("owner", "legal_basis", "compartment")
TIMES = ("captured_at", "review_at", "delete_at")
LONGEST_CHARS = 500
LARGEST_BYTES = 64_000


@dataclass(frozen=True)
class SourceCard:
    """What is said of a source; the fields of `Source` by name, as far as they are said."""

    fields: Mapping[str, Any]

    def applied_to(self, source: Source) -> Source:
        """The source with what is said of it."""
        return replace(source, **dict(self.fields))


def read_source_card(path: Path) -> SourceCard:
    """Read a source's TOML file; times without a zone are UTC, as exact as they are written.

    Raises:
        RefusedInput: it cannot be read, a key is unknown, or a value is not one of those allowed;
            the message names file, line and key.
    """
    text = _text(path)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RefusedInput(f"{path}: not TOML: {error}") from error
    fields: dict[str, object] = {}
    for key, value in said.items():
        try:
            fields |= _field(key, value)
        except ValueError as error:
            raise RefusedInput(f"{path}, line {_line_of(key, text)}: {error}") from error
    return SourceCard(fields)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise RefusedInput(f"{path}: more than {LARGEST_BYTES:,} bytes; this is no source file")
        return raw.decode()
    except OSError as error:
        raise RefusedInput(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RefusedInput(f"{path}: not UTF-8") from error


def _field(key: str, value: object) -> dict[str, object]:
    if key in ALLOWED:
        return {key: _one_of(key, value)}
    if key in WORDS:
        return {key: _words(key, value)}
    if key not in TIMES:
        raise ValueError(f"unknown key {key}; there are {', '.join([*WORDS, *ALLOWED, *TIMES])}")
    moment = _moment(key, value)
    exact = {"captured_precision": moment.precision} if key == "captured_at" else {}
    return {key: moment.at, **exact}


def _one_of(key: str, value: object) -> str:
    allowed = ALLOWED[key]
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{key} = {value!r} is none of {', '.join(allowed)}")
    return value


def _words(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_CHARS:
        raise ValueError(f"{key} must be a text of 1 to {LONGEST_CHARS} characters in quotes")
    if key == "compartment" and "," in value:
        raise ValueError(f"compartment {value!r} has a comma, which separates compartments")
    return value.strip()


def _moment(key: str, value: object) -> Moment:
    if isinstance(value, datetime):
        aware = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return Moment(aware, "microsecond" if aware.microsecond else "second")
    written = value.isoformat() if isinstance(value, date) else value
    is_year = type(value) is int and 1000 <= value <= 9999
    moment = parse_time(str(written)) if is_year or isinstance(written, str) else None
    if moment is None:
        raise ValueError(
            f"{key} = {value!r} is no time; write 2017-07-04, 2017-07-04T12:30:00Z, or "
            '"2017-07" where only the month is known'
        )
    return moment


def _line_of(key: str, text: str) -> int:
    """The line of a key at the top level; the first where it is not found as written."""
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if written.match(line)), 1)
