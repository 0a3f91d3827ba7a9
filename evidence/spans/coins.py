"""Which strings are coin addresses: forms and checksums of Bitcoin, Litecoin, Monero, Ethereum."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from evidence.spans.base58 import coin_version, monero_bytes
from evidence.spans.bech32 import is_segwit
from evidence.spans.keccak import keccak_256

ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<base58>[13LM][1-9A-HJ-NP-Za-km-z]{25,34})"
    r"|(?P<bech32>(?:bc|ltc)1[02-9ac-hj-np-z]{8,87}|(?:BC|LTC)1[02-9AC-HJ-NP-Z]{8,87})"
    r"|(?P<ethereum>0x[0-9a-fA-F]{40})"
    r"|(?P<monero>[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?))(?![A-Za-z0-9])"
)
COIN_OF_VERSION = {0: "bitcoin", 5: "bitcoin", 48: "litecoin", 50: "litecoin"}
COIN_OF_PREFIX = {"bc": "bitcoin", "ltc": "litecoin"}
MONERO_TAGS = (18, 19, 42)


class Claim(NamedTuple):
    """An address is one of `coin` if `holds` accepts the Keccak digest of `message`."""

    coin: str
    message: bytes
    holds: Callable[[bytes], bool]


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
    judged = [_judged(address) for address in addresses]
    claims = [claim for claim in judged if isinstance(claim, Claim)]
    digests = iter(keccak_256([claim.message for claim in claims]))
    return [_kept(one, next(digests)) if isinstance(one, Claim) else one for one in judged]


def _kept(claim: Claim, digest: bytes) -> str | None:
    return claim.coin if claim.holds(digest) else None


def _judged(address: str) -> str | Claim | None:
    """The coin, none, or what only a digest can tell."""
    form = ADDRESS.fullmatch(address)
    return JUDGES[str(form.lastgroup)](address) if form else None


def _base58_coin(address: str) -> str | None:
    version = coin_version(address)
    return None if version is None else COIN_OF_VERSION.get(version)


def _bech32_coin(address: str) -> str | None:
    prefix = address.lower().rpartition("1")[0]
    return COIN_OF_PREFIX[prefix] if is_segwit(address, COIN_OF_PREFIX) else None


def _monero(address: str) -> Claim | None:
    raw = monero_bytes(address)
    if raw is None or raw[0] not in MONERO_TAGS:
        return None
    return Claim("monero", raw[:-4], lambda digest: digest[:4] == raw[-4:])


def _ethereum(address: str) -> str | Claim:
    digits = address[2:]
    if digits in (digits.lower(), digits.upper()):
        return "ethereum"
    return Claim(
        "ethereum", digits.lower().encode(), lambda digest: digits == _cased(digits, digest)
    )


def _cased(digits: str, digest: bytes) -> str:
    """Digits with capitals where the digest's hex digit is 8 or more (EIP-55)."""
    pairs = zip(digits.lower(), digest.hex(), strict=False)
    return "".join(digit.upper() if int(nibble, 16) > 7 else digit for digit, nibble in pairs)


JUDGES: dict[str, Callable[[str], str | Claim | None]] = {
    "base58": _base58_coin,
    "bech32": _bech32_coin,
    "monero": _monero,
    "ethereum": _ethereum,
}
