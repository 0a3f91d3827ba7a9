"""GnuPG in homes that are thrown away, within limits of processor time, memory and patience.

It reads keys and messages from strangers: no agent, no network, no configuration of whoever runs
it. The limits are set by a shell before it becomes GnuPG, so that no moment passes without them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from signal import SIGXCPU
from subprocess import Popen
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any, TypeVar

import gnupg

from evidence.errors import MissingProgram

MEMORY_KB = 512 * 1024
FILE_BLOCKS = 128 * 1024
"""Of 512 bytes: a home that grows beyond 64 MB was not meant to hold 100 keys."""
LAUNCH = 'ulimit -c 0; ulimit -f "$1"; ulimit -v "$2"; ulimit -St "$3"; shift 3; exec "$@"'
PATIENCE = 20
PATIENCE_S = 30
"""Seconds of the clock, `PATIENCE` for each of the processor: others may need the machine too."""

OPTIONS = (
    "--no-options",
    "--no-autostart",
    "--disable-dirmngr",
    "--no-auto-key-retrieve",
    "--no-auto-key-locate",
    "--no-auto-check-trustdb",
    "--ignore-time-conflict",
    "--ignore-valid-from",
)
UNSTOPPED = ("--no-batch", "--trust-model", "always")
"""With `--batch` GnuPG leaves at the first bad signature; whom to trust is not asked here."""
COUNTING = ("GOODSIG", "EXPSIG", "EXPKEYSIG")
OUT_OF_MEMORY = ("out of memory", "out of core", "Cannot allocate memory")

Answer = TypeVar("Answer")


class Died(Exception):
    """GnuPG was ended or gave up; the message says why.

    `always`: it will be so again, wherever and whenever it is asked.
    """

    def __init__(self, why: str, *, always: bool) -> None:
        super().__init__(why)
        self.always = always


@contextmanager
def gnupg_home(keys: bytes, cpu_s: int) -> Iterator["BoundedGpg"]:
    """GnuPG that holds these keys, each of its processes ended after `cpu_s` seconds of work.

    It takes in what it can of the keys: user ids and subkeys that their key did not sign validly
    are gone.

    Raises:
        MissingProgram: GnuPG is not installed or does not run.
        Died: it ran out of time or memory over the keys.
    """
    with TemporaryDirectory(prefix="samehand-gpg-") as folder:
        gpg = _started(Path(folder), cpu_s)
        path = Path(folder) / "keys.pgp"
        path.write_bytes(keys)
        gpg.take_in(path)
        yield gpg


def _started(home: Path, cpu_s: int) -> "BoundedGpg":
    try:
        return BoundedGpg(home, cpu_s)
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
    """GnuPG within limits; every question raises `Died` where they ended it."""

    result_map: Mapping[str, Any] = {**gnupg.GPG.result_map, "verify": SignersByFile}

    def __init__(self, home: Path, cpu_s: int) -> None:
        self.home = home
        self._cpu_s = cpu_s
        super().__init__(gnupghome=str(home), options=list(OPTIONS))

    def take_in(self, path: Path) -> None:
        """Import the keys in a file."""
        arguments = ["--import-options", "no-repair-keys", str(path)]
        _living(self.import_keys(b"", extra_args=arguments))

    def signers_by_file(self, paths: Sequence[str]) -> dict[str, set[str]]:
        """Fingerprints of the primary keys that validly signed each file that anybody signed.

        Where GnuPG leaves off at a file, it is called again for those behind it.
        """
        signers: dict[str, set[str]] = {}
        while paths:
            arguments = [*UNSTOPPED, "--multifile", *paths]
            answer = _living(self.verify_file(BytesIO(), extra_args=arguments))
            signers.update(answer.signers)
            paths = paths[max(answer.file_count, 1) :]
        return signers

    def checked_rows(self) -> list[list[str]]:
        """The rows of `--check-sigs` (GnuPG, doc/DETAILS) for all keys."""
        result = self.result_map["list"](self)
        process = self._open_subprocess(["--check-sigs", "--with-subkey-fingerprint"])
        self._collect_output(process, result, stdin=process.stdin)
        text = _living(result).data.decode("latin-1")
        return [line.split(":") for line in text.splitlines()]

    def make_args(self, args: list[str], passphrase: bool) -> list[str]:
        """The command, within a shell that sets the limits first."""
        limits = [str(FILE_BLOCKS), str(MEMORY_KB), str(self._cpu_s)]
        command: list[str] = super().make_args(args, passphrase)
        return ["/bin/sh", "-c", LAUNCH, "samehand-gpg", *limits, *command]

    def _collect_output(self, process: Popen[bytes], *given: Any, **named: Any) -> int:
        timer = Timer(PATIENCE_S + PATIENCE * self._cpu_s, process.kill)
        timer.start()
        try:
            return int(super()._collect_output(process, *given, **named))
        finally:
            timer.cancel()


def _living(result: Answer) -> Answer:
    """The answer of a process that ended by itself.

    Raises:
        Died: it did not.
    """
    code, said = getattr(result, "returncode", 0) or 0, getattr(result, "stderr", "")
    if code == -SIGXCPU:
        raise Died("it takes more time than a signature may", always=True)
    if any(words in said for words in OUT_OF_MEMORY):
        raise Died("it takes more memory than a signature may", always=True)
    if code < 0:
        raise Died(f"GnuPG was ended by signal {-code}", always=False)
    return result
