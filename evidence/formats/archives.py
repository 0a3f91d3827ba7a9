"""ZIP and tar archives as containers: read in place, and what is dangerous in them is named.

A bomb is known by what it claims: an archive may hold 200 times its own size, and a small one
64 MiB. Members that overlap (one piece of the file claimed many times) fall under the same rule. A
compressed tar is unpacked once into a file without a name in the folder for temporary files, and
the rule holds while that goes on.
"""

import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

from evidence.errors import RefusedInput
from evidence.formats.containers import Container, Member
from evidence.formats.plain import BLOCK_BYTES, READ_BYTES, TornStream, plain_stream, replayed

RATIO_LIMIT = 200
SMALL_BYTES = 64 << 20
MEMBER_LIMIT = 1_000_000
OFFICE_MARK = "[Content_Types].xml"
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
OTHERS = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"MSCF": "CAB"}
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, tarfile.TarError)
UNKNOWN_WAYS = (NotImplementedError, RuntimeError)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so (gunzipped) is an archive, of whatever format."""
    return head.startswith((*ZIP_MAGICS, *OTHERS)) or _is_tar(head)


def open_archive(stream: BinaryIO, head: bytes, name: str) -> Container:
    """The archive in a file that begins so (gunzipped); it closes the file.

    Raises:
        RefusedInput: it is damaged, a bomb, or of a format that is not read.
    """
    with ExitStack() as held:
        held.enter_context(stream)
        other = next((known for magic, known in OTHERS.items() if head.startswith(magic)), None)
        if other is not None:
            raise RefusedInput(f"{name}: a {other} archive; deliver it unpacked, or as ZIP or tar")
        archive = Tar(stream, name) if _is_tar(head) else Zip(stream, name)
        held.pop_all()
    return archive


def _is_tar(head: bytes) -> bool:
    return head[TAR_MAGIC_AT:].startswith(TAR_MAGIC)


class _Archive:
    """What ZIP and tar have in common: members by name, each with its fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._members: dict[str, str | None] = {}
        self._again: list[Member] = []

    def _add(self, name: str, fault: str | None) -> None:
        if len(self._members) >= MEMBER_LIMIT:
            raise RefusedInput(f"{self.name}: more than {MEMBER_LIMIT:,} files in an archive")
        if name in self._members:
            self._again.append(Member(name, "a name that stands twice in the archive"))
        else:
            self._members[name] = _name_fault(name) or fault

    def members(self) -> Iterator[Member]:
        """Every file by name, with its fault; see `containers.Container`."""
        named = [Member(name, fault) for name, fault in self._members.items()]
        yield from sorted([*named, *self._again], key=lambda member: member.name)

    def _refuse_faulty(self, name: str) -> None:
        if name not in self._members:
            raise RefusedInput(f"{name}: the file is missing")
        if (fault := self._members[name]) is not None:
            raise RefusedInput(f"{name}: {fault}")


class Zip(_Archive):
    """A ZIP archive."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        size_bytes = stream.seek(0, os.SEEK_END)
        try:
            self._zip = zipfile.ZipFile(stream)
        except (*DAMAGE, *UNKNOWN_WAYS, ValueError):
            raise RefusedInput(f"{name}: a ZIP archive that is damaged or cut off") from None
        infos = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        if any(info.filename == OFFICE_MARK for info in infos):
            raise RefusedInput(f"{name}: an office document; save its tables as CSV")
        _refuse_bomb(name, sum(info.file_size for info in infos), size_bytes)
        self._infos = {info.filename: info for info in reversed(infos)}
        for info in infos:
            self._add(info.filename, _zip_fault(info))

    def open(self, name: str) -> BinaryIO:
        """Open a member; see `containers.Container`."""
        self._refuse_faulty(name)
        return replayed(lambda: _blocks(lambda: self._zip.open(self._infos[name])))

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()
        self._stream.close()


def _zip_fault(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 1:
        return "encrypted; deliver it unpacked"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "a link or device inside an archive"
    return None


class Tar(_Archive):
    """A tar archive, plain or compressed."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        self._infos: dict[str, tarfile.TarInfo] = {}
        plain = plain_stream(stream)
        torn = None
        if plain is not stream:
            self._stream, torn = _unpacked(plain, stream, name)
        try:
            self._tar = tarfile.TarFile(fileobj=self._stream)
            for info in self._tar:
                self._take(info)
        except DAMAGE:
            torn = torn or "it is damaged"
        if torn is not None:
            self._again.append(Member("what follows", f"the archive breaks off: {torn}"))

    def _take(self, info: tarfile.TarInfo) -> None:
        if info.isdir():
            return
        name = info.name.removeprefix("./")
        self._infos.setdefault(name, info)
        self._add(name, _tar_fault(info))

    def open(self, name: str) -> BinaryIO:
        """Open a member; see `containers.Container`."""
        self._refuse_faulty(name)
        info = self._infos[name]
        return replayed(lambda: _blocks(lambda: cast(IO[bytes], self._tar.extractfile(info))))

    def close(self) -> None:
        """Close the archive."""
        self._stream.close()


def _tar_fault(info: tarfile.TarInfo) -> str | None:
    if info.issparse():
        return "a file with holes; deliver it unpacked"
    return None if info.isreg() else "a link or device inside an archive"


def _unpacked(plain: BinaryIO, packed: BinaryIO, name: str) -> tuple[BinaryIO, str | None]:
    """The content in a temporary file, and where it breaks off."""
    torn, size_bytes = None, 0
    with ExitStack() as held:
        into = held.enter_context(TemporaryFile())
        try:
            while block := plain.read(BLOCK_BYTES):
                size_bytes += into.write(block)
                _refuse_bomb(name, size_bytes, packed.tell())
        except TornStream as error:
            torn = str(error)
        held.pop_all()
    into.seek(0)
    packed.close()
    return cast(BinaryIO, into), torn


def _refuse_bomb(name: str, unpacked_bytes: int, packed_bytes: int) -> None:
    if unpacked_bytes > max(SMALL_BYTES, RATIO_LIMIT * packed_bytes):
        raise RefusedInput(f"{name}: a bomb: it unpacks to more than {RATIO_LIMIT} times its size")


def _name_fault(name: str) -> str | None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ":" in parts[0] or ".." in parts:
        return "a name that leads out of the archive"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "a name that is not UTF-8"
    return None


def _blocks(opened: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    """The content of a member; a break is named."""
    try:
        with opened() as stream:
            while block := stream.read(READ_BYTES):
                yield block
    except UNKNOWN_WAYS:
        raise TornStream("packed in a way that cannot be read; deliver it unpacked") from None
    except (*DAMAGE, ValueError):
        raise TornStream("the archive is damaged here") from None
