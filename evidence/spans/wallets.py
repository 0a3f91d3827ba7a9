"""Where coin addresses may stand. Armor and links are full of strings that only look alike."""

import re
from collections.abc import Iterator

from evidence.spans.coins import ADDRESS
from evidence.spans.found import Found
from evidence.spans.hints import LONG_RUN

WALLET_HINTS = (
    (
        LONG_RUN,
        r"[13LM][1-9A-HJ-NP-Za-km-z]{25}|(?i:bc1|ltc1)[02-9ac-hj-np-zAC-HJ-NP-Z]{8}"
        r"|[48][1-9A-HJ-NP-Za-km-z]{94}|0x[0-9a-fA-F]{40}",
    ),
    (r"(?i)bc1[02-9ac-hj-np-z]{8}",),
    (r"(?i)ltc1[02-9ac-hj-np-z]{8}",),
)
KEY_TALK = re.compile(r"(?:[pg]gp|gpg|key|finger ?print|fpr|search=)[^\n]{0,40}\Z", re.IGNORECASE)
KEY_TALK_CHARS = 50


def find_wallets(text: str) -> Iterator[Found]:
    """What has the form of a coin address; `coins.checksums_hold` says which of them are.

    `0x` and 40 hex digits where an OpenPGP key is spoken of are a fingerprint, no wallet.
    """
    for found in ADDRESS.finditer(text):
        if found.lastgroup == "ethereum" and speaks_of_key(text, found.start()):
            continue
        value = found[0].lower() if found.lastgroup == "bech32" else found[0]
        yield Found("wallet", found.start(), found.end(), value)


def speaks_of_key(text: str, place: int) -> bool:
    """Is an OpenPGP key spoken of in the line before a place, within some 40 characters?"""
    return bool(KEY_TALK.search(text[max(0, place - KEY_TALK_CHARS) : place]))
