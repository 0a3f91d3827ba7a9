"""What was handed over: files, folders and archives of them, and what each of them is read as."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from evidence.errors import RefusedInput
from evidence.formats.archives import is_archive, open_archive
from evidence.formats.containers import Container, Folder, Member
from evidence.formats.pages import ENDINGS as PAGE_ENDINGS
from evidence.formats.pages import looks_like as is_page
from evidence.formats.plain import BLOCK_BYTES, TornStream, head_of
from evidence.formats.readers import is_known
from evidence.intake.pictures import PHOTO_ENDINGS

TEXT_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
PACKED_ENDINGS = (".gz", ".bz2", ".xz")
TABLE_ENDINGS = (*TEXT_ENDINGS, *(t + p for t in TEXT_ENDINGS for p in PACKED_ENDINGS), ".parquet")


@dataclass(frozen=True)
class Delivered:
    """One file, or the photos or pages of one folder or archive.

    `name` is what people know it by; `market` is the name of its folder where it came as part of
    one (of photos: of the folder itself), else None. `what` is file, photos or pages; `members` are
    the one file, or all photos or pages.
    """

    container: Container
    name: str
    market: str | None
    what: str
    members: Sequence[Member]


@dataclass
class Deliveries:
    """What is to be read, what is refused with the reason, and files left aside."""

    files: list[Delivered] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)

    def close(self) -> None:
        """Let go of every folder and archive."""
        for container in self.containers:
            container.close()


def find_deliveries(paths: Sequence[Path], photo_folders: bool) -> Deliveries:
    """The files at and below `paths`, in the order of their names; links and pipes are refused.

    Args:
        paths: files, folders and archives.
        photo_folders: a folder or archive is one delivery of photos.
    """
    finder = _Finder(photo_folders)
    for path in paths:
        finder.find(path)
    return finder.found


class _Finder:
    def __init__(self, photo_folders: bool) -> None:
        self.found = Deliveries()
        self._photo_folders = photo_folders

    def find(self, path: Path) -> None:
        if path.is_dir():
            self._take(Folder(path.resolve()))
            return
        folder = Folder(path.parent.resolve())
        if not self._opened(folder, path.name, path.name):
            file = Delivered(folder, path.name, None, "file", (Member(path.name),))
            self.found.files.append(file)

    def _opened(self, folder: Container, name: str, shown: str) -> bool:
        """Whether a file is an archive; then it is taken, or refused."""
        head = _head(folder, name)
        if not is_archive(head):
            return False
        try:
            self._take(open_archive(folder.open(name), head, shown))
        except RefusedInput as error:
            self.found.refused.append((shown, str(error)))
        return True

    def _take(self, container: Container) -> None:
        self.found.containers.append(container)
        if self._photo_folders:
            market = PurePosixPath(container.name).stem
            photos = tuple(container.members())
            self.found.files.append(Delivered(container, container.name, market, "photos", photos))
            return
        pages: list[Member] = []
        place = len(self.found.files)
        for member in container.members():
            self._sort(container, member, pages)
        if pages:
            delivered = Delivered(container, container.name, None, "pages", pages)
            self.found.files.insert(place, delivered)

    def _sort(self, container: Container, member: Member, pages: list[Member]) -> None:
        shown = f"{container.name}/{member.shown}"
        if member.fault is not None:
            self.found.refused.append((shown, member.fault))
            return
        path = PurePosixPath(member.name)
        ending = path.name.lower()
        head = b"" if ending.endswith(PHOTO_ENDINGS) else _head(container, member.name)
        if is_page(head, Path(member.name)) or (ending.endswith(PAGE_ENDINGS) and not head.strip()):
            pages.append(member)
        elif is_archive(head):
            self._nested(container, member, shown)
        elif ending.endswith(TABLE_ENDINGS) or is_known(head, Path(member.name)):
            market = path.parent.name or PurePosixPath(container.name).stem
            self.found.files.append(Delivered(container, shown, market, "file", (member,)))
        elif not ending.endswith(PHOTO_ENDINGS):
            self.found.left_aside.append(shown)

    def _nested(self, container: Container, member: Member, shown: str) -> None:
        if isinstance(container, Folder):
            self._opened(container, member.name, shown)
        else:
            reason = "an archive inside an archive; deliver it by itself"
            self.found.refused.append((shown, reason))


def _head(container: Container, name: str) -> bytes:
    """How a file begins; nothing where it cannot be opened, which whoever reads it will say."""
    with suppress(RefusedInput), container.open(name) as stream:
        return head_of(stream)
    return b""


def photos_of(delivered: Delivered) -> list[Member]:
    """The photos of a delivery by name, those that must not be opened among them.

    Raises:
        RefusedInput: there are none.
    """
    photos = [
        member
        for member in delivered.members
        if member.fault is not None or member.name.lower().endswith(PHOTO_ENDINGS)
    ]
    if all(member.fault is not None for member in photos):
        endings = ", ".join(PHOTO_ENDINGS)
        raise RefusedInput(f"{delivered.name}: no photos in the folder ({endings})")
    return photos


def file_id(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) of a file's bytes, and their count; raises RefusedInput."""
    return member_id(Folder(path.parent.resolve()), path.name)


def member_id(container: Container, name: str) -> tuple[str, int]:
    """The same of a file in a folder or archive; where it breaks off, of what stands before."""
    digest, size_bytes = sha256(), 0
    with container.open(name) as stream, suppress(TornStream):
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            size_bytes += len(block)
    return digest.hexdigest(), size_bytes


def folder_id(container: Container, names: Sequence[str]) -> tuple[str, int]:
    """SHA-256 (hex) over the sorted relative paths and file digests, and the bytes in all."""
    digest, size_bytes = sha256(), 0
    for name in sorted(names, key=PurePosixPath):
        content, count = member_id(container, name)
        digest.update(f"{name}\0{content}\n".encode())
        size_bytes += count
    return digest.hexdigest(), size_bytes
