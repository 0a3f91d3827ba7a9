"""Photo bytes by their SHA-256.

Invariant: the file `blobs/ab/abcd…` holds the bytes whose SHA-256 its name is.
"""

import re
from hashlib import sha256
from pathlib import Path

from evidence.durable import write_bytes

SHA256_HEX = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """The photo bytes of a workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, content: bytes) -> str:
        """Keep bytes; returns their SHA-256 (hex). Bytes already there are not written again."""
        blob = sha256(content).hexdigest()
        path = self._path(blob)
        if not path.exists():
            write_bytes(content, path)
        return blob

    def read(self, blob: str) -> bytes:
        """The bytes whose SHA-256 is `blob`; raises KeyError where they are not stored."""
        try:
            return self._path(blob).read_bytes()
        except FileNotFoundError:
            raise KeyError(blob) from None

    def state(self) -> list[str]:
        """What is another as soon as any photo came or went: folders, and when they changed."""
        return sorted(
            f"{found.name} {found.stat().st_mtime_ns}" for found in self._folder.glob("*")
        )

    def _path(self, blob: str) -> Path:
        if not SHA256_HEX.fullmatch(blob):
            raise KeyError(blob)
        return self._folder / blob[:2] / blob
