"""Real OpenPGP keys and signatures for tests, made by GnuPG in a home of its own."""

import base64
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class KeyMaker:
    """`maker.key("quillfoot <q@example.org>")` gives a fingerprint; `block` and `sign` use it.

    `at` is the time that GnuPG believes it is, as `20140301T120000`.
    """

    def __init__(self, home: Path, at: str | None = None) -> None:
        self.home = home
        self.clock = [] if at is None else ["--faked-system-time", at]

    def gpg(self, *arguments: str, given: str = "") -> str:
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--no-tty"]
        command += ["--pinentry-mode", "loopback", "--passphrase", "", *self.clock]
        done = subprocess.run(
            [*command, *arguments], input=given, capture_output=True, text=True, check=True
        )
        return done.stdout

    def key(self, user_id: str, kind: str = "ed25519", expires: str = "never") -> str:
        self.gpg(
            "--allow-weak-key-signatures", "--quick-generate-key", user_id, kind, "default", expires
        )
        listed = self.gpg("--with-colons", "--list-keys", f"={user_id}")
        return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))

    def add_subkey(self, fingerprint: str) -> str:
        self.gpg("--quick-add-key", fingerprint, "cv25519", "encr", "never")
        listed = self.gpg("--with-colons", "--list-keys", fingerprint).splitlines()
        return [line.split(":")[9] for line in listed if line.startswith("fpr")][-1]

    def block(self, fingerprint: str) -> str:
        return self.gpg("--armor", "--export", fingerprint)

    def sign(self, fingerprint: str, text: str) -> str:
        return self.gpg("--local-user", fingerprint, "--clear-sign", given=text)


@contextmanager
def key_maker() -> Iterator[KeyMaker]:
    with TemporaryDirectory(prefix="shk") as folder:
        try:
            yield KeyMaker(Path(folder))
        finally:
            stop = ["gpgconf", "--homedir", folder, "--kill", "gpg-agent"]
            subprocess.run(stop, check=False, capture_output=True)


def armored(octets: bytes) -> str:
    body = base64.b64encode(octets).decode()
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n-----END PGP PUBLIC KEY BLOCK-----\n"


def octets_of(block: str) -> bytes:
    return base64.b64decode("".join(block.split("\n\n")[1].split("\n=")[0].split()))


def packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body
