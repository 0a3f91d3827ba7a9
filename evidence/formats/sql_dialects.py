"""How MySQL, PostgreSQL and SQLite write values in a dump. Nothing of a dump is ever executed.

Sources: MySQL 8.4 Reference Manual, 11.1 Literal Values; PostgreSQL 16 Documentation, 4.1 Lexical
Structure and COPY; SQLite, The SQLite Shell (`.dump`).
"""

import re
from collections.abc import Callable
from typing import NamedTuple

ESCAPED = rb"'(?:[^'\\]++|\\.|'')*+'"
ESCAPED_WIDE = rb'"(?:[^"\\]++|\\.|"")*+"'
STANDARD = rb"'(?:[^']++|'')*+'"
BACKTICKED = rb"`(?:[^`]++|``)*+`"
QUOTED_NAME = rb'"(?:[^"]++|"")*+"'
TAG = rb"(?:[A-Za-z_]\w*+)?+"
NAME = rb"(?:" + BACKTICKED + b"|" + QUOTED_NAME + rb"|[A-Za-z_\x80-\xff][\w$\x80-\xff]*+)"
STANDARD_SIGNS = re.compile(
    rb"-- PostgreSQL database|SET (?:standard_conforming|client_enc)|FROM stdin;|^PRAGMA ",
    re.MULTILINE,
)
MYSQL_SIGNS = re.compile(
    rb"-- (?:MySQL|MariaDB) dump|phpMyAdmin|/\*!\d{5}|\)\s*ENGINE\s*=|INSERT INTO `|\\'",
    re.IGNORECASE,
)
LITERAL = re.compile(rb"(?i)([nebx]|u&|_\w++\s*+)?(" + ESCAPED + rb")", re.DOTALL)
HEX = re.compile(rb"0[xX]((?:[0-9a-fA-F]{2})++)")
DOLLARED = re.compile(rb"\$(" + TAG + rb")\$(.*)\$\1\$", re.DOTALL)
REPLACED = re.compile(rb"(?i)replace\((.*),'(\\[nr])',char\((1[03])\)\)", re.DOTALL)
ESCAPE = re.compile(rb"\\(.)|(['\"])\2", re.DOTALL)
ESCAPES = dict(
    zip(
        (b"0", b"b", b"n", b"r", b"t", b"Z", b"%", b"_"),
        (b"\0", b"\b", b"\n", b"\r", b"\t", b"\x1a", rb"\%", rb"\_"),
        strict=True,
    )
)
C_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
C_ESCAPE_OR_QUOTE = re.compile(C_ESCAPE.pattern + b"|''", re.DOTALL)
C_ESCAPES = dict(
    zip(
        (b"b", b"f", b"n", b"r", b"t", b"v"),
        (b"\b", b"\f", b"\n", b"\r", b"\t", b"\v"),
        strict=True,
    )
)


class Dialect(NamedTuple):
    """The patterns of a dialect, and what a value says."""

    row: re.Pattern[bytes]
    """A row of values in parentheses, which hold at most two more within each other."""
    cells: Callable[[bytes], list[bytes]]
    """The values of such a row as they stand; fewer or more where it is not written properly."""
    filler: re.Pattern[bytes]
    """What stands in a statement up to its end, a comment, or a string that is not closed."""
    value: Callable[[bytes], bytes | None]
    """What a value says, as bytes in the dump's encoding; NULL is None."""
    is_mysql: bool
    """`#` begins a comment, and comments do not nest."""


def dialect_of(head: bytes) -> Dialect:
    """The dialect of a dump that begins so; what is not MySQL's is the standard's."""
    is_standard = STANDARD_SIGNS.search(head) or not MYSQL_SIGNS.search(head)
    return POSTGRESQL if is_standard else MYSQL


def unquoted(name: bytes) -> str:
    """A table's or a column's name without quotes; dots between its parts stay."""
    parts = re.findall(NAME, name)
    return ".".join(_bare(part).decode("utf-8", "replace") for part in parts)


def copied(cell: bytes) -> bytes | None:
    r"""What a cell of PostgreSQL's COPY (text format) says; `\N` is None."""
    if b"\\" not in cell:
        return cell
    return None if cell == rb"\N" else C_ESCAPE.sub(_c_escape, cell)


def _bare(name: bytes) -> bytes:
    quote = name[:1]
    return name[1:-1].replace(quote * 2, quote) if quote in b'`"' else name


def _mysql_value(token: bytes) -> bytes | None:
    if token.isdigit():
        return token
    token = token.strip()
    quote = token[:1]
    if quote in (b"'", b'"') and token[-1:] == quote:
        return _mysql_text(token[1:-1], quote)
    return _other_value(token, _mysql_text)


def _mysql_text(text: bytes, quote: bytes = b"'") -> bytes:
    if b"\\" in text:
        return ESCAPE.sub(lambda m: ESCAPES.get(m[1], m[1]) if m[1] else m[2], text)
    return text.replace(quote * 2, quote)


def _standard_value(token: bytes) -> bytes | None:
    if token.isdigit():
        return token
    token = token.strip()
    if token[:1] == b"'" and token[-1:] == b"'":
        return token[1:-1].replace(b"''", b"'")
    if found := DOLLARED.fullmatch(token):
        return found[2]
    return _other_value(token, lambda text: text.replace(b"''", b"'"))


def _other_value(token: bytes, plain: Callable[[bytes], bytes]) -> bytes | None:
    """A number, NULL, a string with something around it, or an expression as it stands."""
    if token.upper() == b"NULL":
        return None
    if token[:1].isdigit() or token[:1] in b"-+":
        found = HEX.fullmatch(token)
        return token if found is None else bytes.fromhex(found[1].decode())
    if found := REPLACED.fullmatch(token):
        inner = _other_value(found[1], plain)
        return inner and inner.replace(found[2], bytes([int(found[3])]))
    return _prefixed(token, plain)


def _prefixed(token: bytes, plain: Callable[[bytes], bytes]) -> bytes:
    found = LITERAL.match(token)
    if found is None:
        return token
    prefix, text = (found[1] or b"").strip().lower(), found[2][1:-1]
    if prefix == b"e":
        return C_ESCAPE_OR_QUOTE.sub(_c_escape, text)
    if prefix == b"x":
        is_hex = HEX.fullmatch(b"0x" + text)
        return bytes.fromhex(text.decode()) if is_hex else b""
    return plain(text)


def _c_escape(found: re.Match[bytes]) -> bytes:
    octal, byte, short, long, other = found.groups()
    if octal or byte:
        return bytes([int(octal, 8) & 255 if octal else int(byte, 16)])
    if short or long:
        return chr(min(int(short or long, 16), 0x10FFFF)).encode("utf-8", "surrogatepass")
    return C_ESCAPES.get(other, other) if other else b"'"


def _dollared(number: int) -> bytes:
    name = b"tag%d" % number
    return rb"\$(?P<" + name + b">" + TAG + rb")\$.*?\$(?P=" + name + rb")\$|\$(?!" + TAG + rb"\$)"


def nested(inside: Callable[[int], bytes], depth: int = 5) -> bytes:
    """The pattern of parentheses within each other, so deep, and what else is inside of each."""
    deeper = b"|" + nested(inside, depth - 1) if depth > 1 else b""
    return rb"\((?:" + inside(depth) + deeper + rb")*+\)"


def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


MYSQL_STRINGS = ESCAPED + b"|" + ESCAPED_WIDE
STANDARD_STRINGS = rb"[eE]" + ESCAPED + rb"|[eE](?=[^'])|" + STANDARD + b"|" + QUOTED_NAME
CODE_MARKS = rb"|/(?=[^*])|-(?=[^-])"
VALUE_END = rb"(?=\s*+[,):|])"
"""What follows a string in a row; else a quote is missing somewhere."""
MYSQL_VALUES = rb"[^'\"()]++|(?:" + MYSQL_STRINGS + b")" + VALUE_END


def _standard_values(number: int) -> bytes:
    strings = rb"[eE]" + ESCAPED + b"|" + STANDARD + b"|" + QUOTED_NAME
    closed = b"(?:" + strings + b")" + VALUE_END
    return rb"[^'\"()$eE]++|" + closed + rb"|[eE](?=[^'])|" + _dollared(number)


MYSQL_CELL = _compiled(
    rb"(?:[^,'\"()]++|" + MYSQL_STRINGS + b"|" + nested(lambda _: MYSQL_VALUES) + rb")++"
)
STANDARD_CELL = _compiled(
    rb"(?:[^,'\"()$eE]++|"
    + STANDARD_STRINGS
    + b"|"
    + _dollared(0)
    + b"|"
    + nested(_standard_values)
    + rb")++"
)
MYSQL = Dialect(
    _compiled(nested(lambda _: MYSQL_VALUES)),
    lambda row: MYSQL_CELL.findall(row, 1),
    _compiled(rb"(?:[^;'\"`/#-]++|" + MYSQL_STRINGS + b"|" + BACKTICKED + CODE_MARKS + rb")*+"),
    _mysql_value,
    is_mysql=True,
)
POSTGRESQL = Dialect(
    _compiled(nested(_standard_values)),
    lambda row: [found[0] for found in STANDARD_CELL.finditer(row, 1)],
    _compiled(
        rb"(?:[^;'\"$/eE-]++|" + STANDARD_STRINGS + CODE_MARKS + b"|" + _dollared(1) + rb")*+"
    ),
    _standard_value,
    is_mysql=False,
)
