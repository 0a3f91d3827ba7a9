"""The statements of a dump that say something: tables, and where their rows begin."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from evidence.formats.sql_dialects import BACKTICKED, ESCAPED, NAME, QUOTED_NAME, nested, unquoted

TABLE = rb"(?P<table>" + NAME + rb"(?:\s*+\.\s*+" + NAME + rb"){0,2})"
COLUMNS = rb"(?:\((?P<columns>\s*+" + NAME + rb"(?:\s*+,\s*+" + NAME + rb")*+\s*+)\)\s*+)?"


def _statement(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


WORD = re.compile(rb"[A-Za-z]++|\\")
INSERT = _statement(
    rb"(?:INSERT|REPLACE)\s++(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s++\w++)\s++)*+"
    rb"(?:INTO\s++)?" + TABLE + rb"\s*+" + COLUMNS + rb"(?:OVERRIDING\s++\w++\s++VALUE\s++)?"
    rb"VALUES?\s*+(?=\()"
)
COPY = _statement(
    rb"COPY\s++" + TABLE + rb"\s*+" + COLUMNS + rb"FROM\s++stdin\b(?![^;\n]*+\b(?:csv|binary)\b)"
    rb"[^;\n]*+;[^\n]*+\n"
)
CREATE = _statement(
    rb"CREATE\s++(?:(?:GLOBAL|LOCAL|TEMPORARY|TEMP|UNLOGGED|FOREIGN)\s++)*+TABLE\s++"
    rb"(?:IF\s++NOT\s++EXISTS\s++)?" + TABLE + rb"\s*+(?=\()"
)
USE = _statement(rb"USE\s++(?P<table>" + NAME + rb")\s*+;")
CONNECT = _statement(rb"\\connect\s++(?P<table>" + NAME + rb")\s")
CHARSET = _statement(
    rb"SET\s++(?:SESSION\s++)?(?:NAMES\s++|client_encoding\s*+(?:=|TO)\s*+)'?(?P<name>[\w-]++)"
)
ESCAPES_IN_ALL = _statement(rb"SET\s++standard_conforming_strings\s*+(?:=|TO)\s*+off\b")
STATEMENT_LINE = _statement(
    rb"\n(?=(?:INSERT|REPLACE|CREATE|DROP|ALTER|LOCK|UNLOCK|COPY|SET|USE|BEGIN|COMMIT|DELIMITER)\s"
    rb"|/\*!\d|--\s)"
)
"""A line that begins a statement, where reading goes on after one that was broken."""
CODECS: Mapping[str, tuple[str, ...]] = {
    "cp1252": ("latin1", "win1252"),
    "cp1251": ("cp1251", "win1251", "win"),
    "koi8-r": ("koi8r", "koi8"),
    "cp1250": ("cp1250", "win1250"),
    "iso8859-2": ("latin2",),
    "iso8859-7": ("greek", "iso88597"),
    "iso8859-15": ("latin9",),
    "cp1254": ("win1254", "latin5"),
    "gb18030": ("gb18030", "gbk", "gb2312"),
    "big5": ("big5",),
    "cp932": ("sjis", "cp932"),
}
"""What Python calls a character set, and what MySQL and PostgreSQL do; others are UTF-8."""

QUOTED = ESCAPED + b"|" + QUOTED_NAME + b"|" + BACKTICKED
CODE = rb"[^'\"`()/-]++|" + QUOTED + rb"|--[^\n]*+|-|/\*.*?\*/|/"
BODY = _statement(nested(lambda _: CODE))
"""The columns of a table, in parentheses."""
PIECE = _statement(rb"(?:[^,'\"`()]++|" + QUOTED + b"|" + nested(lambda _: CODE) + rb")++")
COMMENT = _statement(rb"('(?:[^'\\]++|\\.|'')*+')|--[^\n]*+|/\*.*?\*/")
CONSTRAINT = _statement(
    rb"(?:PRIMARY\s++KEY|UNIQUE(?:\s++(?:KEY|INDEX))?+\s*+(?:" + NAME + rb")?+\s*+\(|CONSTRAINT\s"
    rb"|(?:FULLTEXT|SPATIAL)\s|(?:KEY|INDEX)\s*+(?:" + NAME + rb"\s*+)?+(?:USING\s++\w++\s*+)?+"
    rb"\((?!\d++\))|CHECK\s*+\(|FOREIGN\s++KEY|EXCLUDE\s|LIKE\s|PERIOD\s++FOR\s)"
)
COLUMN = _statement(
    rb"(?P<name>" + NAME + rb")\s*+"
    rb"(?P<binary>(?:(?:tiny|medium|long)?blob|(?:var)?binary|bytea|geometry|point)\b)?"
)


class Table(NamedTuple):
    """A table as a dump makes it: its columns, and which of them hold bytes, not text."""

    names: tuple[str, ...]
    binary: frozenset[str]


def table_of(body: bytes) -> Table:
    """The columns between the parentheses of a CREATE TABLE."""
    names: dict[str, bool] = {}
    for piece in PIECE.findall(COMMENT.sub(rb"\1 ", body)):
        text = piece.strip()
        found = None if CONSTRAINT.match(text) else COLUMN.match(text)
        if found is not None:
            names[unquoted(found["name"])] = found["binary"] is not None
    return Table(tuple(names), frozenset(name for name, binary in names.items() if binary))


def columns_of(listed: bytes | None) -> tuple[str, ...] | None:
    """The names in a list of columns; None where there is none."""
    return None if listed is None else tuple(map(unquoted, re.findall(NAME, listed)))


def codec_of(name: bytes) -> str:
    """What Python calls a character set of MySQL or PostgreSQL."""
    plain = name.decode("ascii", "replace").lower().replace("-", "").replace("_", "")
    return next((codec for codec, names in CODECS.items() if plain in names), "utf-8")
