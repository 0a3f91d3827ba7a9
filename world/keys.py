"""Real OpenPGP keys and clear-signed messages, made by GnuPG in a home that is thrown away.

Keys are random whatever the seed: two worlds of one seed differ in them and in nothing else.
Creation and signing times are those of the world.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from subprocess import run
from tempfile import TemporaryDirectory

import gnupg

MOST_KEYS = 400
"""So many keys a world has at most; further hands have none (GnuPG makes about ten a second)."""
SPEC = """\
%no-protection
Key-Type: eddsa
Key-Curve: ed25519
Subkey-Type: ecdh
Subkey-Curve: cv25519
Name-Real: {name}
Name-Email: {email}
Expire-Date: 0
Creation-Date: {created:%Y%m%dT%H%M%S}
%commit
"""


@dataclass(frozen=True)
class KeyOrder:
    """A key to be made: number, user id, and when it was created."""

    number: int
    name: str
    created_at: datetime

    @property
    def email(self) -> str:
        """An address of the reserved domain `invalid` (RFC 2606), unique by its number."""
        return f"k{self.number}@example.invalid"


@dataclass(frozen=True)
class KeyPair:
    """A key in the throw-away home: its fingerprint, and its public block."""

    fingerprint: str
    block: str


class KeyRing:
    """The keys of a world while it is made; see `open_keyring`."""

    def __init__(self, gpg: "gnupg.GPG", keys: Mapping[int, KeyPair]) -> None:
        self._gpg = gpg
        self.keys = keys

    def sign(self, number: int, text: str, at: datetime) -> str:
        """The text clear-signed (RFC 9580, section 7) with the key of that number, at that time.

        Raises:
            RuntimeError: GnuPG did not sign, as before the key was created; the message is GnuPG's.
        """
        signed = self._gpg.sign(
            text,
            keyid=self.keys[number].fingerprint,
            clearsign=True,
            extra_args=["--faked-system-time", f"{at:%Y%m%dT%H%M%S}!"],
        )
        if not signed:
            raise RuntimeError(f"GnuPG did not sign with key {number} at {at}: {signed.stderr}")
        return str(signed).rstrip("\n")


@contextmanager
def open_keyring(orders: Sequence[KeyOrder]) -> Iterator[KeyRing]:
    """Make the keys; home and secret keys are gone afterwards.

    Raises:
        RuntimeError: GnuPG made fewer keys than were ordered; the message is GnuPG's.
    """
    with TemporaryDirectory(prefix="samehand-world-") as home:
        gpg = gnupg.GPG(gnupghome=home)
        try:
            yield KeyRing(gpg, _make(gpg, orders))
        finally:
            run(["gpgconf", "--homedir", home, "--kill", "all"], check=False, capture_output=True)


def _make(gpg: "gnupg.GPG", orders: Sequence[KeyOrder]) -> dict[int, KeyPair]:
    if not orders:
        return {}
    specs = [SPEC.format(name=o.name, email=o.email, created=o.created_at) for o in orders]
    result = gpg.gen_key("\n".join(specs))
    made = {
        int(found[1]): str(entry["fingerprint"])
        for entry in gpg.list_keys()
        for uid in entry["uids"]
        if (found := re.search(r"<k(\d+)@", uid))
    }
    if len(made) < len(orders):
        raise RuntimeError(f"GnuPG made {len(made)} of {len(orders)} keys: {result.stderr}")
    return {
        number: KeyPair(fingerprint, gpg.export_keys(fingerprint).strip())
        for number, fingerprint in made.items()
    }
