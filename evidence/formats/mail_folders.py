"""Mail folders (mbox): each message a post of its sender, on the mailing list or the market named.

The address in `From` is the handle; anybody can write any address there, as anybody can post a key.
"""

from collections.abc import Iterator, Sequence
from email.utils import parseaddr, parsedate_to_datetime
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from evidence.formats.mail_bodies import Mail, NotMail, read_mail
from evidence.formats.mail_texts import Decoded, header_text, unfolded
from evidence.formats.mbox_messages import RawMessage, looks_like_mbox, raw_messages
from evidence.formats.page_reader import CRASHED, PageReader
from evidence.formats.parts import Part
from evidence.formats.told_rows import Row, Told, Unread, told_parts

CRASH_LIMIT, QUOTE_LIMIT = 5, 100
ADDRESS_LIMIT_CHARS = 320
"""64 and 255 characters around an @ (RFC 5321, 4.5.3.1)."""


def looks_like(head: bytes, path: Path) -> bool:
    """The line that stands before a message, then a header."""
    return looks_like_mbox(head)


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The posts and keys of a folder; positions are bytes from 1, of the line before a message."""
    page_format = resources.files("evidence.formats") / "mail_page.toml"
    with resources.as_file(page_format) as own, PageReader(own) as reader:
        yield from told_parts(_rows(stream, _HtmlBodies(reader)), "byte", "a mail folder")


def _rows(stream: BinaryIO, html: "_HtmlBodies") -> Iterator[Row]:
    for message in raw_messages(stream):
        yield from _of_message(message, html)


def _of_message(message: RawMessage, html: "_HtmlBodies") -> Iterator[Row]:
    place = f"message {message.number} at byte {message.byte:,}"
    if message.number == 0:
        why = message.fault or "it belongs to no message"
        yield Unread(why, message.raw, place, message.byte)
        return
    try:
        mail = read_mail(message.raw, html.seen)
    except NotMail as error:
        yield Unread(f"no mail: {message.fault or error}", message.raw, place, message.byte)
        return
    owner = _owner(mail)
    if message.fault is not None:
        mail = Mail(mail.headers, mail.body, mail.keys, {**mail.flaws, "end": message.fault})
    yield Told("posts", {**owner, **_post(mail)}, message.raw, place, message.byte)
    shown = {**owner, "stated_at": _date(mail)}
    for number, block in enumerate(mail.keys):
        yield Told("keys", {**shown, "block": block}, message.raw, place, message.byte + number)


class _HtmlBodies:
    """The HTML bodies of a folder, as a reader sees them."""

    def __init__(self, reader: PageReader) -> None:
        self._reader = reader
        self._crash_count = 0

    def seen(self, page: str) -> Decoded:
        """The text of a body, lines that it quotes behind `> `."""
        if self._crash_count >= CRASH_LIMIT:
            return Decoded("", f"HTML: not read, {CRASH_LIMIT} bodies before it ended the parser")
        found = self._reader.read(page.encode("utf-8", "replace"))
        self._crash_count += found.fault == CRASHED
        body, *quotes = [values.get("body", "") for _, values in found.rows] or [""]
        return Decoded(_quoted(body, quotes[:QUOTE_LIMIT]), found.fault and f"HTML: {found.fault}")


def _quoted(body: str, quotes: Sequence[str]) -> str:
    """The body with each line of these parts of it behind `> `."""
    pieces: list[str] = []
    for quote in quotes:
        before, found, after = body.partition(quote) if quote else (body, "", "")
        if found:
            pieces += [before, "\n".join(f"> {line}" for line in quote.split("\n"))]
            body = after
    return "".join([*pieces, body])


def _owner(mail: Mail) -> dict[str, str]:
    return {"market": _list_id(mail), "handle": _sender(mail)[1]}


def _sender(mail: Mail) -> tuple[str, str]:
    """Name and address of who says to have written it."""
    said = mail.headers.get("from") or mail.headers.get("sender") or ""
    name, address = parseaddr(unfolded(said)[: 4 * ADDRESS_LIMIT_CHARS])
    return header_text(name), address[: ADDRESS_LIMIT_CHARS + 1]


def _list_id(mail: Mail) -> str:
    """The name of the mailing list (RFC 2919), or nothing."""
    said = header_text(mail.headers.get("list-id", ""))
    return said.rpartition("<")[2].rstrip("> ") if said else ""


def _post(mail: Mail) -> dict[str, str]:
    name, address = _sender(mail)
    before = (mail.headers.get("references") or mail.headers.get("in-reply-to") or "").split()
    shown = [f"e-mail: {address}" if "@" in address else "", f"shown as: {name}" if name else ""]
    flaws = {f"flaw {part}": why for part, why in sorted(mail.flaws.items())}
    return {
        "record_id": header_text(mail.headers.get("message-id", "")),
        "board": _list_id(mail),
        "thread": unfolded(before[0]) if before else "",
        "title": header_text(mail.headers.get("subject", "")),
        "body": mail.body,
        "profile": "\n".join(line for line in shown if line),
        "stated_at": _date(mail),
        **flaws,
    }


def _date(mail: Mail) -> str:
    """The date in ISO 8601; as it came where it is none, so that it is named as a flaw."""
    said = header_text(mail.headers.get("date", ""))
    try:
        return parsedate_to_datetime(said).isoformat() if said else ""
    except (ValueError, TypeError, OverflowError, IndexError):
        return said
