"""What a mail says (RFC 5322, MIME: RFC 2045), read within bounds, however it is built."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from evidence.formats.mail_texts import Decoded, decoded

LINE_LIMIT = 1_000_000
BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
BOUNDARY_LIMIT = 50
WORK_LIMIT = 5_000_000
"""Lines of a mail times its boundaries: every line is held against every boundary."""
DASHED_LIMIT = 10_000
PARAMETERS = re.compile(
    rb"^content-[a-z-]{1,40}+[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE
)
"""Headers with parameters, which the parser reads in a time that grows with their square."""
PARAMETERS_LIMIT_BYTES = 8192
NESTED = re.compile(rb"message/", re.IGNORECASE)
PART_LIMIT = 1_000
TEXT_LIMIT_BYTES = 1 << 20
KEY_BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
MAIN_TYPES = ("application", "audio", "image", "message", "text", "video")
Html = Callable[[str], Decoded]
"""Turns HTML into the text that a reader sees."""


class NotMail(Exception):
    """Bytes that are no mail, or one that is a bomb; the message says which."""


@dataclass(frozen=True)
class Mail:
    """A mail: its headers by their names in lower case (the first of a name), and what it says.

    `flaws` say what of it could not be read, by what it belongs to.
    """

    headers: Mapping[str, str]
    body: str
    keys: tuple[str, ...]
    flaws: Mapping[str, str]


def read_mail(raw: bytes, html: Html) -> Mail:
    """Read a mail. Its text is that of its plain parts; without any, of its HTML.

    Mails inside it and attachments but for keys are left unread: nobody knows whose words they are.

    Raises:
        NotMail: it has no headers, or would take too long to read.
    """
    _refuse_bombs(raw)
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
    except (RecursionError, ValueError, LookupError, AttributeError):
        raise NotMail("it cannot be taken apart") from None
    if not message.keys():
        raise NotMail("no headers")
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), str(value))
    reading = _Reading(html)
    for part in _leaves(message):
        reading.add(part)
    return reading.mail(headers)


def _refuse_bombs(raw: bytes) -> None:
    line_count = raw.count(b"\n")
    boundary_count = len(BOUNDARY.findall(raw)) + len(NESTED.findall(raw))
    if line_count > LINE_LIMIT:
        raise NotMail(f"more than {LINE_LIMIT:,} lines")
    if boundary_count > BOUNDARY_LIMIT or line_count * boundary_count > WORK_LIMIT:
        raise NotMail(f"{boundary_count} nested parts in {line_count:,} lines")
    if any(len(found[0]) > PARAMETERS_LIMIT_BYTES for found in PARAMETERS.finditer(raw)):
        raise NotMail("a header of more than 8 KiB")
    if boundary_count and raw.count(b"\n--") > DASHED_LIMIT:
        raise NotMail(f"more than {DASHED_LIMIT:,} parts")


def _leaves(message: Message) -> Iterator[Message]:
    """Its parts that have no parts, in their order; a mail inside it is one of them."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


class _Reading:
    """What was read of the parts of a mail so far."""

    def __init__(self, html: Html) -> None:
        self._html = html
        self._plain: list[str] = []
        self._pages: list[str] = []
        self._keys: list[str] = []
        self._flaws: dict[str, str] = {}
        self._left: set[str] = set()
        self._count = 0

    def add(self, part: Message) -> None:
        self._count += 1
        if self._count > PART_LIMIT:
            self._flaws["parts"] = f"parts: more than {PART_LIMIT:,}; the first ones are read"
            return
        kind = part.get_content_type()
        if kind == "application/pgp-keys" or (_is_attached(part) and kind.startswith("text/")):
            self._add_key(part)
        elif kind.startswith("multipart/"):
            self._flaws["parts"] = "parts: none can be told from another"
            self._plain.append(self._text(part))
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            (self._plain if kind == "text/plain" else self._pages).append(self._text(part))
        elif kind != "application/pgp-signature":
            self._leave(part)

    def _add_key(self, part: Message) -> None:
        text = self._text(part)
        if KEY_BEGIN in text:
            self._keys.append(text.strip())
        else:
            self._leave(part)

    def _leave(self, part: Message) -> None:
        main = part.get_content_maintype()
        self._left.add(main if main in MAIN_TYPES else "other")

    def _text(self, part: Message) -> str:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return ""
        if len(content) > TEXT_LIMIT_BYTES:
            self._flaws["size"] = "body: a text of more than 1 MiB; its beginning is kept"
        found = decoded(content[:TEXT_LIMIT_BYTES], _charset(part))
        if found.flaw is not None:
            self._flaws["charset"] = f"body: {found.flaw}"
        return found.text

    def mail(self, headers: Mapping[str, str]) -> Mail:
        texts = [text.strip("\n") for text in self._plain if text.strip()]
        for page in self._pages if not texts else ():
            found = self._html(page)
            texts.append(found.text)
            if found.flaw is not None:
                self._flaws["html"] = f"body: {found.flaw}"
        if self._left:
            left = ", ".join(sorted(self._left))
            self._flaws["attachments"] = f"attachments: left unread ({left})"
        return Mail(headers, "\n\n".join(texts), tuple(self._keys), self._flaws)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError):
        return "unknown"
