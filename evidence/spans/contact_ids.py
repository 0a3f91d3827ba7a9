"""Ways to reach somebody that are known by their own form: ids, checksums, links, Jabber hosts."""

import re
from collections.abc import Callable, Iterator

from evidence.spans.addresses import EMAIL
from evidence.spans.base58 import is_bitmessage
from evidence.spans.found import Found
from evidence.spans.hints import LONG_RUN
from evidence.spans.phones import e164

IDS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<session>05[0-9a-f]{64})|(?P<tox>[0-9A-F]{76})"
    r"|(?<![0-9A-F] )(?P<otr>(?=[0-9 ]{0,44}[A-F])(?:[0-9A-F]{8} ){4}[0-9A-F]{8})(?! [0-9A-F]{8}))"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
BITMESSAGE = re.compile(r"(?<![A-Za-z0-9])BM-[1-9A-HJ-NP-Za-km-z]{30,40}(?![A-Za-z0-9@])")
CONTACT_LINK = re.compile(
    r"(?<![\w.-])(?:(?:t|telegram)\.(?:me|dog)/(?:s/)?(?P<telegram>[A-Za-z]\w{4,31})\b(?!/\w)"
    r"|tg://resolve\?domain=(?P<tg>[A-Za-z]\w{4,31})\b"
    r"|(?:t|telegram)\.me/(?:joinchat/|\+)(?P<invitation>[\w-]{10,40})"
    r"|threema\.id/(?P<threema>[A-Za-z0-9*][A-Za-z0-9]{7})\b"
    r"|signal\.me/\#p/(?P<signal>\+[0-9]{8,15})\b|wa\.me/(?P<whatsapp>[1-9][0-9]{7,14})\b"
    r"|ricochet:(?P<ricochet>[a-z2-7]{56}|[a-z2-7]{16})\b)",
    re.IGNORECASE,
)
IDS_HINTS = (
    (LONG_RUN, r"(?i)05[0-9a-f]{64}|[0-9a-f]{76}|\bBM-"),
    (r"[0-9A-Fa-f]{4}[ \t\u00a0:]{1,3}[0-9A-Fa-f]{4}", r"(?i)(?:[0-9a-f]{8} ){4}"),
    (r"(?i)\.(?:me|dog|id)/",),
    ("tg://",),
    (r"(?i)ricochet:",),
)
NO_ACCOUNTS = ("addstickers", "joinchat", "proxy", "setlanguage", "share", "socks")
"""Paths of telegram.me that are no names."""

JABBER_HINTS = ((r"(?i)jabber",), (r"(?i)xmpp",))
JABBER_HOST = re.compile(r"jabber|xmpp", re.IGNORECASE)
JABBER_BEFORE = re.compile(
    r"(?:\bjabber\b|\bxmpp\b)(?:(?!mail|[@<>])[\s\S]){0,40}\Z", re.IGNORECASE
)
JABBER_BEHIND = re.compile(r"[ \t]{0,2}[(\[]?[ \t]?(?:jabber|xmpp)\b", re.IGNORECASE)
JABBER_WINDOW_CHARS = 48


def find_ids(text: str) -> Iterator[Found]:
    """Session and Tox ids, OTR fingerprints in five groups of eight, Bitmessage, contact links.

    Values are `MESSENGER:name`. Tox: 32 bytes of key, 4 of nospam, and as checksum the exclusive or
    of all byte pairs (Tox protocol); Bitmessage: see `evidence.spans.base58`.
    """
    for found in IDS.finditer(text):
        kind, plain = str(found.lastgroup), found[0].replace(" ", "")
        if kind != "tox" or is_tox(plain):
            value = plain.lower() if kind == "session" else plain.upper()
            yield Found("contact", *found.span(), f"{kind}:{value}")
    for found in BITMESSAGE.finditer(text):
        if is_bitmessage(found[0]):
            yield Found("contact", *found.span(), f"bitmessage:{found[0]}")
    for found in CONTACT_LINK.finditer(text):
        kind = str(found.lastgroup)
        contact = LINKED[kind](found[kind])
        if contact is not None:
            yield Found("contact", *found.span(kind), contact)


def is_tox(digits: str) -> bool:
    """Is the exclusive or of the 19 byte pairs of 76 hex digits zero?"""
    pairs = [int(digits[place : place + 4], 16) for place in range(0, len(digits), 4)]
    checksum = 0
    for pair in pairs:
        checksum ^= pair
    return checksum == 0


def find_jabber(text: str) -> Iterator[Found]:
    """Addresses `name@host` that the host or a word beside them calls Jabber (XMPP)."""
    for found in EMAIL.finditer(text):
        start, end = found.span()
        before = text[max(0, start - JABBER_WINDOW_CHARS) : start]
        hosted = JABBER_HOST.search(found[0].rpartition("@")[2])
        if hosted or JABBER_BEFORE.search(before) or JABBER_BEHIND.match(text, end):
            yield Found("contact", start, end, f"jabber:{found[0].lower()}")


def _telegram(name: str) -> str | None:
    return None if name.lower() in NO_ACCOUNTS else f"telegram:{name.lower()}"


def _phone(messenger: str) -> Callable[[str], str | None]:
    def of(raw: str) -> str | None:
        number = e164("+" + raw.removeprefix("+"))
        return f"{messenger}:{number}" if number else None

    return of


LINKED: dict[str, Callable[[str], str | None]] = {
    "telegram": _telegram,
    "tg": _telegram,
    "invitation": lambda invitation: f"telegram:+{invitation}",
    "threema": lambda name: f"threema:{name.upper()}",
    "signal": _phone("signal"),
    "whatsapp": _phone("whatsapp"),
    "ricochet": lambda name: f"ricochet:{name.lower()}",
}
