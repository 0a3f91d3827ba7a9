"""Where delivered files lie: in a folder, or inside an archive that is read in place.

Whatever a name says, nothing outside of the folder or archive is opened, no link is followed, and
nothing is unpacked.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, Protocol

from evidence.errors import RefusedInput
from evidence.formats.lines import open_regular

DEPTH_LIMIT = 32


class Member(NamedTuple):
    """A file in a container: its path there, with slashes, and why it must not be opened."""

    name: str
    fault: str | None = None

    @property
    def shown(self) -> str:
        """Its name for people, also where it is not UTF-8."""
        return self.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Container(Protocol):
    """A folder or an archive."""

    @property
    def name(self) -> str:
        """Its name, for people."""

    def members(self) -> Iterator[Member]:
        """Every file, by name."""

    def open(self, name: str) -> BinaryIO:
        """Open a file of it for reading; it can go back to its start.

        Raises:
            RefusedInput: there is none of that name, or it must not be opened; `NAME: why`.
        """

    def close(self) -> None:
        """Let go of it."""


def inside(folder: str, path: str) -> str:
    """The name that a relative path has in a container, seen from one of its folders.

    Raises:
        RefusedInput: it is absolute, an address, or leaves the container.
    """
    relative = PurePosixPath(path.replace("\\", "/"))
    if relative.is_absolute() or not relative.parts or ":" in relative.parts[0]:
        raise RefusedInput("not a path relative to the file")
    parts = list(PurePosixPath(folder).parts)
    for part in relative.parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            raise RefusedInput("the path leaves the delivery")
    return "/".join(parts)


class Folder:
    """A folder on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self._root.name

    def members(self) -> Iterator[Member]:
        """Every file below it by name; links, pipes and what lies too deep with their fault."""
        for path, fault in _walk(self._root, 0):
            yield Member(path.relative_to(self._root).as_posix(), fault)

    def open(self, name: str) -> BinaryIO:
        """Open a regular file; see `Container`."""
        path = self._root
        for part in PurePosixPath(name).parts:
            path = path / part
            if path.is_symlink():
                raise RefusedInput(f"{name}: a symbolic link; deliver the file itself")
        try:
            if not path.exists():
                raise RefusedInput(f"{name}: the file is missing")
            return open_regular(path, name)
        except OSError:
            raise RefusedInput(f"{name}: not a name that a file can have") from None

    def close(self) -> None:
        """Nothing is held."""


def _walk(folder: Path, depth: int) -> Iterator[tuple[Path, str | None]]:
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
            yield from _walk(path, depth + 1)


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
