"""What GnuPG is given of strangers' keys: as little as the question takes, and bounded.

A key may be posted in many forms, some of them by somebody who hung things under it; what the
forms say is put together here, so that none hides what another says.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest
from typing import NamedTuple

from features.keys.packet_fields import fingerprint, key_id
from features.keys.packet_walk import (
    PUBLIC_KEY,
    SIGNATURE,
    SUBKEY,
    USER_ATTRIBUTE,
    USER_ID,
    Packet,
    Refused,
    octets_of,
    packet_of,
    walk,
)
from features.keys.packets import split_keys
from features.keys.public_key import read_signature

MOST_PACKETS = 192
"""Of one key; GnuPG checks every signature that claims to be the key's own."""
REMEMBERED_BLOCKS = 4_096


class Part(NamedTuple):
    """A primary key, user id or subkey, what an issuer may call it, and the signatures over it."""

    packet: Packet
    ids: frozenset[str]
    signatures: tuple[tuple[Packet, frozenset[str]], ...]


class Asked(NamedTuple):
    """What a question takes.

    ids: fingerprints and key ids; keys that bear none of them, themselves or in a subkey, are left
    out, and so are subkeys that bear none. certifiers: ids of other keys whose signatures matter.
    """

    ids: frozenset[str]
    certifiers: frozenset[str] = frozenset()


Key = dict[Packet, dict[Packet, None]]
"""The parts of a key, the primary first, and the signatures over each."""


def slim(armors: Iterable[str], asked: Asked) -> tuple[bytes, ...]:
    """The packets of each key that is asked for, sorted; empty where the blocks hold none.

    What is left: the primary key, its user ids, the subkeys that are asked for, and the signatures
    that claim to be the key's own or those of `asked.certifiers`; `MOST_PACKETS` of a key.
    """
    forms: dict[Packet, list[list[tuple[Packet, Packet | None]]]] = {}
    for armor in armors:
        for parts in _parts_of_keys(armor):
            if not asked.ids.isdisjoint(name for part in parts for name in part.ids):
                forms.setdefault(parts[0].packet, []).append(list(_wanted(parts, asked)))
    keys = (_in_order(_merged(of_one_key)) for of_one_key in forms.values())
    return tuple(sorted(b"".join(packet_of(*one) for one in key) for key in keys))


def primary_of(key: bytes) -> bytes:
    """The body of the primary key of what `slim` gives."""
    return next(walk(key)).body


def _wanted(parts: Sequence[Part], asked: Asked) -> Iterator[tuple[Packet, Packet | None]]:
    """Each wanted part, alone and with each wanted signature over it."""
    signers = parts[0].ids | asked.certifiers
    for part in parts:
        if part.packet.tag == SUBKEY and asked.ids.isdisjoint(part.ids):
            continue
        yield part.packet, None
        for made, issuers in part.signatures:
            if not signers.isdisjoint(issuers):
                yield part.packet, made


def _merged(forms: Sequence[Sequence[tuple[Packet, Packet | None]]]) -> Key:
    """All forms of a key in one, by turns, so that a flood in one leaves room for the others."""
    key: Key = {}
    turns = (row for rows in zip_longest(*forms) for row in rows if row is not None)
    for part, made in islice(dict.fromkeys(turns), MOST_PACKETS):
        signatures = key.setdefault(part, {})
        if made is not None:
            signatures[made] = None
    return key


def _in_order(key: Key) -> Iterator[Packet]:
    """Primary key, user ids, subkeys, each with its signatures behind it."""
    for tag in (PUBLIC_KEY, USER_ID, SUBKEY):
        for part, signatures in key.items():
            if part.tag == tag:
                yield part
                yield from signatures


@lru_cache(REMEMBERED_BLOCKS)
def _parts_of_keys(armor: str) -> tuple[tuple[Part, ...], ...]:
    """The parts of each key of a block; none where it is refused."""
    try:
        return tuple(tuple(_parts(packets)) for packets in split_keys(octets_of(armor)[0]))
    except (Refused, ValueError):
        return ()


def _parts(packets: list[Packet]) -> Iterator[Part]:
    start = 0
    for end in range(1, len(packets) + 1):
        if end == len(packets) or packets[end].tag != SIGNATURE:
            head, made = packets[start], packets[start + 1 : end]
            start = end
            if head.tag != USER_ATTRIBUTE:
                signed = ((one, frozenset(read_signature(one).issuers)) for one in made)
                yield Part(head, _ids(head), tuple(signed))


def _ids(head: Packet) -> frozenset[str]:
    if head.tag == USER_ID:
        return frozenset()
    whole = fingerprint(head.body)
    return frozenset({whole, key_id(head.body, whole)})
