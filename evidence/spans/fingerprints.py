"""OpenPGP fingerprints and key ids in hex, however they are spaced."""

import re
from collections.abc import Iterator

from evidence.spans.found import Found
from evidence.spans.hints import LONG_RUN
from evidence.spans.wallets import speaks_of_key

GAP = r"(?:[ \t\u00a0:]{1,3}|[ \t]{0,3}\r?\n[ \t>]{0,40})"
FINGERPRINT = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<ox>0x)?[0-9A-F]{40}"
    r"|(?=[0-9]{0,15}[A-F])(?=[A-F]{0,15}[0-9])[0-9A-F]{16}"
    r"|0x[0-9A-F]{16}|0x[0-9A-F]{8}"
    rf"|(?:[0-9A-F]{{4}}{GAP}){{9}}[0-9A-F]{{4}}"
    r"|(?<![0-9A-F][: -])(?P<pairs>[0-9A-F]{2}(?P<gap>[: -])(?:[0-9A-F]{2}(?P=gap)){18}[0-9A-F]{2})"
    r"(?!(?P=gap)[0-9A-F]))(?![0-9A-Za-z])",
    re.IGNORECASE,
)
KEY_ID = re.compile(
    r"(?:\bkey[ -]?id\b|\b(?:rsa|dsa|pgp|gpg) key\b|\b[0-9]{3,5}[RDgG]/)[ \t:=#\"'(-]{0,4}(?:is )?"
    r"(?:0x)?(?P<id>[0-9A-F]{8}|[0-9A-F]{16}|(?:[0-9A-F]{4}[ \t]){1,3}[0-9A-F]{4})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
OTHER_HASH = re.compile(
    r"(?:\bsha-?\d*|\bmd5|\bripemd[ -]?\d*|\bcrc\d*|checksum|commit|btih)\W{0,8}\Z", re.IGNORECASE
)
OTHER_HASH_CHARS = 24
GLUE = tuple("/=&?-_.+#%")
"""Before digits that are a piece of a link or a file name."""

FINGERPRINT_HINTS = (
    (LONG_RUN, r"[0-9A-Fa-f]{16}"),
    (r"0x[0-9A-Fa-f]{8}",),
    (r"[0-9A-Fa-f]{4}[ \t\u00a0:]{1,3}[0-9A-Fa-f]{4}",),
    (r"(?i)key", r"(?i)\bkey[ -]?id\b|[rdp][sg][ap] key\b|(?:[0-9A-F]{2}[: -]){10}"),
    (r"(?i)fingerprint", r"(?i)(?:[0-9A-F]{2}[: -]){10}"),
    (r"[0-9][RDGrdg]/[0-9A-Fa-f]{8}",),
)


def find_fingerprints(text: str) -> Iterator[Found]:
    """Fingerprints (40 digits) and key ids, in upper case without blanks and 0x.

    A key id has 16 digits, or 8 after 0x, behind the words "key id" or "RSA key", or in gpg's
    listing (`4096R/…`). Only where a key is spoken of count 40 digits after `0x` (else a wallet's),
    twenty pairs of digits, and digits within a link. Digits behind another hash's name are none.
    """
    seen = set()
    for found in FINGERPRINT.finditer(text):
        plain = found["ox"] is None and found["pairs"] is None
        sure = plain and text[max(0, found.start() - 1) : found.start()] not in GLUE
        ours = sure or speaks_of_key(text, found.start())
        if ours and not _is_other_hash(text, found.start()):
            seen.add(found.end())
            yield Found("fingerprint", *found.span(), _plain(found[0]))
    for found in KEY_ID.finditer(text):
        if found.end() not in seen:
            yield Found("fingerprint", *found.span("id"), _plain(found["id"]))


def _is_other_hash(text: str, place: int) -> bool:
    return bool(OTHER_HASH.search(text[max(0, place - OTHER_HASH_CHARS) : place]))


def _plain(digits: str) -> str:
    return re.sub(r"[^0-9A-F]", "", digits.upper().removeprefix("0X"))
