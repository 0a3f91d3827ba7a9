"""Do clear-signed messages verify? GnuPG answers, in homes that are thrown away.

A signature counts when it was right under its key, though key or signature have expired since:
possession does not expire, and the answer must not hang on today's date. One by a revoked key does
not count, since anybody may hold that secret. GnuPG reads keys from strangers here: it gets only
blocks that passed `packets.walk_keys`, no agent, no network, and a time limit.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any, NamedTuple

import gnupg

from evidence.errors import MissingProgram

KEYS_PER_HOME = 500
"""GnuPG's import slows with the square of the keys in a home."""
TIME_LIMIT_S = 30.0
OPTIONS = (
    "--no-options",
    "--no-autostart",
    "--disable-dirmngr",
    "--no-auto-key-retrieve",
    "--no-auto-check-trustdb",
    "--ignore-time-conflict",
    "--ignore-valid-from",
)
COUNTING = ("GOODSIG", "EXPSIG", "EXPKEYSIG")


class Claim(NamedTuple):
    """A clear-signed message and the armored keys that may have signed it."""

    message: str
    keys: tuple[str, ...]


def verify(claims: Sequence[Claim]) -> list[frozenset[str]]:
    """For each claim the fingerprints (upper case) of the primary keys that signed it validly.

    A message over which GnuPG runs into the time limit counts as not signed.

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
    """
    return [signers for batch in _batches(claims) for signers in _verify_in_one_home(batch)]


def _batches(claims: Sequence[Claim]) -> Iterator[Sequence[Claim]]:
    """Consecutive claims that together need at most `KEYS_PER_HOME` keys (or a single claim)."""
    start, keys = 0, set[str]()
    for place, claim in enumerate(claims):
        wider = keys.union(claim.keys)
        if place > start and len(wider) > KEYS_PER_HOME:
            yield claims[start:place]
            start, wider = place, set(claim.keys)
        keys = wider
    if start < len(claims):
        yield claims[start:]


def _verify_in_one_home(claims: Sequence[Claim]) -> list[frozenset[str]]:
    with TemporaryDirectory(prefix="samehand-gpg-") as folder:
        home = Path(folder)
        gpg = _gpg(home)
        keys = sorted({key for claim in claims for key in claim.keys})
        gpg.import_keys("\n".join(keys), extra_args=["--import-options", "import-minimal"])
        paths = [str(home / f"{number}.asc") for number in range(len(claims))]
        for path, claim in zip(paths, claims, strict=True):
            Path(path).write_text(claim.message, encoding="utf-8")
        signers = _signers_by_file(gpg, paths)
        return [frozenset(signers.get(path, ())) for path in paths]


def _signers_by_file(gpg: "BoundedGpg", paths: list[str]) -> dict[str, set[str]]:
    """GnuPG leaves off at the first bad signature: it is called again for the files behind it."""
    signers: dict[str, set[str]] = {}
    while paths:
        names = BytesIO("".join(f"{path}\n" for path in paths).encode())
        answer = gpg.verify_file(names, extra_args=["--multifile"])
        signers.update(answer.signers)
        paths = paths[max(answer.file_count, 1) :]
    return signers


def _gpg(home: Path) -> "BoundedGpg":
    try:
        return BoundedGpg(gnupghome=str(home), options=list(OPTIONS))
    except (OSError, ValueError) as error:
        raise MissingProgram(
            "GnuPG (`gpg`) does not run, and without it no signature can be checked: install the "
            "package `gnupg`, version 2.2 or newer"
        ) from error


class SignersByFile(gnupg.Verify):  # type: ignore[misc]  # python-gnupg has no types
    """Reads GnuPG's status lines for many files: which key validly signed which file."""

    def __init__(self, gpg: gnupg.GPG) -> None:
        super().__init__(gpg)
        self.signers: dict[str, set[str]] = {}
        self.file_count = 0
        self._file = ""
        self._counts = False

    def handle_status(self, key: str, value: str) -> None:
        """Take in one status line (GnuPG, doc/DETAILS)."""
        if key == "FILE_START":
            self.file_count += 1
            self._file = value.split(" ", 1)[1]
        elif key == "NEWSIG":
            self._counts = False
        elif key in COUNTING:
            self._counts = True
        elif key == "VALIDSIG" and self._counts:
            self.signers.setdefault(self._file, set()).add(value.split()[-1])


class BoundedGpg(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """GnuPG whose processes are ended after `TIME_LIMIT_S`."""

    result_map: Mapping[str, Any] = {**gnupg.GPG.result_map, "verify": SignersByFile}

    def _open_subprocess(self, args: list[str], passphrase: bool = False) -> Popen[bytes]:
        process: Popen[bytes] = super()._open_subprocess(args, passphrase)
        timer = Timer(TIME_LIMIT_S, process.kill)
        timer.daemon = True
        timer.start()
        return process
