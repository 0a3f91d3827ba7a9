"""MISP events and collections (JSON): accounts, posts and keys of objects, tags of the rest.

A file is read twice, attribute by attribute and object by object: what its events are called and
which account or value a uuid is, then what each piece says.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.json_walk import Path as JsonPath
from evidence.formats.json_walk import Piece, walk
from evidence.formats.misp_objects import (
    ABOUT,
    BODIES,
    DATES,
    IDS,
    OF_THE_ACCOUNT,
    SENT,
    TITLES,
    Attribute,
    Thing,
    account_of,
    attribute,
    attributes,
    author_of,
    first,
    shown_values,
    text,
)
from evidence.formats.parts import Part
from evidence.formats.told_rows import Row, TellsNothing, Unread, rows_of_one, told_parts
from evidence.formats.told_things import Account, Said, Value, owner, shown

START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*+(?:\[\s*+)?\{\s*+(?:"response"\s*:\s*[\[{]\s*(?:\{\s*)?)?'
    rb'"(?:Event|Attribute|Object)"\s*:\s*[\[{]'
)
THINGS = ("Attribute", "Object")
ON_THE_WAY = (*THINGS, "response", "Event")
REMARKS = ("EventReport", "ShadowAttribute")
"""Analysts' reports and proposals."""
EVENT_LIMIT, UUID_LIMIT = 200_000, 2_000_000
OTHERS = (
    "other attributes and objects",
    "they say nothing about accounts, wallets, contacts or keys",
)


@dataclass
class Event:
    """An event: what its attributes have in common."""

    uuid: str = ""
    info: str = ""
    org: str = ""
    tags: tuple[str, ...] = ()


@dataclass
class Known:
    """What a file's first reading found: its events by path, and what uuids mean."""

    events: dict[JsonPath, Event] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    referred: list[tuple[str, str]] = field(default_factory=list)
    owners: dict[str, list[Account]] = field(default_factory=dict)

    def find_owners(self) -> None:
        """Give each value the accounts that refer to it, or that it refers to."""
        for one, other in [*self.referred, *((b, a) for a, b in self.referred)]:
            if one in self.accounts and other in self.values:
                self.owners.setdefault(other, []).append(self.accounts[one])


def looks_like(head: bytes, path: Path) -> bool:
    """JSON that begins with an event, or the answer of a MISP server."""
    return START.match(head) is not None


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """What events say: accounts, posts, keys and tags, and what is left."""
    known = _known(stream)
    stream.seek(0)
    yield from told_parts(_rows(stream, known), "row", "MISP events")


def _pieces(stream: BinaryIO) -> Iterator[Piece]:
    def is_on_the_way(path: JsonPath) -> bool:
        names = [name for name in path if not name.isdigit()]
        return all(name in ("response", "Event") for name in names) and len(names) < len(ON_THE_WAY)

    def is_things(path: JsonPath) -> bool:
        return path[-1] in THINGS and is_on_the_way(path[:-1])

    return walk(stream, is_on_the_way, is_things)


def _name(piece: Piece) -> str:
    """The last name on the way to a piece: of the array that it stands in, or its own."""
    return next((name for name in reversed(piece.path) if not name.isdigit()), "")


def _event_path(piece: Piece) -> JsonPath:
    """The path of the event, or of what stands in its place, that a piece belongs to."""
    end = len(piece.path) - (2 if piece.path[-1].isdigit() and len(piece.path) > 1 else 1)
    return piece.path[:end]


def _known(stream: BinaryIO) -> Known:
    known = Known()
    for piece in _pieces(stream):
        value = _loaded(piece)
        if _name(piece) not in THINGS:
            _read_header(known.events.setdefault(_event_path(piece), Event()), _name(piece), value)
        elif isinstance(value, dict):
            _remember(known, value)
        if len(known.events) > EVENT_LIMIT or len(known.referred) > UUID_LIMIT:
            raise RefusedInput(f"more than {EVENT_LIMIT} events, or {UUID_LIMIT} references")
    known.find_owners()
    return known


def _loaded(piece: Piece) -> object:
    """The value of a piece; None where it cannot be read, or holds half a character."""
    try:
        value = None if piece.reason is not None else json.loads(piece.raw)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _read_header(event: Event, name: str, value: object) -> None:
    if name in ("uuid", "info"):
        setattr(event, name, text(value))
    elif name in ("Orgc", "Org") and isinstance(value, dict) and not (event.org and name == "Org"):
        event.org = text(value.get("name"))
    elif name == "Tag":
        event.tags = _tag_names(value)


def _tag_names(value: object) -> tuple[str, ...]:
    tags = value if isinstance(value, list) else []
    return tuple(name for tag in tags if isinstance(tag, dict) and (name := text(tag.get("name"))))


def _remember(known: Known, thing: Thing) -> None:
    uuid, found = text(thing.get("uuid")), attributes(thing)
    account = account_of(thing, found)
    if account is not None:
        known.accounts[uuid] = account
    values = tuple(shown_values(found or _alone(thing), text(thing.get("name"))))
    if account is None and values:
        known.values[uuid] = values
    references = thing.get("ObjectReference")
    for one in references if isinstance(references, list) else ():
        if isinstance(one, dict) and uuid and text(one.get("referenced_uuid")):
            known.referred.append((uuid, text(one.get("referenced_uuid"))))


def _alone(thing: Thing) -> list[Attribute]:
    """An attribute that stands in no object."""
    one = attribute(thing)
    return [one] if one is not None else []


def _rows(stream: BinaryIO, known: Known) -> Iterator[Row]:
    for piece in _pieces(stream):
        place = _place(piece)
        if piece.reason is not None:
            yield Unread(piece.reason, piece.raw, place)
        elif _name(piece) not in THINGS:
            yield from _beside(piece, place)
        else:
            yield from _of_thing(piece, place, known)


def _beside(piece: Piece, place: str) -> Iterator[Row]:
    """What stands beside attributes and objects, where it is more than the event's name."""
    if _name(piece) in ("", "response", "Event"):
        yield Unread("not an event of MISP", piece.raw, place)
    elif _name(piece) in REMARKS and _loaded(piece):
        yield TellsNothing("remarks", "they are words on the event", piece.raw, place)


def _place(piece: Piece) -> str:
    """`event 2, attribute 5, line 812`."""
    numbers = [name for name in _event_path(piece)[1:] if name.isdigit()] or [piece.path[0]]
    number = f" {piece.path[-1]}" if piece.path[-1].isdigit() else ""
    return f"event {numbers[0]}, {(_name(piece) or 'value').lower()}{number}, line {piece.line}"


def _of_thing(piece: Piece, place: str, known: Known) -> Iterator[Row]:
    thing = _loaded(piece)
    if not isinstance(thing, dict) or not ("value" in thing or "Attribute" in thing):
        yield Unread("neither an attribute nor an object of MISP", piece.raw, place)
        return
    event = known.events.get(_event_path(piece), Event())
    is_deleted = thing.get("deleted") is True
    said = iter(()) if is_deleted else _said(thing, event, known)
    told = [*rows_of_one(said, piece.raw, place)]
    yield from told
    if not told:
        yield TellsNothing(*OTHERS, piece.raw, place)


def _said(thing: Thing, event: Event, known: Known) -> Iterator[Said]:
    found = attributes(thing)
    account, author = account_of(thing, found), author_of(thing, found)
    uuid = text(thing.get("uuid"))
    if author is not None:
        yield "posts", _post(thing, found, author)
    elif account is not None:
        yield "accounts", _profile(found, account)
        rest = [one for one in found if one.relation not in OF_THE_ACCOUNT]
        yield from (shown(account, value) for value in shown_values(rest, ""))
    elif uuid in known.owners:
        for holder in dict.fromkeys(known.owners[uuid]):
            yield from (shown(holder, value) for value in known.values[uuid])
    else:
        template = text(thing.get("name"))
        for value in shown_values(found or _alone(thing), template):
            yield "tags", _tag(thing, value, event, template)


def _post(thing: Thing, found: Sequence[Attribute], author: Account) -> dict[str, str]:
    return {
        **owner(author),
        "record_id": text(thing.get("uuid")),
        "title": first(found, TITLES),
        "body": first(found, BODIES),
        "stated_at": first(found, SENT),
    }


def _profile(found: Sequence[Attribute], account: Account) -> dict[str, str]:
    name = first(found, ("display-name",))
    lines = [] if name in ("", account.handle) else [f"shown as: {name}"]
    lines += [one.value for one in found if one.relation in ABOUT]
    return {
        **owner(account),
        "record_id": first(found, IDS),
        "profile": "\n".join(lines),
        "stated_at": first(found, DATES),
    }


def _tag(thing: Thing, value: Value, event: Event, template: str) -> dict[str, str]:
    marks = (text(thing.get("category")), template, *_tag_names(thing.get("Tag")), *event.tags)
    return {
        "kind": value.kind,
        "value": value.text,
        "label": text(thing.get("comment")) or event.info,
        "category": "; ".join(dict.fromkeys(mark for mark in marks if mark)),
        "said_by": event.org,
        "cites": f"MISP event {event.uuid}: {event.info}" if event.uuid else event.info,
        "stated_at": text(thing.get("first_seen")) or text(thing.get("timestamp")),
    }
