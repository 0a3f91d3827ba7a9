"""Photos of a delivery: found inside it only, looked at by size and first bytes, kept as they are.

Decoding is not done here: what is inside a picture was made by an adversary.
"""

import re
from dataclasses import dataclass, field

from evidence.blobs import BlobStore
from evidence.errors import RefusedInput
from evidence.formats.containers import Container, inside

PHOTO_LIMIT_BYTES = 32 << 20
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
MAGIC = re.compile(
    rb"(?P<jpeg>\xff\xd8\xff)|(?P<png>\x89PNG\r\n\x1a\n)|(?P<gif>GIF8[79]a)"
    rb"|(?P<webp>RIFF....WEBP)|(?P<avif>....ftypavi[fs])",
    re.DOTALL,
)


@dataclass(frozen=True)
class Photo:
    """One picture: SHA-256 of its bytes (None: not kept), their count, and what is wrong."""

    path: str
    blob: str | None
    size_bytes: int | None
    flaw: str | None


@dataclass(frozen=True)
class PhotoFolder:
    """Where the photos of a file are: paths are seen from `folder`, inside the container."""

    container: Container
    folder: str
    blobs: BlobStore
    _fetched: dict[str, Photo] = field(default_factory=dict)

    def fetch(self, path: str) -> Photo:
        """Keep the bytes of a photo; one that is missing, foreign or torn says so in its flaw."""
        if path not in self._fetched:
            self._fetched[path] = self._fetch(path)
        return self._fetched[path]

    def _fetch(self, path: str) -> Photo:
        try:
            content = _read(self.container, inside(self.folder, path))
        except RefusedInput as error:
            return Photo(path, None, None, f"blob: {error}")
        except OSError:
            return Photo(path, None, None, "blob: not a name that a file can have")
        if len(content) > PHOTO_LIMIT_BYTES:
            return Photo(path, None, None, "blob: more than 32 MB")
        found = MAGIC.match(content)
        if found is None:
            return Photo(path, None, len(content), "blob: not a picture")
        flaw = "blob: the picture is cut off" if _is_cut(content, found.lastgroup) else None
        return Photo(path, self.blobs.add(content), len(content), flaw)


def _read(container: Container, name: str) -> bytes:
    try:
        with container.open(name) as stream:
            return stream.read(PHOTO_LIMIT_BYTES + 1)
    except RefusedInput as error:
        why = str(error).removeprefix(f"{name}: ").partition(";")[0]
        raise RefusedInput(why) from None


def _is_cut(content: bytes, kind: str | None) -> bool:
    if kind == "jpeg":
        return content.find(b"\xff\xd9", content.rfind(b"\xff\xda") + 1) < 0
    if kind == "png":
        return b"IEND" not in content[-65536:]
    if kind == "gif":
        return not content.rstrip(b"\0").endswith(b";")
    if kind == "webp":
        return int.from_bytes(content[4:8], "little") + 8 > len(content)
    return False
