"""Every entry that takes bytes or text from adversaries: what runs it, and what it starts from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Entry:
    """One thing to soak.

    Attributes:
        where: `module:function` of what takes the bytes.
        instrumented: packages whose branches steer the search; nothing that numba compiles.
        seeds: `module:function` that gives inputs to start from, and its arguments.
    """

    where: str
    instrumented: Sequence[str]
    seeds: tuple[str, ...]

    def run(self) -> Callable[[bytes], None]:
        """What takes the bytes; imports its modules."""
        return _named(self.where)

    def inputs(self) -> list[bytes]:
        """What to start from."""
        where, *arguments = self.seeds
        return list(_named(where)(*arguments))


def _named(where: str) -> Callable[..., object]:
    module, name = where.split(":")
    return getattr(import_module(module), name)


FILES, TEXTS = "tests.soak.files", "tests.soak.texts"
PIECES = (f"{TEXTS}:pieces",)


def _file(name: str, *forms: str) -> Entry:
    return Entry(f"{FILES}:fuzz_{name}", ("evidence.formats",), (f"{FILES}:seeds", *forms))


ENTRIES = {
    "packets": Entry(
        "tests.soak.packets:fuzz_packets", ("features.keys",), ("tests.soak.packets:seeds",)
    ),
    "pictures": Entry(
        "tests.soak.pictures:fuzz_picture",
        ("features.photos", "PIL"),
        ("tests.soak.pictures:seeds",),
    ),
    "spans": Entry(f"{TEXTS}:fuzz_spans", ("evidence.spans",), PIECES),
    "handles": Entry(f"{TEXTS}:fuzz_handles", ("features.handles.folding",), PIECES),
    "style": Entry(f"{TEXTS}:fuzz_style", (), PIECES),
    "csv": _file("csv", "csv", "tsv", "json lines"),
    "json": _file("json", "json array", "json lines", "stix", "misp"),
    "mail": _file("mail", "mbox"),
    "tags": _file("tags", "tagpack"),
    "sql": _file("sql", "mysql dump", "postgres copy", "postgres inserts", "sqlite"),
    "pages": _file("page", "saved page"),
    "archives": _file("archive", "zip", "tar"),
}
