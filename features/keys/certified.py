"""What of a key is sound, and which other keys certified it: as far as GnuPG could check it.

Anybody can hang a user id, a subkey or a certification under anybody's key; only what the right
key signed is told here. A certification by a key that is revoked does not count, nor one that its
key took back later; one by a key that expired since does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from evidence.recall import NoRecall, Recall
from features.keys.gnupg_home import BoundedGpg
from features.keys.packets import walk_keys
from features.keys.public_key import PublicKey, text_of
from features.keys.questions import Found, Lost, Question, answers
from features.keys.signature_fields import CERTIFICATIONS
from features.keys.slimming import Asked, slim

CERTIFIED, SOUND = "certification/1", "sound key/1"
ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
GOOD = "!"


class KeyForms(NamedTuple):
    """A key by its fingerprint, and the armored blocks that hold it, those to be believed first."""

    fingerprint: str
    armors: tuple[str, ...]


class CertificationClaim(NamedTuple):
    """Did the second key certify the first?"""

    key: KeyForms
    by: KeyForms


class Certified(NamedTuple):
    """A user id of the key that the other one validly certified, and when (seconds since 1970)."""

    user_id: str
    made_at: int


class SoundKey(NamedTuple):
    """The user ids that a key signed validly, the subkeys that it bound validly."""

    user_ids: frozenset[str]
    subkeys: frozenset[str]
    revoked: bool


def verified_certifications(
    claims: Sequence[CertificationClaim], recall: Recall | None = None
) -> list[tuple[Certified, ...]]:
    """For each claim the certifications that hold, the newest for each user id, sorted.

    Where GnuPG ran out of its limits there are none.

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
    """
    questions = [_certification(claim) for claim in claims]
    found = answers(questions, CERTIFIED, recall or NoRecall(), _ask_certifications)
    return [
        _certified(found[question], claim.key)
        for question, claim in zip(questions, claims, strict=True)
    ]


def sound_keys(keys: Sequence[KeyForms], recall: Recall | None = None) -> list[SoundKey | None]:
    """What of each key is sound; None where GnuPG takes no part of it, or ran out of its limits.

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
    """
    questions = [
        Question(slim(key.armors, _all_of(key)), (key.fingerprint.encode(),)) for key in keys
    ]
    found = answers(questions, SOUND, recall or NoRecall(), _ask_sound)
    return [_sound(found[question], key) for question, key in zip(questions, keys, strict=True)]


class _Listed(NamedTuple):
    """A key in GnuPG's listing: digests of user ids, and (user id, issuer, time, good for it)."""

    revoked: bool
    names: list[str]
    subkeys: list[str]
    signatures: list[tuple[str, str, int, bool]]


def _certification(claim: CertificationClaim) -> Question:
    by = _ids_of(claim.by, subkeys=False)
    certified = slim(claim.key.armors, Asked(frozenset({claim.key.fingerprint}), by))
    certifier = slim(claim.by.armors, Asked(frozenset({claim.by.fingerprint})))
    names = (claim.key.fingerprint.encode(), claim.by.fingerprint.encode())
    return Question(certified + certifier, names)


def _all_of(key: KeyForms) -> Asked:
    return Asked(_ids_of(key, subkeys=True))


def _ids_of(key: KeyForms, *, subkeys: bool) -> frozenset[str]:
    """What a signature may call the key, or one of its subkeys, in any of its forms."""
    forms = list(_forms(key))
    ids = {key.fingerprint, *(form.key_id for form in forms)}
    return frozenset(ids.union(*(form.subkeys for form in forms)) if subkeys else ids)


def _forms(key: KeyForms) -> Iterator[PublicKey]:
    walked = (form for armor in key.armors for form in walk_keys(armor).keys)
    return (form for form in walked if form.fingerprint == key.fingerprint)


def _digest(user_id: str) -> str:
    return sha256(user_id.encode("utf-8", "replace")).hexdigest()


def _names(key: KeyForms) -> dict[str, str]:
    return {_digest(name.text): name.text for form in _forms(key) for name in form.user_ids}


def _certified(answer: Found | Lost, key: KeyForms) -> tuple[Certified, ...]:
    if isinstance(answer, Lost) or not answer:
        return ()
    names = _names(key)
    return tuple(sorted(Certified(names[name], made_at) for name, made_at in answer))


def _sound(answer: Found | Lost, key: KeyForms) -> SoundKey | None:
    if isinstance(answer, Lost) or not answer:
        return None
    revoked, digests, subkeys = answer
    names = _names(key)
    return SoundKey(frozenset(names[one] for one in digests), frozenset(subkeys), bool(revoked))


def _ask_certifications(gpg: BoundedGpg, questions: Sequence[Question]) -> list[Found]:
    listed = _listing(gpg.checked_rows())
    return [_between(listed, *(name.decode() for name in one.files)) for one in questions]


def _ask_sound(gpg: BoundedGpg, questions: Sequence[Question]) -> list[Found]:
    listed = _listing(gpg.checked_rows())
    keys = [listed.get(question.files[0].decode()) for question in questions]
    return [[one.revoked, sorted(one.names), sorted(one.subkeys)] if one else [] for one in keys]


def _between(listed: Mapping[str, _Listed], fingerprint: str, by: str) -> Found:
    """[user id, time] of the newest word of one key about another's user ids, where it is yes."""
    key, certifier = listed.get(fingerprint), listed.get(by)
    if key is None or certifier is None or certifier.revoked:
        return []
    last: dict[str, tuple[int, bool]] = {}
    for name, issuer, made_at, certifies in key.signatures:
        if issuer == by:
            last[name] = max(last.get(name, (0, False)), (made_at, certifies))
    return [[name, made_at] for name, (made_at, certifies) in sorted(last.items()) if certifies]


def _listing(rows: Iterable[Sequence[str]]) -> dict[str, _Listed]:
    """The keys of a listing with checked signatures, by fingerprint (GnuPG, doc/DETAILS)."""
    keys: dict[str, _Listed] = {}
    for key in _split(rows, {"pub"}):
        parts = list(_split(key, {"pub", "sub", "uid", "uat"}))
        fingerprint = next(row[9] for row in key if row[0] == "fpr")
        keys[fingerprint] = _Listed(key[0][1] == "r", [], [], [])
        for part in parts:
            _take_in(keys[fingerprint], part)
    return keys


def _take_in(key: _Listed, part: Sequence[Sequence[str]]) -> None:
    head = part[0]
    if head[0] == "sub" and head[1] != "i":
        key.subkeys.extend(row[9] for row in part if row[0] == "fpr")
    if head[0] == "uid":
        octets = ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), head[9].encode("latin-1"))
        name = _digest(text_of(octets))
        key.names.append(name)
        checked = (row for row in part if row[0] in ("sig", "rev") and row[1] == GOOD)
        for row in checked:
            certifies = row[0] == "sig" and int(row[10][:2], 16) in CERTIFICATIONS
            key.signatures.append((name, row[12], int(row[5]), certifies))


def _split(rows: Iterable[Sequence[str]], heads: set[str]) -> Iterator[list[Sequence[str]]]:
    """The rows in runs, each from one of these heads to the next."""
    run: list[Sequence[str]] = []
    for row in rows:
        if row[0] in heads and run:
            yield run
            run = []
        if run or row[0] in heads:
            run.append(row)
    if run:
        yield run
