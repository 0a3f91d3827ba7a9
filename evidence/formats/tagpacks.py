"""GraphSense TagPacks: who says what of a coin address (graphsense-tagpack-tool, TagPack schema).

A TagPack is YAML: fields of a header, which every tag inherits, and the list `tags`. It is read
item by item, so that a broken tag is given up alone; that wants the list in YAML's block style, as
TagPacks are written. The header is gathered first, wherever in the file its fields stand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from evidence.errors import RefusedInput
from evidence.formats.chunks import gather
from evidence.formats.csv_records import Broken, Record
from evidence.formats.lines import Line, read_lines
from evidence.formats.mapping import SourceFormat
from evidence.formats.parts import Part
from evidence.formats.plain_yaml import NotPlain, Values, plain_mapping

FIELD = re.compile(rb"""["']?(?P<name>[A-Za-z_]\w{0,60})["']?[ \t]*:(?=[ \t\r\n]|\Z)""")
ITEM = re.compile(rb"[ ]*-(?=[ \t\r\n])")
TAGS_LINE = re.compile(rb"""^["']?tags["']?[ \t]*:[ \t]*(?:[\#\[][^\n]*)?\r?$""", re.MULTILINE)
HEADER_LINE = re.compile(rb"""^["']?(?:title|creator)["']?[ \t]*:""", re.MULTILINE)
ITEM_LIMIT_BYTES = 1 << 20
ROLES: Mapping[str, tuple[str, ...]] = {
    "value": ("address", "tx_hash"),
    "currency": ("currency", "network"),
    "label": ("label",),
    "category": ("category", "abuse", "concepts"),
    "actor": ("actor",),
    "said_by": ("creator", "title"),
    "confidence": ("confidence",),
    "cites": ("source",),
    "stated_at": ("lastmod",),
}
"""Columns of `tags`, and the fields that fill them: the first, of categories all."""
INHERITED = {field for fields in ROLES.values() for field in fields}
COLUMNS = ("kind", *ROLES)
FORMAT = SourceFormat("tagpack", "tags", {name: (name,) for name in COLUMNS}, {}, "a TagPack")


class Block(NamedTuple):
    """Some lines of a TagPack: an item of its list, or a field of its header."""

    name: str | None
    """Of the field; None: an item."""
    line: int
    content: bytes
    fault: str | None


def looks_like(head: bytes, path: Path) -> bool:
    """Fields of a TagPack's header, and its list."""
    return bool(TAGS_LINE.search(head) and HEADER_LINE.search(head))


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """The tags of a TagPack; positions are lines."""
    header = _header(_blocks(read_lines(stream)))
    stream.seek(0)
    yield Part(None, "line", gather(_records(stream, header, path), list(COLUMNS)), FORMAT)


def _header(blocks: Iterable[Block]) -> Values:
    header: Values = {}
    for block in blocks:
        if block.name is not None and block.name != "tags":
            try:
                said = plain_mapping(_text(block)) if block.name in INHERITED else {}
                header |= {name: header.get(name, values) for name, values in said.items()}
            except NotPlain:
                continue
    return header


def _records(stream: BinaryIO, header: Values, path: Path) -> Iterator[Record | Broken]:
    is_empty = True
    for block in _blocks(read_lines(stream)):
        record = _record(block, header)
        is_empty = is_empty and record is None
        if record is not None:
            yield record
    if is_empty:
        raise RefusedInput(f"{path}: the TagPack has no tags")


def _record(block: Block, header: Values) -> Record | Broken | None:
    """What a block says: a tag, why it cannot be read, or nothing where the header has it."""
    try:
        said = plain_mapping(_text(block))
    except NotPlain as error:
        return Broken(block.line, str(error), block.content)
    if block.name is not None:
        return None
    if not said.keys() & {*ROLES["value"], *ROLES["label"]}:
        return Broken(block.line, "neither an address nor a label: no tag", block.content)
    return Record(block.line, _cells({**header, **said}), block.content)


def _text(block: Block) -> str:
    if block.fault is not None:
        raise NotPlain(block.fault)
    try:
        return block.content.decode()
    except UnicodeDecodeError:
        raise NotPlain("not UTF-8 text") from None


def _cells(said: Values) -> list[str]:
    held = {
        role: [v for name in names for v in said.get(name, ())] for role, names in ROLES.items()
    }
    kind = "wallet" if said.get("address") else "transaction"
    categories = "; ".join(dict.fromkeys(held["category"]))
    firsts = [next(iter(values), "") for values in held.values()]
    cells = dict(zip(ROLES, firsts, strict=True)) | {"category": categories}
    return [kind, *cells.values()]


def _blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The fields and items of a TagPack in their order; what stands before the first is none."""
    waiting = _Waiting(None, [])
    indent = -1
    for line in lines:
        field, item = FIELD.match(line.content), ITEM.match(line.content)
        is_tag = item is not None and waiting.holds_tags and indent in (-1, len(item[0]))
        if field is None and not is_tag:
            waiting.add(line)
            continue
        yield from waiting.block()
        waiting = _Waiting(field["name"].decode() if field else None, [line])
        indent = len(item[0]) if item else indent
    yield from waiting.block()


@dataclass
class _Waiting:
    """The lines of a block that may go on."""

    name: str | None
    lines: list[Line]
    size: int = 0
    fault: str | None = None

    @property
    def holds_tags(self) -> bool:
        return bool(self.lines) and self.name in ("tags", None)

    def add(self, line: Line) -> None:
        if not self.lines:
            return
        self.size += len(line.content)
        self.fault = self.fault or line.fault
        if self.size > ITEM_LIMIT_BYTES:
            self.fault = "more than 1 MiB"
        else:
            self.lines.append(line)

    def block(self) -> Iterator[Block]:
        if self.lines:
            first = self.lines[0]
            content = b"".join(line.content for line in self.lines)
            yield Block(self.name, first.number, content, self.fault or first.fault)
