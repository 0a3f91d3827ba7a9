"""What was handed over: files and folders of them, each file with the market it may stand for."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from evidence.errors import RefusedInput
from evidence.lines import open_regular
from evidence.pictures import PHOTO_ENDINGS

DEPTH_LIMIT = 32
TEXT_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
TABLE_ENDINGS = (*TEXT_ENDINGS, *(f"{ending}.gz" for ending in TEXT_ENDINGS), ".parquet")


@dataclass(frozen=True)
class Delivered:
    """One file (or, for photos, one folder), its name as people know it, and its surroundings.

    `root` is the folder that nothing the file names may leave; `market` is the name of its folder
    where it came as part of a folder (of photos: of the folder itself), else None.
    """

    path: Path
    name: str
    root: Path
    market: str | None


@dataclass
class Deliveries:
    """Files to read, files that are refused with the reason, and files left aside."""

    files: list[Delivered] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)


def find_deliveries(paths: Sequence[Path], photo_folders: bool) -> Deliveries:
    """The files below `paths`, in the order of their names; links and pipes are refused.

    Args:
        paths: files and folders.
        photo_folders: a folder is one delivery of photos, not a folder of files.
    """
    found = Deliveries()
    for path in paths:
        if path.is_dir() and photo_folders:
            root = path.resolve()
            found.files.append(Delivered(root, root.name, root, root.name))
        elif path.is_dir():
            _add_folder(found, path.resolve())
        else:
            place = path.parent.resolve()
            found.files.append(Delivered(place / path.name, path.name, place, None))
    return found


def _add_folder(found: Deliveries, root: Path) -> None:
    for path, fault in walk(root):
        name = _shown(path.relative_to(root.parent))
        if fault is not None:
            found.refused.append((name, fault))
        elif path.name.lower().endswith(TABLE_ENDINGS):
            found.files.append(Delivered(path, name, root, path.parent.name))
        elif not path.name.lower().endswith(PHOTO_ENDINGS):
            found.left_aside.append(name)


def walk(folder: Path, depth: int = 0) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder by name, and why it must not be opened, or None."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield folder, f"a folder that cannot be read ({error.strerror})"
        return
    for path in (folder / name for name in names):
        if path.is_symlink() or not path.is_dir():
            yield path, _fault(path)
        elif depth == DEPTH_LIMIT:
            yield path, f"more than {DEPTH_LIMIT} folders deep"
        else:
            yield from walk(path, depth + 1)


def _fault(path: Path) -> str | None:
    if path.is_symlink():
        return "a symbolic link; deliver the file itself"
    if not stat.S_ISREG(path.lstat().st_mode):
        return "not a regular file (a pipe, socket or device)"
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "a name that is not UTF-8"
    return None


def _shown(path: Path) -> str:
    return str(path).encode(errors="backslashreplace").decode()


def photos_of(delivered: Delivered) -> list[tuple[Path, str | None]]:
    """The photos of a photo folder by name, and why one must not be opened, or None.

    Raises:
        RefusedInput: there are none.
    """
    photos = [
        (path, fault)
        for path, fault in walk(delivered.path)
        if fault is not None or path.suffix.lower() in PHOTO_ENDINGS
    ]
    if all(fault is not None for _, fault in photos):
        endings = ", ".join(PHOTO_ENDINGS)
        raise RefusedInput(f"{delivered.name}: no photos in the folder ({endings})")
    return photos


def file_id(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) of a file's bytes, and their count; raises RefusedInput."""
    with open_regular(path) as stream:
        digest = file_digest(stream, "sha256").hexdigest()
        return digest, stream.tell()


def folder_id(root: Path, files: Sequence[Path]) -> tuple[str, int]:
    """SHA-256 (hex) over the sorted relative paths and file digests, and the bytes in all."""
    digest, size = sha256(), 0
    for path in sorted(files):
        content, count = file_id(path)
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
        size += count
    return digest.hexdigest(), size
