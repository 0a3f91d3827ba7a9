"""One public key with what belongs to it, as its packets say it, and as GnuPG would list it.

Which of several signatures counts is GnuPG's rule (2.2, `merge_selfsigs` in g10/getkey.c), so that
people who list a key find what stands here. No signature is checked here, and nothing depends on
today's date.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from features.keys.packet_fields import (
    algorithm,
    fingerprint,
    key_id,
    lifetime_s,
    made_at,
    size_bits,
)
from features.keys.packet_walk import SIGNATURE, SUBKEY, USER_ATTRIBUTE, USER_ID, Packet, Refused
from features.keys.signature_fields import (
    CERTIFICATION_REVOCATION,
    CERTIFICATIONS,
    DIRECT,
    KEY_REVOCATION,
    SUBKEY_BINDING,
    SUBKEY_REVOCATION,
    Signature,
    signature,
)

T = TypeVar("T")

EMAIL = re.compile(r"(?:^|<)([^<>\s@]{1,64}@[^<>\s@]{1,255})(?:$|>\s*$)")


class UserId(NamedTuple):
    """A user id and whether its own key seems to have signed it (the signature is not checked).

    One that the key only took back was its own as well: exports often leave the older one out.
    email: its address, in lower case. signed_at: when its key did so last. revoked_at: when its
    key took it back, None where it did not or signed it once more later.
    """

    text: str
    self_signed: bool
    email: str | None = None
    signed_at: int | None = None
    revoked_at: int | None = None


class Subkey(NamedTuple):
    """A subkey and whether the key seems to have bound it (the signature is not checked).

    Times in seconds since 1970, None for never.
    """

    fingerprint: str
    key_id: str
    algorithm: int
    size_bits: int | None
    created_at: int
    bound: bool
    expires_at: int | None
    revoked_at: int | None


class Certification(NamedTuple):
    """Another key's signature over a user id of this one (not checked).

    issuers: key ids and fingerprints the signature names. revokes: it takes an earlier one back.
    """

    issuers: tuple[str, ...]
    user_id: str
    made_at: int | None
    revokes: bool


@dataclass(frozen=True)
class PublicKey:
    """One primary key of a block with what belongs to it.

    Attributes:
        fingerprint: upper-case hex, 32 digits for version 3, 40 for 4, 64 for 6.
        key_id: its 16 hex digits.
        algorithm: number of the public-key algorithm (RFC 9580, section 9.1).
        created_at: seconds since 1970.
        user_ids: in order; equal ones are one.
        signatures: of all kinds, in order.
        size_bits: of RSA, ElGamal and DSA keys.
        expires_at: seconds since 1970, None for never.
        revoked_at: when it revoked itself, seconds since 1970, 0 where that says no time, None
            where it did not.
        branches: its subkeys, in order; equal ones are one.
        certifications: by other keys, in order.
    """

    version: int
    fingerprint: str
    key_id: str
    algorithm: int
    created_at: int
    user_ids: tuple[UserId, ...] = ()
    signatures: tuple[Signature, ...] = ()
    size_bits: int | None = None
    expires_at: int | None = None
    revoked_at: int | None = None
    branches: tuple[Subkey, ...] = ()
    certifications: tuple[Certification, ...] = ()

    @property
    def subkeys(self) -> tuple[str, ...]:
        """The fingerprints of the subkeys, in order."""
        return tuple(branch.fingerprint for branch in self.branches)


class _Signed(NamedTuple):
    """The packets of a key with the signatures that follow each."""

    key: list[Signature]
    names: dict[bytes, list[Signature]]
    subkeys: dict[bytes, list[Signature]]
    all: list[Signature]


def read_key(packets: Sequence[Packet]) -> PublicKey:
    """The key of the first packet, with what the others say of it.

    Raises:
        Refused: a key or a signature cannot be read.
    """
    body = packets[0].body
    whole = _readable(fingerprint, body)
    ids = {whole, key_id(body, whole)}
    signed = _signed(packets[1:])
    names = [_user_id(name, _own(made, ids)) for name, made in signed.names.items()]
    return PublicKey(
        version=body[0],
        fingerprint=whole,
        key_id=key_id(body, whole),
        algorithm=algorithm(body),
        created_at=made_at(body),
        user_ids=tuple(names),
        signatures=tuple(signed.all),
        size_bits=_readable(size_bits, body),
        expires_at=_expires_at(body, signed, ids),
        revoked_at=_revoked_at(_own(signed.all, ids), KEY_REVOCATION),
        branches=tuple(_subkey(one, _own(made, ids)) for one, made in signed.subkeys.items()),
        certifications=tuple(_certifications(signed.names, ids)),
    )


def email(user_id: str) -> str | None:
    """The address a user id ends in or consists of, in lower case; None where there is none."""
    found = EMAIL.search(user_id.strip())
    return found[1].lower() if found else None


def text_of(user_id: bytes) -> str:
    """A user id as text; what is no UTF-8 was written by an old program, in Latin-1."""
    try:
        return user_id.decode()
    except UnicodeDecodeError:
        return user_id.decode("latin-1")


def _signed(packets: Iterable[Packet]) -> _Signed:
    signed = _Signed([], {}, {}, [])
    last = signed.key
    for packet in packets:
        if packet.tag == USER_ID:
            last = signed.names.setdefault(packet.body, [])
        elif packet.tag == SUBKEY:
            last = signed.subkeys.setdefault(packet.body, [])
        elif packet.tag == USER_ATTRIBUTE:
            last = []
        elif packet.tag == SIGNATURE:
            made = read_signature(packet)
            last.append(made)
            signed.all.append(made)
    return signed


def read_signature(packet: Packet) -> Signature:
    """What a signature packet says.

    Raises:
        Refused: it is of an unknown version, or cut.
    """
    try:
        return signature(packet.body)
    except (IndexError, ValueError) as error:
        raise Refused(f"a signature that cannot be read, {error}") from None


def _readable(field: Callable[[bytes], T], body: bytes) -> T:
    try:
        return field(body)
    except ValueError as error:
        raise Refused(f"a key that cannot be read, {error}") from None


def _own(made: Iterable[Signature], ids: set[str]) -> list[Signature]:
    return [one for one in made if not ids.isdisjoint(one.issuers)]


def _latest(made: Iterable[Signature]) -> Signature | None:
    """The newest, the last of those that are equally new."""
    return max(reversed(list(made)), key=lambda one: one.made_at or 0, default=None)


def _user_id(name: bytes, own: list[Signature]) -> UserId:
    text = text_of(name)
    last = _last_word(own)
    revoked = last is not None and last.kind == CERTIFICATION_REVOCATION
    return UserId(
        text,
        self_signed=last is not None,
        email=email(text),
        signed_at=max(
            (one.made_at or 0 for one in own if one.kind in CERTIFICATIONS), default=None
        ),
        revoked_at=last.made_at or 0 if last and revoked else None,
    )


def _last_word(own: Iterable[Signature]) -> Signature | None:
    """The newest of what a key said of a user id, for or against."""
    kinds = (*CERTIFICATIONS, CERTIFICATION_REVOCATION)
    return _latest(one for one in own if one.kind in kinds)


def _subkey(body: bytes, own: list[Signature]) -> Subkey:
    whole = _readable(fingerprint, body)
    binding = _latest(one for one in own if one.kind == SUBKEY_BINDING)
    lifetime = binding.key_lifetime_s if binding else None
    return Subkey(
        fingerprint=whole,
        key_id=key_id(body, whole),
        algorithm=algorithm(body),
        size_bits=_readable(size_bits, body),
        created_at=made_at(body),
        bound=binding is not None,
        expires_at=made_at(body) + lifetime if lifetime else None,
        revoked_at=_revoked_at(own, SUBKEY_REVOCATION),
    )


def _revoked_at(own: Iterable[Signature], kind: int) -> int | None:
    """When the first of the revocations was made, 0 where it does not say; None without any."""
    return min((one.made_at or 0 for one in own if one.kind == kind), default=None)


def _expires_at(body: bytes, signed: _Signed, ids: set[str]) -> int | None:
    """By its newest direct signature, else by the newest of its user ids that says a time."""
    direct = _latest(one for one in _own(signed.key, ids) if one.kind == DIRECT)
    words = [_last_word(_own(made, ids)) for made in signed.names.values()]
    standing = [one for one in words if one and one.kind != CERTIFICATION_REVOCATION]
    dated = [one for one in standing if one.key_lifetime_s]
    said = direct if direct and direct.key_lifetime_s else _latest(reversed(dated))
    lifetime = said.key_lifetime_s if said else lifetime_s(body)
    return made_at(body) + lifetime if lifetime else None


def _certifications(names: dict[bytes, list[Signature]], ids: set[str]) -> Iterable[Certification]:
    for name, made in names.items():
        for one in made:
            revokes = one.kind == CERTIFICATION_REVOCATION
            if (revokes or one.kind in CERTIFICATIONS) and ids.isdisjoint(one.issuers):
                yield Certification(one.issuers, text_of(name), one.made_at, revokes)
