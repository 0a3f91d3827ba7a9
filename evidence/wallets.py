"""Coin addresses whose checksum holds. Armor and links are full of strings that only look alike."""

import re
from collections.abc import Callable, Iterator, Sequence

from evidence.base58 import coin_version, monero_bytes
from evidence.bech32 import is_segwit
from evidence.found import Found
from evidence.hints import LONG_RUN
from evidence.keccak import keccak_256

WALLET_HINTS = (
    (
        LONG_RUN,
        r"[13LM][1-9A-HJ-NP-Za-km-z]{25}|(?i:bc1|ltc1)[02-9ac-hj-np-zAC-HJ-NP-Z]{8}"
        r"|[48][1-9A-HJ-NP-Za-km-z]{94}|0x[0-9a-fA-F]{40}",
    ),
    (r"(?i)bc1[02-9ac-hj-np-z]{8}",),
    (r"(?i)ltc1[02-9ac-hj-np-z]{8}",),
)
ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<base58>[13LM][1-9A-HJ-NP-Za-km-z]{25,34})"
    r"|(?P<bech32>(?:bc|ltc)1[02-9ac-hj-np-z]{8,87}|(?:BC|LTC)1[02-9AC-HJ-NP-Z]{8,87})"
    r"|(?P<ethereum>0x[0-9a-fA-F]{40})"
    r"|(?P<monero>[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?))(?![A-Za-z0-9])"
)
KEY_TALK = re.compile(r"(?:[pg]gp|gpg|key|finger ?print|fpr|search=)[^\n]{0,40}\Z", re.IGNORECASE)
KEY_TALK_CHARS = 50
COIN_OF_VERSION = {0: "bitcoin", 5: "bitcoin", 48: "litecoin", 50: "litecoin"}
COIN_OF_PREFIX = {"bc": "bitcoin", "ltc": "litecoin"}
MONERO_TAGS = (18, 19, 42)


def find_wallets(text: str) -> Iterator[Found]:
    """What has the form of a coin address; `checksums_hold` says which of them are.

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


def coin_of(address: str) -> str | None:
    """bitcoin, litecoin, monero or ethereum; None where the address is none or its checksum wrong.

    Litecoin's old addresses with a 3 cannot be told from Bitcoin's and count as such.
    """
    return coins_of([address])[0]


def checksums_hold(addresses: Sequence[str]) -> list[bool]:
    """Which of n strings are coin addresses of a main net whose checksum holds."""
    return [coin is not None for coin in coins_of(addresses)]


def coins_of(addresses: Sequence[str]) -> list[str | None]:
    """`coin_of` for each of n strings; digests are computed for all of them together.

    Bitcoin and Litecoin: base58check, bech32 (BIP 173), bech32m (BIP 350). Monero: standard,
    integrated and sub-addresses. Ethereum: EIP-55; all lower or all upper case has no checksum
    and is accepted, as the EIP says.
    """
    coins: list[str | None] = [_plain_coin(address) for address in addresses]
    for coin, parts in (("monero", _monero_parts), ("ethereum", _ethereum_parts)):
        chosen = {place: parts(address) for place, address in enumerate(addresses)}
        wanted = {place: part for place, part in chosen.items() if part is not None}
        digests = keccak_256([message for message, _ in wanted.values()])
        for (place, (_, holds)), digest in zip(wanted.items(), digests, strict=True):
            coins[place] = coin if holds(digest) else None
    return coins


Check = tuple[bytes, Callable[[bytes], bool]]
"""A message, and whether its Keccak digest is the one that an address demands."""


def _plain_coin(address: str) -> str | None:
    form = ADDRESS.fullmatch(address)
    if form is None:
        return None
    if form.lastgroup == "base58":
        version = coin_version(address)
        return None if version is None else COIN_OF_VERSION.get(version)
    if form.lastgroup == "bech32" and is_segwit(address, COIN_OF_PREFIX):
        return COIN_OF_PREFIX[address.lower().rpartition("1")[0]]
    if form.lastgroup == "ethereum" and not _is_mixed(address):
        return "ethereum"
    return None


def _is_mixed(address: str) -> bool:
    digits = address[2:]
    return digits not in (digits.lower(), digits.upper())


def _monero_parts(address: str) -> Check | None:
    form = ADDRESS.fullmatch(address)
    raw = monero_bytes(address) if form and form.lastgroup == "monero" else None
    if raw is None or raw[0] not in MONERO_TAGS:
        return None
    return raw[:-4], lambda digest: digest[:4] == raw[-4:]


def _ethereum_parts(address: str) -> Check | None:
    form = ADDRESS.fullmatch(address)
    if form is None or form.lastgroup != "ethereum" or not _is_mixed(address):
        return None
    digits = address[2:]

    def holds(digest: bytes) -> bool:
        cased = zip(digits.lower(), digest.hex(), strict=False)
        return digits == "".join(c.upper() if int(nibble, 16) > 7 else c for c, nibble in cased)

    return digits.lower().encode(), holds
