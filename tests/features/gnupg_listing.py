"""What GnuPG lists of public keys, beside what our walk reads, in the same shape."""

import re
import subprocess
from tempfile import TemporaryDirectory
from typing import NamedTuple

from features.keys.packets import PublicKey

OPTIONS = (
    "--batch",
    "--no-options",
    "--no-autostart",
    "--fixed-list-mode",
    "--with-colons",
    "--with-subkey-fingerprint",
    "--show-keys",
)


class Branch(NamedTuple):
    fingerprint: str
    key_id: str
    algorithm: int
    size_bits: int | None
    created_at: int
    expires_at: int | None
    revoked: bool | None


class Listed(NamedTuple):
    """A key as both see it; `revoked` of a subkey is None where nothing sound binds it."""

    primary: Branch
    names: tuple[tuple[str, bool], ...]
    subkeys: tuple[Branch, ...]


def listed_by_gpg(octets: bytes) -> dict[str, Listed]:
    """The keys in a file, armored or not, by fingerprint."""
    with TemporaryDirectory(prefix="shl") as home:
        done = subprocess.run(
            ["gpg", "--homedir", home, *OPTIONS], input=octets, capture_output=True, check=False
        )
    keys: list[Listed] = []
    for row in (line.split(b":") for line in done.stdout.splitlines()):
        if row[0] == b"pub":
            keys.append(Listed(_branch(row), (), ()))
        elif row[0] == b"sub":
            keys[-1] = keys[-1]._replace(subkeys=(*keys[-1].subkeys, _branch(row)))
        elif row[0] == b"fpr":
            keys[-1] = _with_fingerprint(keys[-1], row[9].decode())
        elif row[0] == b"uid" and row[1] != b"i":
            name = (_text(row[9]), row[1] == b"r")
            keys[-1] = keys[-1]._replace(names=(*keys[-1].names, name))
    return {key.primary.fingerprint: _sorted(key) for key in keys}


def as_listed(key: PublicKey, beside: Listed) -> Listed:
    """What the walk read, as GnuPG would list it.

    GnuPG calls all of a revoked key revoked, says sizes of other algorithms too, and nothing of
    the revocation of a subkey whose binding it finds unsound, which takes crypto to see.
    """
    gone = key.revoked_at is not None
    sizes = {one.fingerprint: one.size_bits for one in (beside.primary, *beside.subkeys)}
    unsound = {one.fingerprint for one in beside.subkeys if one.revoked is None}
    primary = Branch(
        key.fingerprint,
        key.key_id,
        key.algorithm,
        key.size_bits or sizes[key.fingerprint],
        key.created_at,
        key.expires_at,
        gone,
    )
    subkeys = [
        Branch(
            one.fingerprint,
            one.key_id,
            one.algorithm,
            one.size_bits or sizes.get(one.fingerprint),
            one.created_at,
            one.expires_at,
            None if one.fingerprint in unsound else gone or one.revoked_at is not None,
        )
        for one in key.branches
    ]
    own = (name for name in key.user_ids if name.self_signed)
    names = [(name.text, gone or name.revoked_at is not None) for name in own]
    return _sorted(Listed(primary, tuple(names), tuple(subkeys)))


def _branch(row: list[bytes]) -> Branch:
    expires_at = int(row[6]) if row[6] else None
    revoked = None if row[1] == b"i" else row[1] == b"r"
    numbers = (int(row[3]), int(row[2]), int(row[5]))
    return Branch("", row[4].decode(), *numbers, expires_at, revoked)


def _with_fingerprint(key: Listed, fingerprint: str) -> Listed:
    if not key.subkeys:
        return key._replace(primary=key.primary._replace(fingerprint=fingerprint))
    last = key.subkeys[-1]._replace(fingerprint=fingerprint)
    return key._replace(subkeys=(*key.subkeys[:-1], last))


def _sorted(key: Listed) -> Listed:
    return key._replace(names=tuple(sorted(key.names)), subkeys=tuple(sorted(key.subkeys, key=str)))


def _text(name: bytes) -> str:
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
